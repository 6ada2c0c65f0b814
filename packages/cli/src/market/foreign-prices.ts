import type { ClusterState, Node } from '@cloudoptim/core';

/**
 * The state with nodes that no Linux list price fits left without a capacity type, so that they have no offering: an offering
 * names type, zone and capacity type, not the operating system, and a Windows m5.large costs twice a Linux one.
 */
export function withoutForeignPrices(state: ClusterState): ClusterState {
  if (!state.nodes.some((node) => foreignPrice(node) !== undefined)) return state;
  return {
    ...state,
    nodes: state.nodes.map((node) => {
      if (foreignPrice(node) === undefined) return node;
      const { capacityType: _unused, ...rest } = node;
      return rest;
    }),
  };
}

/** What sets a node's price apart: Fargate bills pods, Windows has a licence in its price. */
export function foreignPrice({ labels }: Pick<Node, 'labels'>): 'fargate' | 'windows' | undefined {
  if (own(labels, 'eks.amazonaws.com/compute-type') === 'fargate') return 'fargate';
  return own(labels, 'kubernetes.io/os') === 'windows' ? 'windows' : undefined;
}

function own(labels: Node['labels'], key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
