import type { ClusterState, DecisionContext, DrainedPods, Node, Policy } from '@cloudoptim/core';
import { createPlacement, simulatePlain, successorOf } from '@cloudoptim/scheduling';

/** A node to be drained, and where its pods are expected to go. */
export interface Drain {
  readonly node: Node;
  readonly pods: readonly DrainedPods[];
}

/**
 * Empties the nodes one after the other, each pod's successor going where kube-scheduler would put it. All of them are
 * cordoned before the first eviction, so that no pod moves twice. Undefined when some pod finds no place.
 */
export async function drainsInOrder(
  state: ClusterState,
  nodes: readonly number[],
  policy: Policy,
  context: DecisionContext,
): Promise<readonly Drain[] | undefined> {
  const placement = createPlacement(state);
  for (const node of nodes) placement.cordon(node);
  const drains: Drain[] = [];
  let evictions = 0;
  for (const node of nodes) {
    const pods = new Map<number, Map<number, number>>();
    for (const pod of [...placement.podsOn(node)]) {
      const successor = pod < state.pods.count ? successorOf(state, pod) : undefined;
      if (successor === undefined || 'unknown' in successor) return undefined;
      // DaemonSet and mirror pods go with their node; of a bare pod nothing would come back.
      if ('none' in successor && state.pods.workload[pod] === -1 && !state.pods.extra[pod]?.mirror) return undefined;
      if ('none' in successor) continue;
      await context.spend(state.nodes.length);
      evictions++;
      placement.remove(pod);
      const [to] = simulatePlain(placement, [successor]).placed;
      // A pod that tolerates everything goes back to a cordoned node, and would leave it once more.
      if (to === undefined || to < 0 || nodes.includes(to)) return undefined;
      const template = state.pods.template[pod] as number;
      const places = pods.get(template) ?? new Map<number, number>();
      pods.set(template, places.set(to, (places.get(to) ?? 0) + 1));
    }
    placement.removeNode(node);
    const moved = [...pods].map(([template, places]) => drained(state, template, places));
    drains.push({ node: state.nodes[node] as Node, pods: moved });
  }
  return evictions > (policy.maxDisruption.evictions ?? Number.POSITIVE_INFINITY) ? undefined : drains;
}

function drained(state: ClusterState, template: number, places: ReadonlyMap<number, number>): DrainedPods {
  const expected = [...places].map(([node, count]) => ({ node: { uid: (state.nodes[node] as Node).uid }, count }));
  return { template, count: expected.reduce((sum, { count }) => sum + count, 0), expected };
}
