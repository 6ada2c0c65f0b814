import { WorkLimitReached } from '@cloudoptim/core';
import type { BoundProblem } from '@cloudoptim/scheduling';
import { packExactly } from './exact-packing.js';
import { packGreedily } from './greedy-packing.js';
import type { Decisive } from './guide.js';
import { packByConfigurations } from './pack-configurations.js';
import { type Held, type PackedNode, type Packing, packingCost } from './packing.js';
import { type PodKinds, podKinds } from './pod-kinds.js';
import { RuinAndRecreate } from './ruin-and-recreate.js';
import { Stock } from './stock.js';

export interface PackOptions {
  /** Told of work before it is done. `WorkLimitReached` ends the improvement; where there is no packing yet, it is passed on. */
  readonly spend: (units: number) => Promise<void>;
  /** For all random choices. */
  readonly seed: number;
  /** Units to spend on improving the first packing; 0: none. */
  readonly work: number;
}

/** Kinds of pods weighed in the time of one pod tested against one node. */
const looksPerUnit = 100;

/**
 * The cheapest nodes found that hold all pods of the problem. The same problem, seed and work give the same bytes. Pods that
 * fit on no node that can be had are `unplaced`. A node whose price is zero is free to the packer; the problem has none whose
 * price is unknown but nodes that are there, which are in no total.
 */
export async function packClasses(problem: BoundProblem, options: PackOptions): Promise<Packing> {
  const spend = (looked: number) => options.spend(Math.ceil(looked / looksPerUnit));
  const all = problem.classes.flatMap(({ count }, index) => (count > 0 ? [[index, count] as const] : []));
  const exact = await packExactly(problem, all, spend);
  if (exact !== undefined) return { nodes: exact, usdPerHour: packingCost(problem, exact), unplaced: [] };
  const kinds = podKinds(problem);
  const { nodes, atLimit } = await packFirst(problem, kinds, spend);
  // Once the work limit is met, no work is asked for any more.
  const looks = options.work * looksPerUnit;
  const better = atLimit ? nodes : await improve(problem, kinds, nodes, looks, options.seed, spend);
  return { nodes: better, usdPerHour: packingCost(problem, better), unplaced: leftOver(problem, better) };
}

/** The nodes, and others for what has no place on them: fewer nodes of a limited kind may be needed than there were. */
async function withRest(
  problem: BoundProblem,
  kinds: PodKinds,
  nodes: readonly PackedNode[],
  spend: (looked: number) => Promise<void>,
): Promise<readonly PackedNode[]> {
  const rest = leftOver(problem, nodes);
  if (rest.length === 0) return nodes;
  const columns = problem.columns.map((column, at) => ({ ...column, supply: column.supply - nodesOf(nodes, at) }));
  const stock = new Stock(problem, kinds);
  stock.addAll(rest, 1);
  const { nodes: more } = await packGreedily({ ...problem, columns }, kinds, stock, spend);
  return [...nodes, ...more];
}

function nodesOf(nodes: readonly PackedNode[], at: number): number {
  return nodes.reduce((sum, { column, times }) => (column === at ? sum + times : sum), 0);
}

/**
 * Where groups of pods that repel each other ask for many nodes, prices depend on which of them are thought to decide, and no
 * answer is best everywhere: over mixes of 2,000 and 4,000 pods each is 3 to 16 % dearer than the best of them on some. The first
 * alone mostly serves many pods, where groups are small beside all.
 */
const decisives: readonly Decisive[] = [
  { share: 0.5, of: 'nodes' },
  { share: 0.7, of: 'largest-group' },
  { share: 0.9, of: 'largest-group' },
];

const manyPods = 10_000;

/** Of what the first prices say that all pods are worth, what share makes a packing of many pods good enough. */
const nearPrices = 1.1;

async function packFirst(
  problem: BoundProblem,
  kinds: PodKinds,
  spend: (looked: number) => Promise<void>,
): Promise<{ readonly nodes: readonly PackedNode[]; readonly atLimit: boolean }> {
  let best: readonly PackedNode[] | undefined;
  for (const decisive of decisives) {
    const stock = Stock.of(problem, kinds);
    const pods = stock.total;
    let found: Awaited<ReturnType<typeof packGreedily>>;
    try {
      found = await packGreedily(problem, kinds, stock, spend, decisive);
    } catch (error) {
      if (best !== undefined && WorkLimitReached.isInstance(error)) return { nodes: best, atLimit: true };
      throw error;
    }
    if (best === undefined || isBetter(problem, found.nodes, best)) best = found.nodes;
    const isNear = packingCost(problem, found.nodes) <= nearPrices * found.worth;
    if (!found.hadDecisive || (pods >= manyPods && isNear)) break;
  }
  return { nodes: best ?? [], atLimit: false };
}

/** Share of the work for the programme of whole nodes, where it is tried. */
const ofConfigurations = 0.6;

/** Few pods are packed by trying everything, many by ruin and recreate; at the limit of work the best so far is the answer. */
async function improve(
  problem: BoundProblem,
  kinds: PodKinds,
  nodes: readonly PackedNode[],
  looks: number,
  seed: number,
  spend: (looked: number) => Promise<void>,
): Promise<readonly PackedNode[]> {
  let ruin = new RuinAndRecreate(problem, kinds, nodes);
  try {
    // Where some pods have no place, the others may yet be packed exactly.
    const exact = leftOver(problem, nodes).length > 0 ? await packExactly(problem, placed(nodes), spend) : undefined;
    if (exact !== undefined) return await withRest(problem, kinds, exact, spend);
    if (looks === 0) return nodes;
    const whole = await packByConfigurations(problem, kinds, nodes, looks * ofConfigurations, spend);
    if (whole !== undefined && isBetter(problem, whole, nodes)) ruin = new RuinAndRecreate(problem, kinds, whole);
    await ruin.run({ spend, seed, looks: looks * (whole === undefined ? 1 : 1 - ofConfigurations) });
    return await withRest(problem, kinds, ruin.better, spend);
  } catch (error) {
    if (!WorkLimitReached.isInstance(error)) throw error;
  }
  return looks > 0 ? ruin.better : nodes;
}

/** Cheaper, and without leaving out a pod that the other places. */
function isBetter(problem: BoundProblem, nodes: readonly PackedNode[], than: readonly PackedNode[]): boolean {
  const pods = (of: readonly PackedNode[]) => placed(of).reduce((sum, [, count]) => sum + count, 0);
  return pods(nodes) >= pods(than) && packingCost(problem, nodes) < packingCost(problem, than);
}

function placed(nodes: readonly PackedNode[]): Held[] {
  const pods = new Map<number, number>();
  for (const { times, holds } of nodes)
    for (const [index, count] of holds) pods.set(index, (pods.get(index) ?? 0) + times * count);
  return [...pods].sort(([a], [b]) => a - b);
}

function leftOver({ classes }: BoundProblem, nodes: readonly PackedNode[]): Held[] {
  const counts = new Map(placed(nodes));
  return classes.flatMap(({ count }, index) => {
    const left = count - (counts.get(index) ?? 0);
    return left > 0 ? [[index, left] as const] : [];
  });
}
