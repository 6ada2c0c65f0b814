import type { ClusterState, Market, Offering, OfferingRef } from '@cloudoptim/core';
import fc from 'fast-check';
import { testInstanceTypes, testZones } from '../builder/instance-shapes.js';
import { createMarket } from '../builder/market.js';

/** How a market differs from the plain one: a few offerings changed, what is for sale, spot or not. */
export interface MarketRecipe {
  readonly types: readonly string[];
  readonly spot: boolean;
  readonly changes: readonly { readonly pick: number; readonly change: Partial<Offering> | 'gone' }[];
}

/** Recipes of markets; `cookMarket` makes them consistent with a cluster. */
export function arbitraryMarketRecipe(): fc.Arbitrary<MarketRecipe> {
  const change: fc.Arbitrary<Partial<Offering> | 'gone'> = fc.oneof(
    fc.constant<Partial<Offering>>({ priceUsdPerHour: null }),
    fc.constant('gone' as const),
    fc.constantFrom<Partial<Offering>>({ supply: 0 }, { supply: 1 }),
    fc
      .oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 2_000_000 }).map((micro) => micro / 1e6) },
        { weight: 1, arbitrary: fc.constantFrom(0, 1e-9) },
      )
      .map((priceUsdPerHour) => ({ priceUsdPerHour })),
    fc.constant<Partial<Offering>>({ risk: [{ horizonHours: 1, probability: 0, lower: 0, upper: 1, source: 'none' }] }),
  );
  return fc.record({
    types: fc.subarray(
      testInstanceTypes.map((type) => type.name),
      { minLength: 0 },
    ),
    spot: fc.boolean(),
    changes: fc.array(fc.record({ pick: fc.nat({ max: 63 }), change }), { maxLength: 3 }),
  });
}

/** The market of a recipe for a cluster: every node's own offering is in it, unless the recipe took it away. */
export function cookMarket(recipe: MarketRecipe, state: ClusterState): Market {
  const market = createMarket(state, {
    instanceTypes: recipe.types,
    capacityTypes: recipe.spot ? ['on-demand', 'spot'] : ['on-demand'],
  });
  const offerings: (Offering | undefined)[] = [...market.offerings];
  for (const { pick, change } of recipe.changes) {
    const index = pick % Math.max(1, offerings.length);
    const offering = offerings[index];
    if (offering !== undefined) offerings[index] = change === 'gone' ? undefined : { ...offering, ...change };
  }
  return { ...market, offerings: offerings.filter((offering) => offering !== undefined) };
}

/** A market for a cluster: prices known and unknown, supplies, spot risks. */
export function arbitraryMarket(state: ClusterState): fc.Arbitrary<Market> {
  return arbitraryMarketRecipe().map((recipe) => cookMarket(recipe, state));
}

/** A reference to an offering, which a market may or may not sell. */
export function arbitraryOfferingRef(): fc.Arbitrary<OfferingRef> {
  return fc.record({
    instanceType: fc.constantFrom(...testInstanceTypes.map((type) => type.name), 'x9z.mystery'),
    zone: fc.constantFrom(...testZones),
    capacityType: fc.constantFrom('on-demand' as const, 'spot' as const, 'reserved' as const),
  });
}
