import type { Offering, Reason } from '@cloudoptim/core';

/** Why a pool is not one to prefer; `most` is the probability of an interruption within a day that is put up with, 0 to 1. */
export function reasonAgainst(offering: Offering, most: number): Reason | undefined {
  if (offering.capacityType !== 'spot') return { code: 'not-spot', message: 'It is not a spot pool.' };
  if (offering.priceUsdPerHour === null) return { code: 'no-known-price', message: 'Its price is not known.' };
  if (offering.supply === 0) return { code: 'none-to-be-had', message: 'There are none to be had.' };
  const day = offering.risk?.find(({ horizonHours }) => horizonHours === 24);
  if (day === undefined)
    return { code: 'risk-unknown', message: 'How often it is interrupted within a day is not known.' };
  if (day.probability <= most) return undefined;
  return {
    code: 'interrupted-too-often',
    message: 'It is interrupted too often.',
    numbers: { probability: day.probability, most },
  };
}
