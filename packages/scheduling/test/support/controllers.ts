/** Where a pod is: on the node and Ready or never Ready, or without one. */
export type Where = 'ready' | 'unready' | 'waits';

export interface Controlled {
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly inOrder: boolean;
  readonly replicas: number;
  /** By ordinal; none where a pod is yet to be made. */
  readonly pods: ReadonlyMap<number, Where>;
  /** How many pods the cluster has room for. */
  readonly slots: number;
}

/**
 * The pods of a workload once it was scaled and nothing changes any more: its controller makes and ends pods one at a time, the scheduler gives
 * them room while there is some. Written from pkg/controller/replicaset/replica_set.go and pkg/controller/statefulset/stateful_set_control.go,
 * and from nothing of ours.
 */
export function scaled(workload: Controlled, to: number): ReadonlyMap<number, Where> {
  const pods = new Map(workload.pods);
  // Before anybody scales it, it comes to rest as it is.
  for (const replicas of [workload.replicas, to]) {
    schedule(pods, workload.slots);
    while (acts(workload, pods, replicas)) schedule(pods, workload.slots);
  }
  return pods;
}

function acts({ kind, inOrder }: Controlled, pods: Map<number, Where>, replicas: number): boolean {
  return kind === 'Deployment' ? replicaSetActs(pods, replicas) : statefulSetActs(pods, replicas, inOrder);
}

function schedule(pods: Map<number, Where>, slots: number): void {
  let free = slots - [...pods.values()].filter((where) => where !== 'waits').length;
  for (const ordinal of ascending(pods)) {
    if (pods.get(ordinal) !== 'waits' || free <= 0) continue;
    pods.set(ordinal, 'ready');
    free--;
  }
}

function replicaSetActs(pods: Map<number, Where>, to: number): boolean {
  if (pods.size < to) {
    pods.set(Math.max(-1, ...pods.keys()) + 1, 'waits');
    return true;
  }
  if (pods.size === to) return false;
  const all = ascending(pods).reverse();
  const victim = all.find((ordinal) => pods.get(ordinal) === 'waits') ?? all[0];
  return victim !== undefined && pods.delete(victim);
}

function statefulSetActs(pods: Map<number, Where>, to: number, inOrder: boolean): boolean {
  for (let ordinal = 0; ordinal < to; ordinal++) {
    if (!pods.has(ordinal)) {
      pods.set(ordinal, 'waits');
      return true;
    }
    if (inOrder && pods.get(ordinal) !== 'ready') return false;
  }
  const [highest] = ascending(pods).reverse();
  if (highest === undefined || highest < to) return false;
  const firstUnhealthy = ascending(pods).find((ordinal) => pods.get(ordinal) !== 'ready');
  if (inOrder && pods.get(highest) !== 'ready' && highest !== firstUnhealthy) return false;
  return pods.delete(highest);
}

function ascending(pods: ReadonlyMap<number, Where>): number[] {
  return [...pods.keys()].sort((a, b) => a - b);
}
