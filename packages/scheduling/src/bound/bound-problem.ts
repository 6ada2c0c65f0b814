import type { ClusterState, Market, Policy } from '@cloudoptim/core';
import { finish, finishWithPauses, type Turns } from '../turns.js';
import type { BoundColumn } from './columns.js';
import { type BoundClass, demandOf } from './demand.js';
import { exclusiveGroups } from './exclusive-groups.js';
import { existingColumns } from './existing-columns.js';
import { keptNodes } from './kept-nodes.js';
import { launchColumns } from './launch-columns.js';
import { rowsOf } from './rows.js';

/** What the bound counts beside what runs. */
export interface BoundScope {
  /** Pods that wait for a node must get one too. */
  readonly pendingPods: boolean;
  /** Nodes that policy forbids to empty at this instant stay; absent: any node may go. In milliseconds since the epoch. */
  readonly keptNodesAtMs?: number;
}

/**
 * The least-cost problem that every plan solves, and less: so many nodes of each column that the pods of all classes fit,
 * resource by resource. Stated from state, market and policy alone.
 */
export interface BoundProblem {
  /** Names of the resources that vectors count. */
  readonly rows: readonly string[];
  readonly classes: readonly BoundClass[];
  readonly columns: readonly BoundColumn[];
}

/** A problem together with the pods of the state that it is about. */
export interface StatedProblem extends BoundProblem {
  /** By pod of the state: its class, or -1 for pods that stay with their node or that a plan may leave without a place. */
  readonly classOf: Int32Array;
}

/** States the problem. Linear in pods, and in rules times distinct kinds of nodes. */
export function boundProblem(state: ClusterState, market: Market, policy: Policy, scope: BoundScope): StatedProblem {
  return finish(stated(state, market, policy, scope));
}

/**
 * The same in turns: `pause` is awaited after each, so that timers, sockets and aborts have theirs. What it throws is passed on. Who
 * has asked about every node knows which are kept (`staysAnyway`), and need not have all pods looked at again.
 */
export function boundProblemInTurns(
  state: ClusterState,
  market: Market,
  policy: Policy,
  scope: BoundScope,
  pause: () => Promise<void>,
  kept?: ReadonlySet<number>,
): Promise<StatedProblem> {
  return finishWithPauses(stated(state, market, policy, scope, kept), pause);
}

function* stated(
  state: ClusterState,
  market: Market,
  policy: Policy,
  { pendingPods, keptNodesAtMs }: BoundScope,
  known?: ReadonlySet<number>,
): Turns<StatedProblem> {
  const rows = rowsOf(state, market);
  const demand = demandOf(state, policy, rows, exclusiveGroups(state), pendingPods);
  yield;
  const none = new Set<number>();
  const kept = keptNodesAtMs === undefined ? none : (known ?? (yield* keptNodes(state, policy, keptNodesAtMs)));
  yield;
  const launched = launchColumns(state, market, policy, rows, demand.rules);
  yield;
  const columns = [...launched, ...existingColumns(state, market, rows, demand, kept)];
  return { rows: rows.names, classes: demand.classes, classOf: demand.classOf, columns };
}

/** Whether pods of the class may be on nodes of the column at all, room aside. */
function isOpenTo(column: BoundColumn, { rule }: BoundClass, index: number): boolean {
  return column.open[rule] === 1 || column.residents.has(index);
}

/** The most pods of the class that one node of the column holds: 0 where not even one fits or none is let in. */
export function mostOnOneNode(column: BoundColumn, entry: BoundClass, index: number): number {
  if (!isOpenTo(column, entry, index)) return 0;
  let most = entry.count;
  const { needs } = entry;
  const { capacity } = column;
  for (let row = 0; row < needs.length; row++) {
    const need = needs[row] as number;
    if (need > 0) most = Math.min(most, Math.floor((capacity[row] as number) / need));
  }
  return entry.group < 0 ? most : Math.min(most, column.sharing.get(entry.group) ?? 1);
}
