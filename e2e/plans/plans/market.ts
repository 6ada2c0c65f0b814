import { onDemandMarket } from '@cloudoptim/catalog';
import type { Market } from '@cloudoptim/core';
import { zones } from '../cluster/node-spec.js';

const families: ReadonlySet<string> = new Set(['m5', 'c5', 'r5', 'm6g', 't3', 'c5a', 'r6g']);
/** Of the on-demand price; about what spot has cost. */
const spotShare = 0.4;

/** What can be bought in the test's region: some families on demand at list price, and the same on spot. */
export function testMarket(): Market {
  const { instanceTypes, offerings, ...market } = onDemandMarket({ zones, region: 'us-east-1' });
  const kept = offerings.filter(({ instanceType }) => families.has(instanceType.split('.')[0] as string));
  return {
    ...market,
    instanceTypes: instanceTypes.filter(({ name }) => families.has(name.split('.')[0] as string)),
    offerings: kept.flatMap((offering) => {
      const { instanceType, zone, priceUsdPerHour } = offering;
      if (priceUsdPerHour === null) return [offering];
      const spot = { instanceType, zone, capacityType: 'spot', priceUsdPerHour: priceUsdPerHour * spotShare } as const;
      return [offering, spot];
    }),
  };
}
