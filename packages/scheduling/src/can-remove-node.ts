import type { Policy } from '@cloudoptim/core';
import type { Obstacle } from './node-obstacles.js';
import type { Placement } from './placement.js';

export interface RemoveOptions {
  /** Nodes of the same plan already chosen for removal: they count against budgets and minimum sizes. */
  readonly alsoRemoved?: readonly number[];
  /** Owners (by kind and name) that nodes are launched into before this removal, as group names with counts. */
  readonly launched?: Readonly<Record<string, number>>;
}

/** What the node's owner forbids: node-group-min, nodepool-budget, unknown-owner. Empty means removable. */
export function canRemoveNode(
  _placement: Placement,
  _node: number,
  _policy: Policy,
  _now: number,
  _options: RemoveOptions = {},
): readonly Obstacle[] {
  throw new Error('being built');
}
