import {
  type ClusterState,
  createPriceBook,
  type Market,
  nodeOffering,
  type Offering,
  type OfferingRef,
  offeringKey,
  type Plan,
} from '@cloudoptim/core';

/** Offerings that the totals of a plan rest on: those of the cluster's nodes and those that it may launch. */
export function usedOfferings(state: Pick<ClusterState, 'nodes'>, market: Market, plan: Plan): Offering[] {
  const prices = createPriceBook(market);
  const used = new Map<string, Offering>();
  const use = (ref: OfferingRef | undefined) => {
    const offering = ref === undefined ? undefined : prices.find(ref);
    if (offering !== undefined) used.set(offeringKey(offering), offering);
  };
  for (const node of state.nodes) use(nodeOffering(node));
  for (const group of plan.groups) {
    for (const action of group.actions) if (action.kind === 'launch-node') for (const ref of action.offerings) use(ref);
  }
  return [...used.keys()].sort().map((key) => used.get(key) as Offering);
}

/** The market with these offerings as they were, for a plan that is checked with a later catalogue. */
export function withOfferings(market: Market, used: readonly Offering[]): Market {
  const offerings = new Map(market.offerings.map((offering) => [offeringKey(offering), offering]));
  for (const offering of used) offerings.set(offeringKey(offering), offering);
  return { ...market, offerings: [...offerings.values()] };
}
