import { type ClusterState, isTerminal } from '@cloudoptim/core';
import { createPlacement, fits } from '@cloudoptim/scheduling';

/**
 * Binds pending pods one by one, each to the first node that takes it. Nodes are tried in turn: the pods of a workload start at
 * `startAt(name)` and each at the node after its sibling's, so that load is spread and there is something to consolidate.
 */
export function firstFit(state: ClusterState, startAt: (workload: string) => number): ClusterState {
  const placement = createPlacement(state);
  const node = [...state.pods.node];
  const nodes = state.nodes.length;
  const next = new Map<number, number>();
  for (let pod = 0; pod < state.pods.count && nodes > 0; pod++) {
    if (node[pod] !== -1) continue;
    const template = state.pods.template[pod] as number;
    const workload = state.pods.workload[pod] as number;
    const incoming = {
      template,
      workload,
      name: state.pods.name[pod] as string,
      ...(state.pods.extra[pod] && { extra: state.pods.extra[pod] }),
    };
    const from = next.get(template) ?? startAt(state.workloads[workload]?.name ?? (state.pods.name[pod] as string));
    for (let step = 0; step < nodes; step++) {
      const candidate = (from + step) % nodes;
      // Pods whose fit cannot be told run in real clusters too, somewhere: they must be left alone there.
      if (!isTerminal(state, pod)) {
        if (fits(incoming, candidate, placement).answer === 'infeasible') continue;
        placement.place(incoming, candidate);
      }
      node[pod] = candidate;
      next.set(template, candidate + 1);
      break;
    }
  }
  return { ...state, pods: { ...state.pods, node } };
}
