import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, KubernetesObject } from '../../rig/api-client.js';
import type { LiveCluster } from './live-cluster.js';
import { isGated, isHealthy, isTerminal, isTerminating, isUnschedulable, takesPods } from './pod-facts.js';
import { removeOrphans } from './remove-orphans.js';

/** Nothing may change for this long; longer when pods wait, since the scheduler comes back to them after its backoff. */
const quietMs = { settled: 500, waiting: 1_600 };

/**
 * Waits until the cluster is at rest: every pod Ready, gated or found unschedulable, none on its way out, every controller with the
 * pods it wants, and all that for a while; pods left behind on nodes that are gone are ended first. False when it does not come
 * to rest in time, as where a quota refuses pods for ever.
 */
export async function untilAtRest(client: ApiClient, live: LiveCluster, timeoutMs = 20_000): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  while (performance.now() < until) {
    await sleep(100);
    if (await removeOrphans(client, live)) continue;
    const pods = [...live.pods.values()].filter((pod) => !isTerminal(pod));
    const waiting = pods.some(isUnschedulable);
    const quiet = performance.now() - live.lastChange > (waiting ? quietMs.waiting : quietMs.settled);
    if (!quiet || pods.some((pod) => isTerminating(pod) || !(isHealthy(pod) || isUnschedulable(pod) || isGated(pod))))
      continue;
    if (![...live.nodes.values()].every(takesPods)) continue;
    if (await controllersAreDone(client)) return true;
  }
  return false;
}

interface Counts {
  readonly metadata: { readonly generation?: number };
  readonly spec: { readonly replicas?: number; readonly parallelism?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly active?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
  };
}

const controllers: readonly (readonly [path: string, done: (object: Counts) => boolean])[] = [
  ['/apis/apps/v1/deployments', hasReplicas],
  ['/apis/apps/v1/replicasets', hasReplicas],
  ['/api/v1/replicationcontrollers', hasReplicas],
  // An ordered StatefulSet makes no further pod while one waits for a node: the pods that are there are looked at anyway.
  ['/apis/apps/v1/statefulsets', isObserved],
  ['/apis/batch/v1/jobs', ({ spec, status }) => (status?.active ?? 0) >= (spec.parallelism ?? 1)],
  [
    '/apis/apps/v1/daemonsets',
    (set) => isObserved(set) && set.status?.currentNumberScheduled === set.status?.desiredNumberScheduled,
  ],
  ['/apis/policy/v1/poddisruptionbudgets', isObserved],
];

async function controllersAreDone(client: ApiClient): Promise<boolean> {
  for (const [path, done] of controllers) {
    const { items } = await client.get(path);
    if (!(items as readonly KubernetesObject[]).every((object) => done(object as unknown as Counts))) return false;
  }
  return true;
}

function isObserved({ metadata, status }: Counts): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

function hasReplicas(object: Counts): boolean {
  return isObserved(object) && (object.status?.replicas ?? 0) === (object.spec.replicas ?? 1);
}
