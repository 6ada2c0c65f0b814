import { setTimeout as sleep } from 'node:timers/promises';
import type { LivePod } from '../live/live-cluster.js';
import { isEvictable, isHealthy, ownerKey, ownerOf } from '../live/pod-facts.js';
import { ActionFailed, type EvictionRecord, type Executor } from './execution.js';

/** Grace and readiness are some fifty times shorter here than deadlines assume: nothing moving for so long never will. */
const patienceMs = 7_000;
const retryMs = 250;

/** Evicts what a drain evicts, and waits until the successors are Ready. */
export async function drainNode(executor: Executor, node: string, deadlineSeconds: number) {
  const pods = [...executor.live.pods.values()].filter((pod) => pod.spec.nodeName === node && isEvictable(pod));
  return evictAll(executor, pods, deadlineSeconds);
}

export async function evictPod(
  executor: Executor,
  node: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  deadlineSeconds: number,
) {
  const pods = [...executor.live.pods.values()].filter(
    ({ metadata, spec }) => spec.nodeName === node && metadata.namespace === namespace && metadata.name === name,
  );
  if (pods.length === 0) throw new ActionFailed(`Pod ${namespace}/${name} is not on ${node}.`);
  return evictAll(executor, pods, deadlineSeconds);
}

/**
 * Asks the Eviction API for every pod, again and again where a budget says no; then waits for the pods to be gone and for
 * their controllers to have as many Ready pods as before. Gives up at the deadline, or when nothing has moved for long.
 */
async function evictAll(
  executor: Executor,
  pods: readonly LivePod[],
  deadlineSeconds: number,
): Promise<readonly EvictionRecord[]> {
  const statuses = new Map(pods.map((pod) => [pod, [] as number[]]));
  const records = () => [...statuses].map(([pod, answers]) => ({ pod: podName(pod), statuses: answers }));
  const accepted = new Set<LivePod>();
  const deadline = performance.now() + deadlineSeconds * 1_000;
  let best = Number.NEGATIVE_INFINITY;
  let moved = performance.now();
  for (;;) {
    for (const pod of pods) {
      if (accepted.has(pod)) continue;
      const status = await evict(executor, pod);
      statuses.get(pod)?.push(status);
      if (status < 300 || status === 404) accepted.add(pod);
      else if (status !== 429 && status !== 500)
        throw new ActionFailed(`Evicting ${podName(pod)}: ${status}`, records());
    }
    const left = missing(executor, pods);
    if (accepted.size === pods.length && left === 0) return records();
    const progress = accepted.size - left;
    if (progress > best) {
      best = progress;
      moved = performance.now();
    }
    if (performance.now() > Math.min(deadline, moved + patienceMs)) {
      const refused = pods.filter((pod) => !accepted.has(pod)).map(podName);
      throw new ActionFailed(
        refused.length > 0
          ? `Never allowed to evict ${refused.join(', ')}.`
          : `Successors are not Ready: ${left} pods are missing.`,
        records(),
      );
    }
    await sleep(retryMs);
  }
}

async function evict({ client }: Executor, { metadata }: LivePod): Promise<number> {
  const { name, namespace, uid } = metadata;
  const { status } = await client.send('POST', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  });
  // The name belongs to the successor already.
  return status === 409 ? 404 : status;
}

/** Pods of the drain that are still there, and successors that are not Ready yet. */
function missing({ live, readyBefore }: Executor, pods: readonly LivePod[]): number {
  const still = pods.filter(({ metadata }) => live.pods.has(metadata.uid)).length;
  let unready = 0;
  for (const owner of new Set(pods.flatMap((pod) => (ownerOf(pod) === undefined ? [] : [ownerKey(pod)])))) {
    const ready = [...live.pods.values()].filter((pod) => ownerKey(pod) === owner && isHealthy(pod)).length;
    unready += Math.max(0, (readyBefore.get(owner) ?? 0) - ready);
  }
  return still + unready;
}

function podName({ metadata }: LivePod): string {
  return `${metadata.namespace}/${metadata.name}`;
}
