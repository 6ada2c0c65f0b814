import { createPriceBook } from '@cloudoptim/core';
import type { AnswerLaw } from './law.js';
import { removedNode } from './plan-effects.js';

/**
 * What has no known price is listed as unpriced and is never free: every unpriced node is named in `plan.unpriced`, and a group
 * that only takes away unpriced nodes claims no savings.
 */
export const unknownPrices: AnswerLaw = ({ inputs: { cluster, market }, response: { plan } }) => {
  const prices = createPriceBook(market);
  const named = new Set(
    plan.unpriced.flatMap(({ subjects }) => subjects.map((subject) => (subject.kind === 'node' ? subject.uid : ''))),
  );
  for (const node of cluster.nodes) {
    if (prices.nodeUsdPerHour(node) === undefined && !named.has(node.uid)) {
      return `node ${node.name} has no known price and is not listed in plan.unpriced`;
    }
  }
  for (const group of plan.groups) {
    const priced = group.actions.some((action) => {
      const node = cluster.nodes[removedNode(cluster, action) ?? -1];
      return node !== undefined && prices.nodeUsdPerHour(node) !== undefined;
    });
    if (!priced && group.savingsUsdPerHour.upper > 0) {
      return `group ${group.id} takes away nothing with a known price and claims up to ${group.savingsUsdPerHour.upper} USD per hour`;
    }
  }
  return undefined;
};
