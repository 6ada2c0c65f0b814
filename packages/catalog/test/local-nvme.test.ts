import { describe, expect, it } from 'vitest';
import { facts } from './support/facts.js';

describe('local NVMe storage', () => {
  // TotalSizeInGB of DescribeInstanceTypes, as Karpenter's label instance-local-nvme.
  it.each([
    ['m5ad.16xlarge', 2_400],
    ['m5d.metal', 3_600],
    ['m7gd.metal', 3_800],
    ['c8id.32xlarge', 7_600],
    ['c8id.metal-96xl', 22_800],
    ['r8gd.48xlarge', 11_400],
    ['x2iedn.4xlarge', 475],
    ['i7ie.48xlarge', 120_000],
    ['i8g.12xlarge', 11_250],
    ['i8g.metal-48xl', 45_000],
    ['d3en.12xlarge', 335_520],
    ['g6.48xlarge', 7_520],
    ['g6e.16xlarge', 1_900],
    ['g6f.2xlarge', 200],
    ['g7e.12xlarge', 3_800],
    ['gr6.8xlarge', 900],
    ['f2.48xlarge', 7_520],
    ['p5.4xlarge', 3_800],
    ['p4d.24xlarge', 8_000],
    ['trn1.2xlarge', 474],
    ['d2.xlarge', 0],
    ['m5.large', 0],
  ])('%s has %i GB', (name, gigabytes) => {
    expect(facts(name).localNvme).toMatchObject({ known: true, value: { totalBytes: gigabytes * 1e9 } });
  });

  it('is made of disks that add up', () => {
    expect(facts('c6id.24xlarge').localNvme).toEqual({
      known: true,
      value: { totalBytes: 5.7e12, disks: { count: 4, bytesEach: 1.425e12 } },
    });
  });

  it('is unknown where no source was found', () => {
    for (const name of ['m9gd.large', 'r8idn.metal-96xl', 'g7.48xlarge', 'x8aedz.large']) {
      expect(facts(name).localNvme).toMatchObject({ known: false, reason: { code: 'local-nvme-unknown' } });
    }
  });
});
