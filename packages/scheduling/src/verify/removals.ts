import type { ClusterState, Node } from '@cloudoptim/core';
import { ownerKey } from '../can-remove-node.js';
import { type PlacedAction, type PlanIndex, removes } from '../plan-index.js';
import { ordered } from './any-order/conflicts.js';

/** Nodes that a plan takes away, and what may be under way while each of them goes. */
export interface Removals {
  /** All others that may be gone when this one goes: any that does not have to wait for it. */
  perhapsBefore(entry: PlacedAction): readonly number[];
  /** Whether budgets are to be asked here: no group before disturbs the node, and of this one it is the action that stands for it. */
  begins(entry: PlacedAction, node: number): boolean;
  /** Other nodes that are under way then at worst: once of all owners, once of the node's own. */
  worstBeside(entry: PlacedAction, node: number): readonly (readonly number[])[];
}

interface GroupNodes {
  readonly group: number;
  readonly nodes: readonly number[];
}

/**
 * A node is under way from the first group that evicts a pod from it, drains it or removes it to the end of the last one. Pods evicted by
 * name from a node that stays disturb no node.
 */
export function removalsOf(index: PlanIndex, state: ClusterState): Removals {
  const beside = Math.max(0, index.plan.maxGroupsInFlight - 1);
  const all = index.actions.flatMap((entry) => {
    const node = removes(entry.action) ? index.nodeIndex(entry.action.node) : undefined;
    return node === undefined ? [] : [{ entry, node }];
  });
  const disturbances = disturbancesOf(index);
  const groups = index.byGroup.map((_, group) => ({ group, nodes: [...(disturbances.get(group)?.keys() ?? [])] }));
  const groupsOf = new Map<number, number[]>();
  for (const { group, nodes } of groups)
    for (const node of nodes) groupsOf.set(node, [...(groupsOf.get(node) ?? []), group]);
  const spanning = [...groupsOf].filter(([, own]) => own.length > 1);
  const isBefore = (group: number, other: number) => index.groupAncestors[other]?.has(group) === true;
  /** Nodes that an earlier group may have begun with and a later one ends with. */
  const open = (group: number) =>
    spanning.flatMap(([node, own]) =>
      own.some((other) => !isBefore(group, other)) && !own.every((other) => isBefore(other, group)) ? [node] : [],
    );
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
  const free = (from: readonly GroupNodes[], own: number) => {
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
    perhapsBefore: (entry) =>
      all.filter((other) => other.entry !== entry && !index.precedes(entry, other.entry)).map(({ node }) => node),
    begins: (entry, node) =>
      disturbances.get(entry.group)?.get(node) === entry &&
      groupsOf.get(node)?.some((other) => isBefore(other, entry.group)) !== true,
    worstBeside({ group }, node) {
      const own = [...(groups[group]?.nodes ?? []), ...open(group)];
      if (beside === 0) return [own];
      return [ofAll, ofOwner(ownerOf(node))].map((from) => [...own, ...free(from, group)]);
    },
  };
}

/** By group and node, the action that stands for it: its removal where the group has that, else the first one that disturbs it. */
function disturbancesOf(index: PlanIndex): ReadonlyMap<number, ReadonlyMap<number, PlacedAction>> {
  const going = new Set(index.removedNodes);
  for (const { action } of index.actions) {
    const node = action.kind === 'drain-node' ? index.nodeIndex(action.node) : undefined;
    if (node !== undefined) going.add(node);
  }
  const found = new Map<number, Map<number, PlacedAction>>();
  for (const entry of index.actions) {
    const { action } = entry;
    const disturbs = removes(action) || action.kind === 'drain-node' || action.kind === 'evict-pod';
    const node = disturbs ? index.nodeIndex(action.node) : undefined;
    if (node === undefined || !going.has(node)) continue;
    const own = found.get(entry.group) ?? new Map<number, PlacedAction>();
    found.set(entry.group, own);
    if (removes(action) || !own.has(node)) own.set(node, entry);
  }
  return found;
}

function largestFirst(groups: readonly GroupNodes[]): readonly GroupNodes[] {
  return groups.filter(({ nodes }) => nodes.length > 0).sort((a, b) => b.nodes.length - a.nodes.length);
}
