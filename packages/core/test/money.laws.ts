import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { createPriceBook, fromNanoUsd, type Offering, offeringKey, sumUsd, toNanoUsd } from '../src/index.js';

/** Up to 2^23 dollars neighbouring doubles are less than a nano-dollar apart. */
const limit = 2n ** 23n * 1_000_000_000n;
const nano = fc.bigInt({ min: -limit, max: limit });

it('nano-dollars survive the journey through USD', () => {
  fc.assert(
    fc.property(nano, (amount) => {
      expect(toNanoUsd(fromNanoUsd(amount))).toBe(amount);
    }),
    lawParameters(1000),
  );
});

it('sums are exact, and the same in any order and any grouping', () => {
  const prices = fc.array(fc.bigInt({ min: 0n, max: 100_000_000_000n }), { maxLength: 60 });
  const shuffled = prices.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.nat(list.length)),
  );
  fc.assert(
    fc.property(shuffled, ([list, other, cut]) => {
      const exact = fromNanoUsd(list.reduce((a, b) => a + b, 0n));
      const usd = other.map(fromNanoUsd);
      expect(sumUsd(list.map(fromNanoUsd))).toBe(exact);
      expect(sumUsd(usd)).toBe(exact);
      expect(sumUsd([sumUsd(usd.slice(0, cut)), sumUsd(usd.slice(cut))])).toBe(exact);
    }),
    lawParameters(500),
  );
});

it('money that is not finite is no money', () => {
  for (const amount of [Number.NaN, Number.POSITIVE_INFINITY]) expect(() => toNanoUsd(amount)).toThrow(RangeError);
});

it('a price book never makes an unknown price free, and never invents one', () => {
  const offering: fc.Arbitrary<Offering> = fc.record({
    instanceType: fc.constantFrom('a', 'b', '__proto__', 'constructor'),
    zone: fc.constantFrom('x', 'y', 'toString'),
    capacityType: fc.constantFrom('spot', 'on-demand'),
    priceUsdPerHour: fc.oneof(fc.constantFrom(null, Number.NaN, -1, 0), fc.double({ min: 0, max: 100, noNaN: true })),
  });
  const offerings = fc.uniqueArray(offering, { selector: offeringKey, maxLength: 12 });
  fc.assert(
    fc.property(offerings, offering, (listed, asked) => {
      const book = createPriceBook({
        schema: 'market/v1',
        asOfMs: 0,
        currency: 'USD',
        offerings: listed,
        instanceTypes: [],
      });
      const found = listed.find((other) => offeringKey(other) === offeringKey(asked));
      const known = found?.priceUsdPerHour;
      const isKnown = typeof known === 'number' && known >= 0;
      expect(book.usdPerHour(asked)).toBe(isKnown ? known : undefined);
    }),
    lawParameters(500),
  );
});
