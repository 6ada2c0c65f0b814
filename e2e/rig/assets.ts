import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type AssetName =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-scheduler'
  | 'kube-controller-manager'
  | 'kubectl'
  | 'kwok'
  | 'kwok-stages.yaml';

/** The folder with the programs of a control plane, as the convention of the field names it; undefined when it is not set. */
export const assetsFolder: string | undefined = process.env['KUBEBUILDER_ASSETS'] || undefined;

/** The path of one program. Throws with the remedy when it is not there. */
export function assetPath(name: AssetName): string {
  const remedy = 'Build them with: export KUBEBUILDER_ASSETS="$(node scripts/e2e-assets.mjs)"';
  if (assetsFolder === undefined) throw new Error(`KUBEBUILDER_ASSETS is not set, so there is no ${name}. ${remedy}`);
  const path = join(assetsFolder, name);
  if (!existsSync(path)) throw new Error(`KUBEBUILDER_ASSETS is ${assetsFolder}, which holds no ${name}. ${remedy}`);
  return path;
}
