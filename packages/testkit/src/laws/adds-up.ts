import { createPriceBook, fromNanoUsd, toNanoUsd } from '@cloudoptim/core';
import type { Answer, AnswerLaw, Finding } from './law.js';
import { isRemoval, removedNode } from './plan-effects.js';

/**
 * The money adds up, to the nano-dollar: today's bill is that of the priced nodes, projected is current less savings, groups
 * sum to the plan, and each group saves what its removed nodes cost less what its launches cost. Recomputed from the market.
 */
export const addsUp: AnswerLaw = (answer) => {
  const { plan } = answer.response;
  const prices = createPriceBook(answer.inputs.market);
  const bill = answer.inputs.cluster.nodes.reduce((sum, node) => sum + toNanoUsd(prices.nodeUsdPerHour(node) ?? 0), 0n);
  if (toNanoUsd(plan.currentUsdPerHour) !== bill) {
    return `currentUsdPerHour is ${plan.currentUsdPerHour}, the priced nodes cost ${fromNanoUsd(bill)}`;
  }
  const savings = toNanoUsd(plan.savingsUsdPerHour.point);
  if (toNanoUsd(plan.projectedUsdPerHour.point) !== bill - savings) {
    return `projected ${plan.projectedUsdPerHour.point} is not current ${plan.currentUsdPerHour} less savings ${plan.savingsUsdPerHour.point}`;
  }
  const ofGroups = plan.groups.reduce((sum, group) => sum + toNanoUsd(group.savingsUsdPerHour.point), 0n);
  if (ofGroups !== savings) {
    return `the groups save ${fromNanoUsd(ofGroups)} together, the plan says ${plan.savingsUsdPerHour.point}`;
  }
  return unearnedSavings(answer);
};

function unearnedSavings({ response, inputs }: Answer): Finding {
  const prices = createPriceBook(inputs.market);
  const counted = new Set<number>();
  for (const group of response.plan.groups) {
    // A launch that is taken back in the same plan costs nothing; such groups are left to the totals above.
    if (group.actions.some((action) => 'node' in action && 'launch' in action.node && isRemoval(action.kind))) continue;
    let removed = 0n;
    let dearest = 0n;
    let cheapest = 0n;
    for (const action of group.actions) {
      const index = removedNode(inputs.cluster, action);
      const node = index === undefined ? undefined : inputs.cluster.nodes[index];
      if (index !== undefined && node !== undefined && !counted.has(index)) {
        counted.add(index);
        removed += toNanoUsd(prices.nodeUsdPerHour(node) ?? 0);
      }
      if (action.kind !== 'launch-node') continue;
      const costs = action.offerings.map((ref) => prices.usdPerHour(ref)).filter((usd) => usd !== undefined);
      if (costs.length < action.offerings.length) return `${action.id} launches an offering whose price is unknown`;
      dearest += toNanoUsd(Math.max(...costs));
      cheapest += toNanoUsd(Math.min(...costs));
    }
    const point = toNanoUsd(group.savingsUsdPerHour.point);
    const sure = toNanoUsd(group.savingsUsdPerHour.lower);
    if (point < removed - dearest || point > removed - cheapest || sure > removed - dearest) {
      return (
        `group ${group.id} claims ${group.savingsUsdPerHour.point} (at least ${group.savingsUsdPerHour.lower}) USD per hour; ` +
        `what it removes costs ${fromNanoUsd(removed)}, what it launches ${fromNanoUsd(cheapest)} to ${fromNanoUsd(dearest)}`
      );
    }
  }
  return undefined;
}
