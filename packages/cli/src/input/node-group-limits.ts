import type { ClusterState } from '@cloudoptim/core';
import { UserError } from '../user-error.js';

/** Fewest and most nodes of a node group, which AWS knows and Kubernetes does not. */
export interface NodeGroupLimits {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
}

/** Reads `system=2:6`; undefined when it is not written like that. */
export function parseNodeGroupLimits(text: string): NodeGroupLimits | undefined {
  const [, name, min, max] = /^([^=]+)=(\d{1,5}):(\d{1,5})$/.exec(text) ?? [];
  if (name === undefined || Number(min) > Number(max)) return undefined;
  return { name, minSize: Number(min), maxSize: Number(max) };
}

/** The state with these limits. Throws UserError for a group that has no node. */
export function withNodeGroupLimits(state: ClusterState, limits: readonly NodeGroupLimits[]): ClusterState {
  if (limits.length === 0) return state;
  for (const { name } of limits) {
    if (state.nodeGroups.some((group) => group.name === name)) continue;
    const known = state.nodeGroups.map((group) => group.name).join(', ');
    throw new UserError(
      `--node-group names ${JSON.stringify(name)}, but the cluster's node groups are: ${known || 'none'}.`,
    );
  }
  return {
    ...state,
    nodeGroups: state.nodeGroups.map((group) => {
      const own = limits.find(({ name }) => name === group.name);
      return own === undefined ? group : { ...group, minSize: own.minSize, maxSize: own.maxSize };
    }),
  };
}
