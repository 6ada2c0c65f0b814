import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KubernetesObject } from '../rig/api-client.js';
import type { Answer } from './answer.js';
import { isNode, isPod, type Pod } from './kubernetes.js';
import type { PlayedVersion } from './played-version.js';
import { barePod } from './recreate.js';

/** A difference that was found once: Kubernetes objects as the API server returned them, and kube-scheduler's answer. */
export interface Regression {
  /** What we had answered otherwise, in a sentence. */
  readonly about: string;
  readonly version: PlayedVersion;
  readonly cluster: readonly KubernetesObject[];
  readonly pod: Pod;
  readonly answer: Answer;
}

const folder = fileURLToPath(new URL('../regressions', import.meta.url));

export function regressions(): { readonly name: string; readonly regression: Regression }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      regression: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Regression,
    }));
}

/** Saves it under a name; returns the file. */
export function saveRegression(name: string, regression: Regression): string {
  const file = join(folder, `${name}.json`);
  const kept = { ...regression, cluster: regression.cluster.flatMap(slimmed), pod: barePod(regression.pod) };
  writeFileSync(file, `${JSON.stringify(kept, undefined, 2)}\n`);
  return file;
}

/** Of nodes, pods and namespaces only what a filter looks at. */
function slimmed(object: KubernetesObject): KubernetesObject[] {
  if (isPod(object)) {
    const { deletionTimestamp } = object.metadata;
    const bare = barePod(object);
    const metadata = deletionTimestamp === undefined ? bare.metadata : { ...bare.metadata, deletionTimestamp };
    return [{ ...bare, metadata, ...(object.status === undefined ? {} : { status: object.status }) } as Pod];
  }
  if (isNode(object)) {
    const { name, labels } = object.metadata;
    const { allocatable, conditions } = object.status;
    return [
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels },
        spec: object.spec,
        status: { allocatable, conditions },
      },
    ];
  }
  if (object.kind !== 'Namespace') return [object];
  const { name, labels } = object.metadata as { name: string; labels?: Record<string, string> };
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...(labels === undefined ? {} : { labels }) } }];
}
