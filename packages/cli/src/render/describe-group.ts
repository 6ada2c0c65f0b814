import type { ActionGroup } from '@cloudoptim/core';
import { describeAction, type Names } from './describe-action.js';
import { someNames } from './subjects.js';

/** Kinds of new nodes named; an exchange of a whole cluster has many. */
const mostTypes = 6;

/** One group of a plan as a row of a table. */
export interface GroupRow {
  readonly what: string;
  readonly node: string;
  readonly instanceType: string;
  /** Of the nodes that go; null when one of them has no known price or none goes. */
  readonly usdPerHour: number | null;
  readonly evictions: number;
  readonly savesUsdPerHour: number;
}

export function describeGroup(group: ActionGroup, names: Names): GroupRow {
  const launched = group.actions.filter((action) => action.kind === 'launch-node');
  const removed = group.actions.filter(
    (action) => action.kind === 'terminate-node' || action.kind === 'delete-nodeclaim',
  );
  const nodes = removed.map(({ node }) => names.legendNode(node));
  const prices = nodes.map((node) => node?.usdPerHour ?? null);
  const types = launched.map((action) => action.offerings[0].instanceType);
  const named = group.actions.filter(({ kind }) => kind === 'evict-pod').length;
  let evictions = named;
  for (const action of group.actions)
    if (action.kind === 'drain-node') for (const pods of action.pods) evictions += pods.count;
  return {
    what: verb(types, removed.length, named, group, names),
    node: removed.map(({ node }) => names.node(node)).join(', '),
    instanceType: [...new Set(nodes.map((node) => node?.instanceType ?? 'unknown type'))].join(', '),
    usdPerHour:
      prices.length === 0 || prices.includes(null)
        ? null
        : prices.reduce<number>((sum, price) => sum + (price ?? 0), 0),
    evictions,
    savesUsdPerHour: group.savingsUsdPerHour.point,
  };
}

function verb(types: readonly string[], removed: number, named: number, group: ActionGroup, names: Names): string {
  if (types.length > 0) return `${removed > 0 ? 'replace by' : 'launch'} ${someNames(countedTypes(types), mostTypes)}`;
  if (removed > 0) return 'remove';
  if (named > 1) return 'evict pods by name';
  const [first, ...rest] = group.actions;
  if (first === undefined) return 'nothing';
  return rest.length === 0 ? describeAction(first, names) : `${describeAction(first, names)} …`;
}

function countedTypes(types: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => (count > 1 ? `${count} × ${type}` : type));
}
