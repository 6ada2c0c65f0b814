import { describe, expect, it } from 'vitest';
import { instanceTypes, onDemandMarket, regionOfZone } from '../src/index.js';

describe('the on-demand market', () => {
  const nitro = instanceTypes({ hypervisor: 'nitro', mac: false, priced: true });

  it('offers every priced Nitro type once in each zone', () => {
    const market = onDemandMarket({ zones: ['us-east-1a', 'us-east-1b', 'us-east-1a'] });

    expect(market.offerings).toHaveLength(2 * nitro.length);
    expect(market.instanceTypes).toHaveLength(nitro.length);
    expect(market.offerings).toContainEqual(
      expect.objectContaining({ instanceType: 'm5.large', zone: 'us-east-1b', priceUsdPerHour: 0.096 }),
    );
  });

  it('lists the types asked for beside them, and passes over names that it does not know', () => {
    const market = onDemandMarket({ zones: ['us-east-1a'], instanceTypes: ['t2.micro', 'm99.huge', 'm5.large'] });

    expect(market.instanceTypes.map(({ name }) => name)).toContain('t2.micro');
    expect(market.instanceTypes).toHaveLength(nitro.length + 1);
  });

  it('prices nothing in a region or local zone that the catalogue has no prices of', () => {
    const market = onDemandMarket({ zones: ['eu-west-1a', 'us-east-1-bos-1a'], instanceTypes: ['m5.large'] });

    expect(market.offerings).toEqual([]);
    expect(market.instanceTypes.length).toBeGreaterThan(0);
  });
});

describe('the region of a zone', () => {
  it.each([
    ['us-east-1a', 'us-east-1'],
    ['us-gov-west-1b', 'us-gov-west-1'],
    ['ap-southeast-2c', 'ap-southeast-2'],
    ['us-west-2-lax-1a', undefined],
    ['us-east-1-wl1-bos-wlz-1', undefined],
    ['westeurope-1', undefined],
    ['', undefined],
  ])('%s is in %s', (zone, region) => {
    expect(regionOfZone(zone)).toBe(region);
  });
});
