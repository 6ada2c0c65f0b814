import { balancedScore, nodeDisruption } from './balanced-score.js';
import type { Model } from './model.js';
import { evictedWith } from './remove-node.js';

/** An order in which nodes are tried for removal. Greedy search keeps what it took, so the order decides what is found. */
export interface CandidateOrder {
  readonly name: string;
  /** When several nodes are exchanged for several: before any is removed, once nothing else is left, or not at all. */
  readonly exchanges: 'first' | 'last' | 'none';
  /** Smaller goes first; equal ones by node index. */
  rank(model: Model, node: number): number;
}

/** Karpenter's Balanced order: most saved for least disturbed. */
export const firstOrder: CandidateOrder = {
  name: 'score',
  exchanges: 'last',
  rank: (model, node) => -scoreOf(model, node),
};

/** Most promising first; `options.orders` says how many are tried, and the cheapest result is kept. */
export const candidateOrders: readonly CandidateOrder[] = [
  firstOrder,
  {
    // New nodes first: what they leave free takes the pods of others.
    name: 'score, after exchanges',
    exchanges: 'first',
    rank: firstOrder.rank,
  },
  {
    // Emptiest first: their pods find room most easily, and leave room for those of the next.
    name: 'utilisation',
    exchanges: 'last',
    rank: (model, node) => {
      const free = model.cluster.placement.free(node);
      const total = model.cluster.placement.node(node)?.allocatable;
      if (total === undefined) return 0;
      return Math.max(used(free.cpuMillicores, total.cpuMillicores), used(free.memoryBytes, total.memoryBytes));
    },
  },
  {
    // Dearest first: one large saving may be worth more than several small ones that it forbids.
    name: 'price',
    exchanges: 'last',
    rank: (model, node) => -(model.usdPerHour(node) ?? 0),
  },
  {
    // Fewest pods first: most often the least work.
    name: 'pods',
    exchanges: 'last',
    rank: (model, node) => evictedWith(model, node).length,
  },
];

/** The same order without exchanges. */
export function withoutExchanges(order: CandidateOrder): CandidateOrder {
  return { ...order, exchanges: 'none' };
}

/** Karpenter's Balanced score of removing the node. */
function scoreOf(model: Model, node: number): number {
  const disruption = nodeDisruption(model.state, evictedWith(model, node));
  return balancedScore(model.usdPerHour(node) ?? 0, disruption, model.poolTotals(node));
}

function used(free: number, total: number): number {
  return total > 0 ? 1 - free / total : 0;
}
