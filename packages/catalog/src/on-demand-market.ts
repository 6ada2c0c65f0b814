import type { InstanceType, Market, Offering } from '@cloudoptim/core';
import { catalogFacts } from './catalog-facts.js';
import { instanceType, instanceTypes } from './instance-type.js';
import type { InstanceTypeFacts } from './instance-type-facts.js';
import { marketInstanceType } from './market-instance-type.js';
import { onDemandPrice } from './on-demand-price.js';
import { regionOfZone } from './region-of-zone.js';

export interface OnDemandMarketRequest {
  /** Zones in which nodes may be bought, for example those of the cluster's nodes. */
  readonly zones: readonly string[];
  /** Types to list whatever they are, for example those of the cluster's nodes; unknown names are passed over. */
  readonly instanceTypes?: readonly string[];
  /** Of the market as a whole; prices follow the zones. */
  readonly region?: string;
}

/**
 * What can be bought on demand at list price: every priced Nitro type in every zone, and the types asked for. A zone whose
 * region the catalogue has no prices of gets no offering, so that its nodes are unpriced and never priced as another's.
 * The same request gives the same market.
 */
export function onDemandMarket({ zones, instanceTypes: asked = [], region }: OnDemandMarketRequest): Market {
  const facts = new Map<string, InstanceTypeFacts>();
  for (const type of instanceTypes({ hypervisor: 'nitro', mac: false, priced: true })) facts.set(type.name, type);
  for (const name of asked) {
    const type = instanceType(name);
    if (type !== undefined) facts.set(name, type);
  }
  const types: InstanceType[] = [];
  const offerings: Offering[] = [];
  for (const type of facts.values()) {
    types.push(marketInstanceType(type));
    for (const zone of new Set(zones)) offerings.push(...offeringIn(zone, type.name));
  }
  return {
    schema: 'market/v1',
    asOfMs: Date.parse(catalogFacts.asOf),
    ...(region === undefined ? {} : { region }),
    currency: 'USD',
    offerings,
    instanceTypes: types,
  };
}

function offeringIn(zone: string, instanceType: string): Offering[] {
  const price = onDemandPrice({ instanceType, region: regionOfZone(zone) ?? zone });
  if (!price.known) return [];
  return [
    {
      instanceType,
      zone,
      capacityType: 'on-demand',
      priceUsdPerHour: price.usdPerHour,
      listUsdPerHour: price.usdPerHour,
      priceSource: 'catalogue',
      priceAsOfMs: Date.parse(price.asOf),
    },
  ];
}
