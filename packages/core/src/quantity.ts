import { InvalidQuantity } from './errors/invalid-quantity.js';

/** How many billionths one of each suffix is. */
const scales: Readonly<Record<string, bigint>> = {
  '': 1_000_000_000n,
  n: 1n,
  u: 1_000n,
  m: 1_000_000n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 2n ** 10n * 1_000_000_000n,
  Mi: 2n ** 20n * 1_000_000_000n,
  Gi: 2n ** 30n * 1_000_000_000n,
  Ti: 2n ** 40n * 1_000_000_000n,
  Pi: 2n ** 50n * 1_000_000_000n,
  Ei: 2n ** 60n * 1_000_000_000n,
};
const form = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([eE])([+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?)$/;

/** Kubernetes caps such values; here an exponent of a million would be a number of a million digits. */
const largestExponent = 40;
const longestText = 100;

/**
 * Parses a Kubernetes quantity exactly, in billionths (nano) of its unit: `1.5` is 1_500_000_000n, `1Ki` is 1024_000_000_000n.
 * Finer than a billionth is rounded away from zero, as apimachinery does. Throws InvalidQuantity.
 * Source: k8s.io/apimachinery/pkg/api/resource/quantity.go.
 */
export function parseQuantity(text: string | number): bigint {
  const source = String(text);
  if (source.length > longestText) throw new InvalidQuantity(source, `it has more than ${longestText} characters`);
  const match = form.exec(source);
  if (match === null) throw new InvalidQuantity(source, 'it has no such form');
  const [, sign, whole, fraction, bareFraction, exponentMark, exponentText, suffix] = match;
  const decimals = fraction ?? bareFraction ?? '';
  const digits = BigInt((whole ?? '0') + decimals);
  let numerator = scales[suffix ?? ''] as bigint;
  let denominator = 10n ** BigInt(decimals.length);
  if (exponentMark !== undefined) {
    const exponent = Number(exponentText);
    if (Math.abs(exponent) > largestExponent)
      throw new InvalidQuantity(source, `its exponent is beyond ${largestExponent}`);
    if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
    else denominator *= 10n ** BigInt(-exponent);
  }
  const magnitude = ceilDivide(digits * numerator, denominator);
  return sign === '-' ? -magnitude : magnitude;
}

/** Nano-units of a cpu quantity to millicores, rounded up. Sum first, then round. */
export function toMillicores(nano: bigint): number {
  return exactNumber(ceilDivide(nano, 1_000_000n));
}

/** Nano-units of any other quantity to whole units (bytes, devices), rounded up. Sum first, then round. */
export function toWholeUnits(nano: bigint): number {
  return exactNumber(ceilDivide(nano, 1_000_000_000n));
}

function exactNumber(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number))
    throw new InvalidQuantity(value.toString(), 'it is too large to be counted exactly (beyond 2^53)');
  return number;
}

function ceilDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator > 0n ? quotient + 1n : quotient;
}
