import fc from 'fast-check';

/**
 * Names that break careless code: keys of Object.prototype, other scripts, terminal escapes, markup, CSV formulas, the longest
 * Kubernetes name. All of them are data.
 */
export const adversarialNames: readonly string[] = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'überwachung-日本',
  '\u001b[31mred\u001b[0m',
  '<b>bold</b>|`x`',
  '=1+1',
  'a'.repeat(253),
  'Ⅷ.0',
  '0',
  '-',
  'null',
];

/** Mostly the plain name that is given, now and then one of `adversarialNames`. Shrinks to the plain one. */
export function arbitraryName(plain: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.constant(plain) },
    { weight: 1, arbitrary: fc.constantFrom(...adversarialNames) },
  );
}

/** Whole amounts of a resource, with the corners: 0, 1, and more than any node has. Shrinks to 0. */
export function arbitraryAmount(usualMaximum: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 0, max: usualMaximum }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, usualMaximum * 1000, 2 ** 50) },
  );
}

/** USD per hour, exact to the nano-dollar, with the corners: 0, one nano-dollar, absurdly dear. */
export function arbitraryUsd(): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: 1, max: 5_000_000 }).map((micro) => micro / 1e6) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1e-9, 123_456.789) },
  );
}

/** An instant in milliseconds since the epoch, in 2026. */
export function arbitraryInstant(): fc.Arbitrary<number> {
  return fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) });
}

/** A record with at most `maxKeys` entries whose keys may be adversarial; every key is an own property, `__proto__` included. */
export function arbitraryRecord<T>(value: fc.Arbitrary<T>, maxKeys = 3): fc.Arbitrary<Record<string, T>> {
  const key = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'team', 'example.com/tier') },
    { weight: 1, arbitrary: fc.constantFrom(...adversarialNames) },
  );
  return fc
    .array(fc.tuple(key, value), { maxLength: maxKeys })
    .map((entries): Record<string, T> => Object.fromEntries(entries));
}
