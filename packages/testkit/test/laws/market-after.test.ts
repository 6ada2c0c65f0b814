import type { Market, Offering, Plan } from '@cloudoptim/core';
import { expect, it } from 'vitest';
import { buildCluster, createMarket } from '../../src/index.js';
import { marketAfter } from '../../src/laws/market-after.js';

const market = createMarket(buildCluster().addNode().build(), { instanceTypes: ['m5.large', 'm5.xlarge'] });
const [first, second] = market.offerings as readonly [Offering, Offering];
const withSupply = (...supplies: readonly (number | undefined)[]): Market => ({
  ...market,
  offerings: market.offerings.map((offering, index) => {
    const supply = supplies[index];
    return supply === undefined ? offering : { ...offering, supply };
  }),
});
const launching = (...launches: readonly Offering[][]) =>
  ({ groups: [{ actions: launches.map((offerings) => ({ kind: 'launch-node', offerings })) }] }) as unknown as Plan;

// Of the only m5.xlarge a plan had made one replacement; asked again, the engine found one to be had and made another. The
// law of the fixed point blamed the engine for not having made both at once.
it('what a plan launches is no longer to be had', () => {
  const after = marketAfter(withSupply(1, 3), launching([first, second], [second], [second]));
  expect(after.offerings.slice(0, 2).map(({ supply }) => supply)).toEqual([0, 1]);
});

it('never goes below nothing, and where the supply is not known it stays unknown', () => {
  expect(marketAfter(withSupply(0), launching([first], [first])).offerings[0]?.supply).toBe(0);
  const unknown = withSupply();
  expect(marketAfter(unknown, launching([first]))).toBe(unknown);
});
