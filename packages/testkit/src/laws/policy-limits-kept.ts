import { createPriceBook, type Policy } from '@cloudoptim/core';
import type { AnswerLaw } from './law.js';
import { evictedPods, removedNode } from './plan-effects.js';

/**
 * The plan stays within the policy: evictions and nodes of maxDisruption, minSavings of plan and group, offerings that may be
 * launched, extensions that are allowed. What it launches has a known price and can be had.
 */
export const policyLimitsKept: AnswerLaw = ({ inputs, policy, response: { plan } }) => {
  const actions = plan.groups.flatMap((group) => group.actions);
  const removed = new Set(
    actions.map((action) => removedNode(inputs.cluster, action)).filter((node) => node !== undefined),
  );
  const evictions = actions.reduce((sum, action) => sum + evictedPods(inputs.cluster, action).length, 0);
  const { maxDisruption, minSavings } = policy;
  if (maxDisruption.nodes !== null && removed.size > maxDisruption.nodes) {
    return `${removed.size} nodes go, maxDisruption.nodes is ${maxDisruption.nodes}`;
  }
  if (maxDisruption.evictions !== null && evictions > maxDisruption.evictions) {
    return `${evictions} pods are evicted, maxDisruption.evictions is ${maxDisruption.evictions}`;
  }
  if (removed.size > 0 && plan.savingsUsdPerHour.point < minSavings.usdPerHour) {
    return `the plan saves ${plan.savingsUsdPerHour.point}, minSavings.usdPerHour is ${minSavings.usdPerHour}`;
  }
  for (const group of plan.groups) {
    const moved = group.actions.reduce((sum, action) => sum + evictedPods(inputs.cluster, action).length, 0);
    const least = minSavings.usdPerHourPerEviction * moved;
    // A nano-dollar of slack: products of decimals are not exact.
    if (moved > 0 && least > 0 && group.savingsUsdPerHour.point < least - 1e-9) {
      return `group ${group.id} saves ${group.savingsUsdPerHour.point} for ${moved} evictions, less than minSavings asks`;
    }
  }
  const prices = createPriceBook(inputs.market);
  for (const action of actions) {
    if (action.kind === 'extension' && !policy.extensions.includes(action.name)) {
      return `${action.id} is the extension ${action.name}, which the policy does not allow`;
    }
    if (action.kind !== 'launch-node') continue;
    for (const offering of action.offerings) {
      const what = `${action.id} launches ${offering.instanceType} ${offering.capacityType} in ${offering.zone}`;
      if (prices.usdPerHour(offering) === undefined) return `${what}, whose price is unknown`;
      if (prices.find(offering)?.supply === 0) return `${what}, of which there are none`;
      const type = inputs.market.instanceTypes.find(({ name }) => name === offering.instanceType);
      if (!mayLaunch(policy, offering, type?.architecture)) return `${what}, which allowedOfferings does not allow`;
    }
  }
  return undefined;
};

function mayLaunch(
  { allowedOfferings: allowed }: Policy,
  offering: { readonly instanceType: string; readonly zone: string; readonly capacityType: string },
  architecture: string | undefined,
): boolean {
  const isNamed = (names: readonly string[]) =>
    names.some((name) =>
      name.endsWith('.*') ? offering.instanceType.startsWith(name.slice(0, -1)) : name === offering.instanceType,
    );
  const isOpen = (list: readonly string[], value: string | undefined) =>
    list.length === 0 || (value !== undefined && list.includes(value));
  return (
    (allowed.instanceTypes.length === 0 || isNamed(allowed.instanceTypes)) &&
    !isNamed(allowed.excludeInstanceTypes) &&
    isOpen(allowed.capacityTypes, offering.capacityType) &&
    isOpen(allowed.zones, offering.zone) &&
    isOpen(allowed.architectures, architecture)
  );
}
