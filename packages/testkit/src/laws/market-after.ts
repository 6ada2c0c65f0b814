import { type Market, offeringKey, type Plan } from '@cloudoptim/core';

/**
 * The market after a plan: of each launch's first offering, which `applyPlan` takes to be the one that comes, one less is to be
 * had. The same value when the plan takes nothing of which the supply is known.
 */
export function marketAfter(market: Market, plan: Plan): Market {
  const taken = new Map<string, number>();
  for (const action of plan.groups.flatMap((group) => group.actions)) {
    if (action.kind !== 'launch-node') continue;
    const key = offeringKey(action.offerings[0]);
    taken.set(key, (taken.get(key) ?? 0) + 1);
  }
  let changed = false;
  const offerings = market.offerings.map((offering) => {
    const count = taken.get(offeringKey(offering)) ?? 0;
    if (count === 0 || offering.supply === undefined) return offering;
    changed = true;
    return { ...offering, supply: Math.max(0, offering.supply - count) };
  });
  return changed ? { ...market, offerings } : market;
}
