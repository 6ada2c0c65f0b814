import type { BoundProblem } from '@cloudoptim/scheduling';
import { packGreedily } from './greedy-packing.js';
import { type Packing, packingCost } from './packing.js';
import { podKinds } from './pod-kinds.js';
import { Stock } from './stock.js';

export interface PackOptions {
  /** Told of work before it is done; what it throws other than `WorkLimitReached` is not caught. */
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
  const kinds = podKinds(problem);
  const stock = new Stock(problem, kinds);
  for (const [index, { count }] of problem.classes.entries()) stock.add(index, count);
  const nodes = await packGreedily(problem, kinds, stock, (looked) => options.spend(Math.ceil(looked / looksPerUnit)));
  const unplaced = problem.classes.flatMap((_, index) => {
    const left = stock.left[index] as number;
    return left > 0 ? [[index, left] as const] : [];
  });
  return { nodes, usdPerHour: packingCost(problem, nodes), unplaced };
}
