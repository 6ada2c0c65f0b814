/**
 * The list price of a size in whole nano-dollars per hour, exact: integers only, since 0.1 + 0.2 is not 0.3 in binary
 * fractions. `usd/vcpu` × vCPU, times the factor of the size (bare metal often costs 10 % more than the rule), rounded half
 * up to `dp` decimals, because that is how AWS rounds a price that does not divide. Undefined when the line has no price.
 */
export function priceNanoUsd(line: {
  readonly vcpu: number;
  readonly usdPerVcpu: string | undefined;
  readonly decimals: string | undefined;
  /** The `usd` of the size: an amount, or `x1.1`. */
  readonly usd: string | undefined;
}): number | undefined {
  const { vcpu, usdPerVcpu, decimals, usd } = line;
  if (usd !== undefined && !usd.startsWith('x')) return scaled(usd, 9);
  if (usdPerVcpu === undefined) return undefined;
  const permille = usd === undefined ? 1_000 : scaled(usd.slice(1), 3);
  const unit = 10 ** (9 - Number(decimals ?? 9)) * 1_000;
  const exact = scaled(usdPerVcpu, 9) * vcpu * permille;
  return (Math.floor((2 * exact + unit) / (2 * unit)) * unit) / 1_000;
}

/** A decimal text as an integer of 10^-digits. */
function scaled(decimal: string, digits: number): number {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return Number(whole) * 10 ** digits + Number(fraction.padEnd(digits, '0'));
}
