/** Hours in a month of money. (A node-month of interruption rates is 720 h; the two are not mixed.) */
export const hoursPerMonth = 730;

const nanoPerUsd = 1e9;

/** USD to whole nano-dollars. Throws RangeError unless finite. */
export function toNanoUsd(usd: number): bigint {
  if (!Number.isFinite(usd)) throw new RangeError(`An amount of money must be finite, not ${usd}.`);
  const whole = Math.trunc(usd);
  // The fraction is scaled on its own: usd * 1e9 would lose the last digits of amounts above nine million dollars.
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.round((usd - whole) * nanoPerUsd));
}

/** Whole nano-dollars to USD: the nearest number, which up to 2^23 (eight million) dollars gives the nano-dollars back. */
export function fromNanoUsd(nano: bigint): number {
  const negative = nano < 0n;
  const magnitude = negative ? -nano : nano;
  const text = `${magnitude / 1_000_000_000n}.${(magnitude % 1_000_000_000n).toString().padStart(9, '0')}`;
  const usd = Number(text);
  return negative && usd !== 0 ? -usd : usd;
}

/** Sum of USD amounts, exact to the nano-dollar and the same in any order. */
export function sumUsd(amounts: Iterable<number>): number {
  let nano = 0n;
  for (const amount of amounts) nano += toNanoUsd(amount);
  return fromNanoUsd(nano);
}
