import {
  type ClusterState,
  createPriceBook,
  isDaemonSetPod,
  isTerminal,
  isTerminating,
  type Market,
  type Node,
  podExtra,
  podOccupies,
} from '@cloudoptim/core';
import { type BoundColumn, lasting } from './columns.js';
import type { Demand } from './demand.js';
import { answerOf, keysOf } from './profile.js';
import { amountsOf, capacityOf, type Rows } from './rows.js';

/** Memory of nodes of one type differs by some pages; nodes whose room is equal to this step are one column of the larger. */
const memoryStep = 2 ** 24;
const storageStep = 2 ** 30;

/**
 * The nodes that are there, at their own price and as many as they are. Room is what a node offers less its DaemonSet pods
 * and static pods, and never less than what is on it: pods that run on an overcommitted node may stay.
 */
export function existingColumns(
  state: ClusterState,
  market: Market,
  rows: Rows,
  demand: Demand,
  kept: ReadonlySet<number>,
): BoundColumn[] {
  const book = createPriceBook(market);
  const comparisons = state.scheduler.featureGates?.TaintTolerationComparisonOperators === true;
  const keys = [...keysOf(demand.rules)].sort();
  const opened = new Map<string, Uint8Array>();
  const use = usage(state, rows, demand);
  const columns = new Map<string, { -readonly [K in keyof BoundColumn]: BoundColumn[K] }>();
  state.nodes.forEach((node, index) => {
    const taints = lasting(node.taints);
    const signature = JSON.stringify([keys.map((key) => node.labels[key] ?? null), taints]);
    const open =
      opened.get(signature) ??
      Uint8Array.from(demand.rules, (rule) =>
        answerOf(rule, { labels: node.labels, taints, mayHave: () => false }, comparisons) === 'no' ? 0 : 1,
      );
    opened.set(signature, open);
    const { held, load, classes } = use[index] as NodeUse;
    const capacity = capacityOf(rows, node.allocatable).map((amount, row) =>
      roundedUp(row, Math.max(amount - (held[row] as number), load[row] as number)),
    );
    const usdPerHour = book.nodeUsdPerHour(node) ?? 0;
    const residents = new Set([...classes.keys()].filter((entry) => open[demand.classes[entry]?.rule as number] === 0));
    const sharing = sharingOf(node, classes, demand);
    // Nodes with guests that would not be let in again are few, and each is its own column.
    const own = residents.size > 0 || sharing.size > 0 ? node.uid : '';
    const key = JSON.stringify([usdPerHour, capacity, signature, kept.has(index), own]);
    const column = columns.get(key);
    if (column !== undefined) column.supply++;
    else
      columns.set(key, {
        key: `node ${node.name}`,
        usdPerHour,
        capacity,
        supply: 1,
        kept: kept.has(index),
        open,
        residents,
        sharing,
      });
  });
  return [...columns.values()];
}

interface NodeUse {
  /** What DaemonSet pods and static pods hold. */
  readonly held: number[];
  /** What the pods hold that the bound counts. */
  readonly load: number[];
  /** Those pods, by class. */
  readonly classes: Map<number, number>;
}

function usage(state: ClusterState, rows: Rows, demand: Demand): NodeUse[] {
  const use = state.nodes.map(
    (): NodeUse => ({ held: rows.names.map(() => 0), load: rows.names.map(() => 0), classes: new Map() }),
  );
  for (let pod = 0; pod < state.pods.count; pod++) {
    const node = use[state.pods.node[pod] as number];
    if (node === undefined || isTerminal(state, pod)) continue;
    const index = demand.classOf[pod] as number;
    if (index >= 0) {
      add(node.load, demand.classes[index]?.needs ?? []);
      node.classes.set(index, (node.classes.get(index) ?? 0) + 1);
    } else if (staysWithNode(state, pod)) add(node.held, leastOf(state, pod, rows));
  }
  return use;
}

function staysWithNode(state: ClusterState, pod: number): boolean {
  return !isTerminating(state, pod) && (isDaemonSetPod(state, pod) || podExtra(state, pod).mirror === true);
}

/** A DaemonSet may replace its pod by one of its current revision, which may be smaller. */
function leastOf(state: ClusterState, pod: number, rows: Rows): number[] {
  const now = amountsOf(rows, podOccupies(state, pod));
  const workload = state.workloads[state.pods.workload[pod] as number];
  const next = workload === undefined ? undefined : state.podTemplates[workload.successorTemplate];
  if (next === undefined) return now;
  const later = amountsOf(rows, next.needs);
  return now.map((amount, row) => Math.min(amount, later[row] as number));
}

/** How many of each exclusive group share the node today, where that is more than one. */
function sharingOf(node: Node, classes: ReadonlyMap<number, number>, { classes: known }: Demand): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [index, count] of classes) {
    const group = known[index]?.group ?? -1;
    if (group >= 0) counts.set(group, (counts.get(group) ?? 0) + count);
  }
  // A node without the label is in no domain of anti-affinity by hostname, and lets any number in.
  const unlimited = !Object.hasOwn(node.labels, 'kubernetes.io/hostname');
  if (unlimited) for (const { group } of known) if (group >= 0) counts.set(group, Number.POSITIVE_INFINITY);
  return new Map([...counts].filter(([, count]) => count > 1));
}

function add(sum: number[], amounts: readonly number[]): void {
  for (let row = 0; row < sum.length; row++) sum[row] = (sum[row] as number) + (amounts[row] as number);
}

function roundedUp(row: number, amount: number): number {
  const step = row === 1 ? memoryStep : row === 3 ? storageStep : 1;
  return Math.ceil(Math.max(0, amount) / step) * step;
}
