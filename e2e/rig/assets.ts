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

/** Whether the programs of a control plane are at hand; the e2e tests skip without, and say so. */
export const hasAssets = (process.env.KUBEBUILDER_ASSETS ?? '') !== '';

/** The path of a program or file in KUBEBUILDER_ASSETS. Throws, with what to do, when it is not there. */
export function asset(name: AssetName): string {
  const folder = process.env.KUBEBUILDER_ASSETS;
  if (!folder) throw new Error('KUBEBUILDER_ASSETS is not set: run the tests by npm run test:e2e.');
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`${path} is missing; node scripts/e2e-assets.mjs builds all that is needed.`);
  return path;
}
