import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { InvalidQuantity, parseQuantity, toMillicores, toWholeUnits } from '../src/index.js';

/** value = numerator / denominator, kept exact: written from the grammar in the Kubernetes API reference, not from our parser. */
interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const multiples: Readonly<Record<string, Rational>> = Object.fromEntries([
  ['', { numerator: 1n, denominator: 1n }],
  ['n', { numerator: 1n, denominator: 1000n ** 3n }],
  ['u', { numerator: 1n, denominator: 1000n ** 2n }],
  ['m', { numerator: 1n, denominator: 1000n }],
  ...[...'kMGTPE'].map((suffix, index) => [suffix, { numerator: 1000n ** BigInt(index + 1), denominator: 1n }]),
  ...[...'KMGTPE'].map((suffix, index) => [`${suffix}i`, { numerator: 1024n ** BigInt(index + 1), denominator: 1n }]),
]);

const digits = (minLength: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength: 15 });
const mantissa = fc.oneof(
  digits(1).map((whole) => ({ text: whole, numerator: BigInt(whole), denominator: 1n })),
  fc.tuple(digits(0), digits(1)).map(([whole, fraction]) => ({
    text: `${whole}.${fraction}`,
    numerator: BigInt(whole + fraction),
    denominator: 10n ** BigInt(fraction.length),
  })),
  digits(1).map((whole) => ({ text: `${whole}.`, numerator: BigInt(whole), denominator: 1n })),
);
const scale = fc.oneof(
  fc.constantFrom(...Object.keys(multiples)).map((suffix) => ({ text: suffix, ...(multiples[suffix] as Rational) })),
  fc
    .tuple(fc.constantFrom('e', 'E'), fc.integer({ min: -40, max: 40 }), fc.boolean())
    .map(([mark, exponent, plus]) => ({
      text: `${mark}${plus && exponent >= 0 ? '+' : ''}${exponent}`,
      numerator: exponent >= 0 ? 10n ** BigInt(exponent) : 1n,
      denominator: exponent < 0 ? 10n ** BigInt(-exponent) : 1n,
    })),
);
const quantity = fc
  .record({ sign: fc.constantFrom('', '+', '-'), mantissa, scale })
  .map(({ sign, mantissa: m, scale: s }) => ({
    text: `${sign}${m.text}${s.text}`,
    isNegative: sign === '-',
    numerator: m.numerator * s.numerator,
    denominator: m.denominator * s.denominator,
  }));

describe('quantities', () => {
  it('are exact to the billionth, and beyond that the next one away from zero', () => {
    fc.assert(
      fc.property(quantity, ({ text, isNegative, numerator, denominator }) => {
        const parsed = parseQuantity(text);
        const magnitude = isNegative ? -parsed : parsed;
        // (magnitude - 1) / 10^9 < exact <= magnitude / 10^9, which no other number satisfies.
        expect(magnitude * denominator >= numerator * 1_000_000_000n, text).toBe(true);
        expect((magnitude - 1n) * denominator < numerator * 1_000_000_000n, text).toBe(true);
      }),
      lawParameters(1000),
    );
  });

  it('round up once, after they were added', () => {
    // Twenty of the largest stay below 2^53: beyond it the answer is InvalidQuantity, as the next law says.
    const small = fc.bigInt({ min: 0n, max: 4n * 10n ** 14n });
    fc.assert(
      fc.property(fc.array(small, { minLength: 1, maxLength: 20 }), (amounts) => {
        const sum = amounts.reduce((a, b) => a + b, 0n);
        const together = toMillicores(sum);
        const apart = amounts.reduce((total, amount) => total + toMillicores(amount), 0);
        expect(BigInt(together) * 1_000_000n >= sum && BigInt(together - 1) * 1_000_000n < sum).toBe(true);
        expect(together <= apart && apart - together < amounts.length).toBe(true);
        expect(BigInt(toWholeUnits(sum * 1_000_000_000n))).toBe(sum);
      }),
      lawParameters(500),
    );
  });

  it('are refused where they could not be counted exactly', () => {
    const large = fc.bigInt({ min: 2n ** 53n, max: 10n ** 20n });
    fc.assert(
      fc.property(large, (amount) => {
        expect(() => toWholeUnits(amount * 1_000_000_000n)).toThrow(/too large/);
        expect(() => toMillicores(amount * 1_000_000n)).toThrow(/too large/);
      }),
      lawParameters(200),
    );
  });

  it('never take a text that Kubernetes refuses', () => {
    const spoiled = fc
      .tuple(
        quantity,
        fc.constantFrom(' ', 'i', 'b', 'B', ',', '_', '--', 'e', 'mm', 'Ki1', '\n', '٣', 'kk'),
        fc.boolean(),
      )
      .map(([{ text }, dirt, before]) => (before ? dirt + text : text + dirt))
      // `5e` + `1` and `1K` + `i` are quantities again.
      .filter((text) => !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[KMGTPE]i|[numkMGTPE]|)$/.test(text));
    fc.assert(
      fc.property(
        fc.oneof(spoiled, fc.constantFrom('', '.', '+', 'm', '1 Gi', '0x10', 'NaN', 'Infinity', '1e41')),
        (text) => {
          expect(() => parseQuantity(text)).toThrow(expect.toSatisfy(InvalidQuantity.isInstance));
        },
      ),
      lawParameters(500),
    );
  });

  it('say so when they are too large to be counted exactly', () => {
    expect(toWholeUnits(BigInt(Number.MAX_SAFE_INTEGER) * 1_000_000_000n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => toWholeUnits(parseQuantity('8Ei'))).toThrow(/too large to be counted exactly/);
  });
});
