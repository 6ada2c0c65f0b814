import { describe, expect, it } from 'vitest';
import { catalogFacts, onDemandPrice } from '../src/index.js';

const region = 'us-east-1';

describe('the list price of a type', () => {
  it('comes with its day and its source', () => {
    expect(onDemandPrice({ instanceType: 'm5.large', region })).toEqual({
      known: true,
      usdPerHour: 0.096,
      nanoUsdPerHour: 96_000_000,
      asOf: '2026-07-20',
      source: catalogFacts.source,
    });
  });

  it.each([
    ['t3.nano', 0.0052],
    ['c7gd.medium', 0.0454],
    ['c7gd.2xlarge', 0.3629],
    ['c6g.metal', 2.3066],
    ['p4d.24xlarge', 21.957642],
    ['u7in-32tb.224xlarge', 360.98695],
  ])('is to the cent of a cent: %s %d', (instanceType, usdPerHour) => {
    expect(onDemandPrice({ instanceType, region })).toMatchObject({ known: true, usdPerHour });
  });

  it.each([
    ['a type of a later year', { instanceType: 'm12g.large' }, 'unknown-instance-type'],
    ['a size that the family lacks', { instanceType: 'm5.3xlarge' }, 'unknown-instance-type'],
    ['a type without a list price', { instanceType: 'p5e.48xlarge' }, 'no-list-price'],
    ['a macOS host', { instanceType: 'mac2.metal' }, 'no-list-price'],
    ['another cloud', { instanceType: 'n2-standard-4' }, 'not-an-ec2-type'],
    ['no type at all', { instanceType: '' }, 'not-an-ec2-type'],
    ['Fargate', { instanceType: 'fargate' }, 'fargate'],
    ['spot', { instanceType: 'm5.large', capacityType: 'spot' }, 'capacity-type-not-covered'],
    ['reserved', { instanceType: 'm5.large', capacityType: 'reserved' }, 'capacity-type-not-covered'],
    ['Windows', { instanceType: 'm5.large', operatingSystem: 'windows' }, 'operating-system-not-covered'],
    ['another region', { instanceType: 'm5.large', region: 'eu-west-1' }, 'region-not-covered'],
    ['a region of no name', { instanceType: 'm5.large', region: '' }, 'region-not-covered'],
    ['a zone for a region', { instanceType: 'm5.large', region: 'us-east-1a' }, 'region-not-covered'],
  ])('is not known for %s', (_case, query, code) => {
    const price = onDemandPrice({ region, ...query });
    expect(price).toMatchObject({ known: false, reason: { code } });
    expect(price).not.toHaveProperty('usdPerHour');
  });

  it('takes Linux in any case', () => {
    expect(onDemandPrice({ instanceType: 'm5.large', region, operatingSystem: 'Linux' }).known).toBe(true);
  });
});
