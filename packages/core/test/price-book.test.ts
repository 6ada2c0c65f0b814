import { expect, it } from 'vitest';
import { createPriceBook, type Offering, type OfferingRef } from '../src/index.js';
import { market, node } from './fixtures/small-cluster.js';

const ref: OfferingRef = { instanceType: 'x9.large', zone: 'us-east-1a', capacityType: 'spot' };
const at = (priceUsdPerHour: number | null): Offering => ({ ...ref, priceUsdPerHour });

it.each([null, Number.NaN, Number.POSITIVE_INFINITY, -0.1])('does not know what %j costs', (price) => {
  expect(createPriceBook(market([at(price)])).usdPerHour(ref)).toBeUndefined();
});

it('knows nothing without a market, and nothing of a node whose offering is not clear', () => {
  expect(createPriceBook(undefined).usdPerHour(ref)).toBeUndefined();
  const { zone: _, ...zoneless } = node('a');
  expect(createPriceBook(market()).nodeUsdPerHour(zoneless)).toBeUndefined();
  expect(createPriceBook(market()).nodeUsdPerHour(node('a'))).toBe(0.096);
});

it('takes a price of zero that the market states', () => {
  expect(createPriceBook(market([at(0)])).usdPerHour(ref)).toBe(0);
});

// verifyPlan asks for the price of one offering at a time, and spent half of its time on reading all of them again.
it('keeps the book of a market', () => {
  const one = market([at(0.1)]);
  expect(createPriceBook(one)).toBe(createPriceBook(one));
  expect(createPriceBook(market([at(0.2)]))).not.toBe(createPriceBook(one));
});
