import type { ClusterState, Node } from '@cloudoptim/core';
import { ownerKey } from '../can-remove-node.js';
import { type PlacedAction, type PlanIndex, removes } from '../plan-index.js';
import { ordered } from './any-order/conflicts.js';

/** Nodes that a plan takes away, and what may be under way while each of them goes. */
export interface Removals {
  /** Nodes that go in the same group. */
  inGroup(entry: PlacedAction): readonly number[];
  /** All others that may be gone when this one goes: any that does not have to wait for it. */
  perhapsBefore(entry: PlacedAction): readonly number[];
  /** Nodes that groups in flight beside this one take away at worst: once of all owners, once of the node's own. */
  worstBeside(entry: PlacedAction, node: number): readonly (readonly number[])[];
}

interface GroupNodes {
  readonly group: number;
  readonly nodes: readonly number[];
}

export function removalsOf(index: PlanIndex, state: ClusterState): Removals {
  const beside = Math.max(0, index.plan.maxGroupsInFlight - 1);
  const all = index.actions.flatMap((entry) => {
    const node = removes(entry.action) ? index.nodeIndex(entry.action.node) : undefined;
    return node === undefined ? [] : [{ entry, node }];
  });
  const groups: { group: number; nodes: number[] }[] = index.byGroup.map((_, group) => ({ group, nodes: [] }));
  for (const { entry, node } of all) groups[entry.group]?.nodes.push(node);
  const ofGroup: (typeof all)[] = index.byGroup.map(() => []);
  for (const removal of all) ofGroup[removal.entry.group]?.push(removal);
  const ownerOf = (node: number) => ownerKey(state.nodes[node] as Node);
  const ofAll = largestFirst(groups);
  const byOwner = new Map<string, readonly GroupNodes[]>();
  const ofOwner = (owner: string) => {
    const known =
      byOwner.get(owner) ??
      largestFirst(
        groups.map(({ group, nodes }) => ({ group, nodes: nodes.filter((node) => ownerOf(node) === owner) })),
      );
    byOwner.set(owner, known);
    return known;
  };
  const free = (from: readonly GroupNodes[], { group: own }: PlacedAction) => {
    const found: number[] = [];
    let left = beside;
    for (const { group, nodes } of from) {
      if (left === 0) break;
      if (group === own || ordered(index, group, own)) continue;
      found.push(...nodes);
      left--;
    }
    return found;
  };
  return {
    inGroup: (entry) => (ofGroup[entry.group] ?? []).flatMap((other) => (other.entry === entry ? [] : other.node)),
    perhapsBefore: (entry) =>
      all.filter((other) => other.entry !== entry && !index.precedes(entry, other.entry)).map(({ node }) => node),
    worstBeside: (entry, node) => (beside === 0 ? [[]] : [free(ofAll, entry), free(ofOwner(ownerOf(node)), entry)]),
  };
}

function largestFirst(groups: readonly GroupNodes[]): readonly GroupNodes[] {
  return groups.filter(({ nodes }) => nodes.length > 0).sort((a, b) => b.nodes.length - a.nodes.length);
}
