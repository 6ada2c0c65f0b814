import { catalogFacts, onDemandMarket, regionOfZone } from '@cloudoptim/catalog';
import { type ClusterState, type Market, type Offering, offeringKey } from '@cloudoptim/core';
import type { PriceRow } from '../prices/price-row.js';

export interface MarketRequest {
  /** Zones in which nodes may be bought. */
  readonly zones: readonly string[];
  /** Names of instance types that the cluster's nodes have, so that theirs are listed whatever they are. */
  readonly instanceTypes: readonly string[];
  /** Of the market as a whole; absent when the nodes do not agree on one. */
  readonly region?: string;
  /** The user's own prices: they win over the catalogue's. */
  readonly prices: readonly PriceRow[];
}

/** What of a cluster decides its market. `region` overrides what the nodes say. */
export function marketRequest(
  state: Pick<ClusterState, 'nodes'>,
  { region, prices = [] }: { readonly region?: string; readonly prices?: readonly PriceRow[] } = {},
): MarketRequest {
  const zones = distinct(state.nodes.map((node) => node.zone));
  const regions = distinct([...state.nodes.map((node) => node.region), ...zones.map((zone) => regionOfZone(zone))]);
  const own = region ?? (regions.length === 1 ? regions[0] : undefined);
  return {
    zones,
    instanceTypes: distinct(state.nodes.map((node) => node.instanceType)),
    ...(own === undefined ? {} : { region: own }),
    prices,
  };
}

/**
 * What nodes can be bought and for how much: the catalogue's on-demand market in every zone of the cluster, and whatever the
 * user's prices add. Spot and reserved capacity is listed only with a price of the user's. The same request gives the same
 * market, so that a plan can be verified later from what its file keeps.
 */
export function marketFromCatalog(request: MarketRequest): Market {
  const listed = onDemandMarket({
    ...request,
    instanceTypes: [...request.instanceTypes, ...request.prices.map(({ instanceType }) => instanceType)],
  });
  const offerings = new Map(listed.offerings.map((offering) => [offeringKey(offering), offering]));
  for (const row of request.prices) {
    for (const zone of row.zone === undefined ? request.zones : request.zones.filter((one) => one === row.zone)) {
      const offering = ownOffering(row, zone, offerings);
      offerings.set(offeringKey(offering), offering);
    }
  }
  return { ...listed, asOfMs: oldestPrice(request.prices), offerings: [...offerings.values()] };
}

/** The row's price is what the account pays; the list price stays beside it where the catalogue has one. */
function ownOffering(row: PriceRow, zone: string, offerings: ReadonlyMap<string, Offering>): Offering {
  const listed = row.capacityType === 'on-demand' ? offerings.get(offeringKey({ ...row, zone })) : undefined;
  return {
    instanceType: row.instanceType,
    zone,
    capacityType: row.capacityType,
    priceUsdPerHour: row.usdPerHour,
    ...(listed?.listUsdPerHour === undefined ? {} : { listUsdPerHour: listed.listUsdPerHour }),
    priceSource: 'price file',
    ...(row.asOfMs === undefined ? {} : { priceAsOfMs: row.asOfMs }),
  };
}

/** A total is as old as its oldest part. */
function oldestPrice(prices: readonly PriceRow[]): number {
  return Math.min(
    Date.parse(catalogFacts.asOf),
    ...prices.flatMap(({ asOfMs }) => (asOfMs === undefined ? [] : [asOfMs])),
  );
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value): value is string => value !== undefined && value !== ''))].sort();
}
