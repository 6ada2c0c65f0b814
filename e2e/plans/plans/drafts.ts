import {
  type ClusterState,
  type Draft,
  type DraftGroup,
  type DrainedPods,
  isDaemonSetPod,
  isTerminating,
  type Node,
  type Plan,
  podsByNode,
} from '@cloudoptim/core';

/** The drafts that a plan was sealed from. */
export function draftsOf({ groups }: Plan): DraftGroup[] {
  const positions = new Map(groups.map(({ id }, position) => [id, position]));
  return groups.map(({ actions, dependsOn }) => ({
    actions: actions.map(
      ({ id: _i, dependsOn: _a, expect: _e, deadlineSeconds: _d, onFailure: _f, undo: _u, ...draft }) => draft as Draft,
    ),
    after: dependsOn.flatMap((id) => positions.get(id) ?? []),
  }));
}

export const drawn = [{ code: 'drawn', message: 'Drawn by the test.' }] as const;

/** Cordon, drain and removal of a node through its owner, expecting its pods nowhere in particular. */
export function removalOf(state: ClusterState, position: number): Draft[] {
  const { uid, owner } = state.nodes[position] as Node;
  const node = { uid };
  const pods = evictableOn(state, position);
  return [
    { kind: 'cordon-node', node, reasons: drawn },
    ...(pods.length > 0 ? [{ kind: 'drain-node' as const, node, pods, reasons: drawn }] : []),
    owner.nodeClaim === undefined
      ? { kind: 'terminate-node', node, via: owner, reasons: drawn }
      : { kind: 'delete-nodeclaim', node, nodeClaim: owner.nodeClaim, via: owner, reasons: drawn },
  ];
}

/** What a drain of the node has to list. */
function evictableOn(state: ClusterState, position: number): DrainedPods[] {
  const counts = new Map<number, number>();
  for (const pod of podsByNode(state)[position] ?? []) {
    if (isDaemonSetPod(state, pod) || isTerminating(state, pod)) continue;
    const template = state.pods.template[pod] as number;
    counts.set(template, (counts.get(template) ?? 0) + 1);
  }
  return [...counts].map(([template, count]) => ({ template, count, expected: [] }));
}
