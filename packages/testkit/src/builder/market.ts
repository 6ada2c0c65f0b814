import { type ClusterState, type Market, nodeOffering, type Offering, offeringKey } from '@cloudoptim/core';
import { testInstanceTypes, testPrices, testZones } from './instance-shapes.js';

/** What differs from the market that `createMarket` makes by itself. */
export interface MarketOptions {
  /** Types that can be bought; default all of `testInstanceTypes`. Types of existing nodes are always listed. */
  readonly instanceTypes?: readonly string[];
  /** Default on-demand only. */
  readonly capacityTypes?: readonly Offering['capacityType'][];
  /** Changes or drops (undefined) single offerings. */
  readonly change?: (offering: Offering) => Offering | undefined;
}

/** A market in which every node of the state has its price, and which sells the listed types in every test zone. */
export function createMarket(state: ClusterState, options: MarketOptions = {}): Market {
  const sold = options.instanceTypes ?? testInstanceTypes.map((type) => type.name);
  const offerings = new Map<string, Offering>();
  const add = (offering: Offering) => {
    const key = offeringKey(offering);
    const changed = offerings.has(key) ? undefined : (options.change ?? ((same) => same))(offering);
    if (changed !== undefined) offerings.set(key, changed);
  };
  for (const instanceType of sold) {
    for (const zone of testZones) {
      for (const capacityType of options.capacityTypes ?? ['on-demand']) {
        add(priced(instanceType, zone, capacityType));
      }
    }
  }
  for (const node of state.nodes) {
    const ref = nodeOffering(node);
    if (ref !== undefined) add({ ...priced(ref.instanceType, ref.zone, ref.capacityType), supply: 0 });
  }
  return {
    schema: 'market/v1',
    asOfMs: state.takenAtMs,
    region: 'us-east-1',
    currency: 'USD',
    offerings: [...offerings.values()],
    instanceTypes: testInstanceTypes,
  };
}

/** A test offering at its test price: spot costs 40 % of on-demand, with a risk in each of two horizons. */
function priced(instanceType: string, zone: string, capacityType: Offering['capacityType']): Offering {
  const onDemand = testPrices.get(instanceType);
  const base = { instanceType, zone, capacityType, priceSource: 'testkit' };
  if (onDemand === undefined) return { ...base, priceUsdPerHour: null };
  if (capacityType !== 'spot') return { ...base, priceUsdPerHour: onDemand };
  const risk = [1, 24].map((horizonHours) => ({
    horizonHours,
    probability: horizonHours === 1 ? 0.01 : 0.15,
    lower: 0.005,
    upper: 0.3,
    source: 'testkit',
  }));
  return { ...base, priceUsdPerHour: Math.round(onDemand * 400) / 1000, listUsdPerHour: onDemand, risk };
}
