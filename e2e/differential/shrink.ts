import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '../rig/api-client.js';
import { clearCluster, readBack, slim } from './cluster.js';
import { type Difference, differencesIn } from './differences.js';
import { isNode, isPod, type Pod, type PodSpec } from './kubernetes.js';
import type { Asked, Laboratory } from './laboratory.js';
import type { PlayedVersion } from './played-version.js';
import { barePod, recreate } from './recreate.js';
import type { Round } from './round.js';

/** A cluster and one pod that we and kube-scheduler disagree about. */
export interface Disagreement {
  readonly cluster: readonly KubernetesObject[];
  readonly asked: Asked;
}

/** Each try makes a cluster, so there are not to be too many, and none that keeps everybody waiting. */
const tries = 80;
const atMostMs = 60_000;

/**
 * Makes the disagreement smaller while it persists: fewer bound pods, fewer nodes, fewer fields of the pod. What is left is
 * what the difference is about.
 */
export async function shrink(laboratory: Laboratory, round: Round, difference: Difference): Promise<Disagreement> {
  const first = round.asked.find(({ pod }) => pod === difference.pod) as Asked;
  let smallest: Disagreement = { cluster: round.cluster, asked: first };
  let left = tries;
  const end = performance.now() + atMostMs;
  for (let changed = true; changed && left > 0; ) {
    changed = false;
    for (const smaller of simplifications(smallest)) {
      if (left-- <= 0 || performance.now() > end) return smallest;
      const found = await disagrees(laboratory, smaller.cluster, smaller.pod, round.version);
      if (found === undefined) continue;
      smallest = found;
      changed = true;
      break;
    }
  }
  return smallest;
}

interface Simpler {
  readonly cluster: readonly KubernetesObject[];
  readonly pod: Pod;
}

/** Halves first, then one by one: most of a cluster has nothing to do with the difference. */
function* simplifications({ cluster, asked: { pod } }: Disagreement): Generator<Simpler> {
  const bound = cluster.filter(isPod);
  for (let size = Math.ceil(bound.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < bound.length; at += size) yield { cluster: except(cluster, bound.slice(at, at + size)), pod };
  for (const node of cluster.filter(isNode)) {
    const gone = bound.filter(({ spec }) => spec.nodeName === node.metadata.name);
    if (cluster.filter(isNode).length > 1) yield { cluster: except(cluster, [node, ...gone]), pod };
  }
  for (const field of [
    'tolerations',
    'nodeSelector',
    'affinity',
    'topologySpreadConstraints',
    'initContainers',
  ] as const) {
    if (pod.spec[field] === undefined) continue;
    const spec: PodSpec = { ...pod.spec };
    delete spec[field];
    yield { cluster, pod: { ...pod, spec } };
  }
}

function except(cluster: readonly KubernetesObject[], gone: readonly KubernetesObject[]): KubernetesObject[] {
  return cluster.filter((object) => !gone.includes(object));
}

/** Asks kube-scheduler and ourselves about the pod in a cluster made anew; undefined when all agree. */
async function disagrees(
  laboratory: Laboratory,
  objects: readonly KubernetesObject[],
  pod: Pod,
  version: PlayedVersion,
): Promise<Disagreement | undefined> {
  const asked = await askIn(laboratory, objects, pod);
  if (asked === undefined) return undefined;
  const differences = await differencesIn({ ...asked, asked: [asked.asked], version });
  return differences.length === 0 ? undefined : asked;
}

/** What kube-scheduler says of the pod in a cluster made anew; undefined when the API server refuses the pod. */
export async function askIn(
  { client, settle, ask }: Laboratory,
  objects: readonly KubernetesObject[],
  pod: Pod,
): Promise<Disagreement | undefined> {
  try {
    await recreate(client, objects);
    await settle(objects.filter(isNode).map(({ metadata }) => metadata.name));
    // Volumes and claims reach the scheduler by ways of their own.
    if (objects.some(({ kind }) => kind === 'PersistentVolumeClaim')) await sleep(500);
    const cluster = (await readBack(client)).map(slim);
    const asked = await ask(barePod(pod));
    return asked === undefined ? undefined : { cluster, asked: { ...asked, pod: slim(asked.pod) } };
  } finally {
    await clearCluster(client);
  }
}
