import { type BoundClass, type BoundColumn, type BoundProblem, mostOnOneNode } from '@cloudoptim/scheduling';
import { type LoadSpace, loadSpace } from './load-space.js';
import type { Held, PackedNode } from './packing.js';

/** Most pairs of loads that are worth looking at: about a tenth of a second. */
const mostPairs = 3e7;

/** Pairs looked at in one call of `spend`: a few milliseconds. */
const pairsAtOnce = 500_000;

/** What nodes of one layer can hold, and the cheapest column for it. */
interface Layer {
  /** Loads of one node, ascending. */
  readonly parts: Int32Array;
  readonly column: Int32Array;
  readonly usdPerHour: Float64Array;
  /** Whether there may be any number of its nodes, or one. */
  readonly repeats: boolean;
}

/**
 * The cheapest nodes that hold all these pods, found by trying everything: which pods are placed is the state, and a node takes
 * it to another. Undefined where there are too many possibilities, or not all pods can be placed. A limited column is offered
 * node by node, then all columns without limit together, as often as they help.
 */
export async function packExactly(
  problem: BoundProblem,
  pods: readonly Held[],
  spend: (looked: number) => Promise<void>,
): Promise<PackedNode[] | undefined> {
  const space = loadSpace(pods.map(([, count]) => count));
  if (space === undefined || space.size * problem.columns.length * pods.length > mostPairs) return undefined;
  await spend(space.size * problem.columns.length);
  const layers = layersOf(problem, pods, space);
  if (layers.reduce((sum, { parts }) => sum + (parts.length * space.size) / 2, 0) > mostPairs) return undefined;
  let cost = new Float64Array(space.size).fill(Number.POSITIVE_INFINITY);
  cost[0] = 0;
  const steps: Int32Array[] = [];
  for (const layer of layers) {
    const after = cost.slice();
    // A node that may be repeated can follow one of its own layer.
    const before = layer.repeats ? after : cost;
    const step = new Int32Array(space.size).fill(-1);
    for (let load = 1, looked = 0; load < space.size; load++) {
      looked += layer.parts.length;
      if (looked > pairsAtOnce) {
        await spend(looked);
        looked = 0;
      }
      for (let at = 0; at < layer.parts.length; at++) {
        const part = layer.parts[at] as number;
        if (part > load) break;
        if (!space.contains(load, part)) continue;
        const total = (before[load - part] as number) + (layer.usdPerHour[at] as number);
        if (total < (after[load] as number)) {
          after[load] = total;
          step[load] = at;
        }
      }
    }
    cost = after;
    steps.push(step);
  }
  return Number.isFinite(cost[space.size - 1] as number) ? trace(layers, steps, space, pods) : undefined;
}

function layersOf(problem: BoundProblem, pods: readonly Held[], space: LoadSpace): Layer[] {
  const { columns } = problem;
  const total = pods.reduce((sum, [, count]) => sum + count, 0);
  const loads = new Loads(problem, pods, space);
  const layers: Layer[] = [];
  const unlimited: number[] = [];
  columns.forEach((column, index) => {
    if (!column.kept && column.supply === Number.POSITIVE_INFINITY) {
      unlimited.push(index);
      return;
    }
    const parts = Int32Array.from(loads.onOneNode(index));
    const usdPerHour = new Float64Array(parts.length).fill(column.kept ? 0 : column.usdPerHour);
    const layer = { parts, column: new Int32Array(parts.length).fill(index), usdPerHour, repeats: false };
    // More nodes than there are pods are of no use.
    if (parts.length > 0) for (let copy = 0; copy < Math.min(column.supply, total); copy++) layers.push(layer);
  });
  const price = (index: number) => (columns[index] as BoundColumn).usdPerHour;
  const cheapest = new Int32Array(space.size).fill(-1);
  // Cheapest first: what one holds need not be asked of any dearer one.
  for (const index of unlimited.sort((a, b) => price(a) - price(b) || a - b))
    for (const load of loads.onOneNode(index, (at) => cheapest[at] === -1)) cheapest[load] = index;
  const parts = Int32Array.from([...cheapest.keys()].filter((load) => cheapest[load] !== -1));
  if (parts.length > 0) {
    const column = parts.map((load) => cheapest[load] as number);
    layers.push({ parts, column, usdPerHour: Float64Array.from(column, price), repeats: true });
  }
  return layers;
}

/** What each load needs, reckoned once for all columns. */
class Loads {
  readonly #problem: BoundProblem;
  readonly #pods: readonly Held[];
  readonly #entries: readonly BoundClass[];
  readonly #counts: readonly (readonly number[])[];
  /** `load * rows + row` */
  readonly #needs: Float64Array;
  /** By load, how many pods of each group it has. */
  readonly #groups: readonly ReadonlyMap<number, number>[];

  constructor(problem: BoundProblem, pods: readonly Held[], { size, counts }: LoadSpace) {
    const rows = problem.rows.length;
    const entries = pods.map(([index]) => problem.classes[index] as BoundClass);
    this.#problem = problem;
    this.#pods = pods;
    this.#entries = entries;
    this.#counts = Array.from({ length: size }, (_, load) => counts(load));
    this.#needs = new Float64Array(size * rows);
    this.#groups = this.#counts.map((own, load) => {
      const groups = new Map<number, number>();
      own.forEach((count, at) => {
        const { needs, group } = entries[at] as BoundClass;
        for (let row = 0; row < rows; row++)
          this.#needs[load * rows + row] = (this.#needs[load * rows + row] as number) + count * (needs[row] as number);
        if (group >= 0) groups.set(group, (groups.get(group) ?? 0) + count);
      });
      return groups;
    });
  }

  /** The loads, ascending, that one node of the column can hold, of those that are of interest. */
  *onOneNode(index: number, isOfInterest: (load: number) => boolean = () => true): Generator<number> {
    const column = this.#problem.columns[index] as BoundColumn;
    const { capacity, sharing } = column;
    const most = this.#entries.map((entry, at) => mostOnOneNode(column, entry, (this.#pods[at] as Held)[0]));
    for (let load = 1; load < this.#counts.length; load++) {
      if (!isOfInterest(load)) continue;
      if (!capacity.every((amount, row) => (this.#needs[load * capacity.length + row] as number) <= amount)) continue;
      if ((this.#counts[load] as readonly number[]).some((count, at) => count > (most[at] as number))) continue;
      const groups = this.#groups[load] as ReadonlyMap<number, number>;
      if ([...groups].every(([group, count]) => count <= (sharing.get(group) ?? 1))) yield load;
    }
  }
}

/** Walks back from all pods placed to none. */
function trace(layers: readonly Layer[], steps: readonly Int32Array[], space: LoadSpace, pods: readonly Held[]) {
  const nodes: PackedNode[] = [];
  let load = space.size - 1;
  for (let at = layers.length - 1; at >= 0; at--) {
    const { parts, column, repeats } = layers[at] as Layer;
    for (let step = steps[at]?.[load] ?? -1; step >= 0; step = repeats ? (steps[at]?.[load] ?? -1) : -1) {
      const part = parts[step] as number;
      const holds = space
        .counts(part)
        .flatMap((count, position) => (count > 0 ? [[(pods[position] as Held)[0], count] as const] : []));
      nodes.push({ column: column[step] as number, times: 1, holds });
      load -= part;
    }
  }
  return nodes;
}
