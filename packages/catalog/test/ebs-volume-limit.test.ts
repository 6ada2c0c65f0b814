import { describe, expect, it } from 'vitest';
import { ebsVolumeLimit } from '../src/index.js';
import { facts } from './support/facts.js';

describe('EBS attachments', () => {
  // MaximumEbsAttachments of DescribeInstanceTypes, as the EBS CSI driver tabulates it.
  it.each([
    ['m5.large', 'shared', 27],
    ['m5.metal', 'shared', 31],
    ['c5ad.24xlarge', 'shared', 25],
    ['c5d.24xlarge', 'shared', 23],
    ['c6gd.medium', 'shared', 26],
    ['c7gd.12xlarge', 'shared', 25],
    ['d3.8xlarge', 'shared', 3],
    ['d3en.xlarge', 'shared', 25],
    ['dl1.24xlarge', 'shared', 28],
    ['g4ad.8xlarge', 'shared', 24],
    ['g4ad.16xlarge', 'shared', 21],
    ['g4dn.12xlarge', 'shared', 22],
    ['g5.24xlarge', 'shared', 22],
    ['g5.48xlarge', 'shared', 9],
    ['g5g.16xlarge', 'shared', 25],
    ['i3en.2xlarge', 'shared', 25],
    ['i3en.24xlarge', 'shared', 19],
    ['i4i.12xlarge', 'shared', 24],
    ['i4i.32xlarge', 'shared', 19],
    ['im4gn.8xlarge', 'shared', 25],
    ['inf1.24xlarge', 'shared', 11],
    ['is4gen.8xlarge', 'shared', 23],
    ['m5ad.16xlarge', 'shared', 23],
    ['p3dn.24xlarge', 'shared', 17],
    ['r6id.32xlarge', 'shared', 23],
    ['trn1.2xlarge', 'shared', 25],
    ['vt1.6xlarge', 'shared', 23],
    ['x2iedn.24xlarge', 'shared', 25],
    ['z1d.12xlarge', 'shared', 25],
    ['c7g.16xlarge', 'shared', 27],
    ['c7a.medium', 'dedicated', 32],
    ['m7i.16xlarge', 'dedicated', 48],
    ['i7ie.18xlarge', 'dedicated', 48],
    ['r7i.24xlarge', 'dedicated', 64],
    ['c7a.32xlarge', 'dedicated', 88],
    ['m8g.48xlarge', 'dedicated', 128],
    ['x8i.64xlarge', 'dedicated', 128],
    ['r7iz.metal-16xl', 'dedicated', 39],
    ['r7iz.metal-32xl', 'dedicated', 79],
    ['c7i.metal-24xl', 'dedicated', 39],
    ['c8a.metal-24xl', 'dedicated', 64],
    ['m8i.metal-48xl', 'dedicated', 64],
    ['m8i.metal-96xl', 'dedicated', 79],
    ['c8gb.metal-48xl', 'dedicated', 78],
    ['c8gn.48xlarge', 'dedicated', 64],
    ['r8gn.metal-48xl', 'dedicated', 39],
    ['p4d.24xlarge', 'dedicated', 28],
    ['p5.4xlarge', 'dedicated', 32],
    ['p6-b300.48xlarge', 'dedicated', 64],
    ['u7i-12tb.224xlarge', 'dedicated', 128],
    ['m4.large', 'dedicated', 39],
  ])('%s: %s %i', (name, kind, maximumVolumes) => {
    expect(facts(name).ebsAttachments).toEqual({ known: true, value: { kind, maximumVolumes } });
  });

  it('is unknown, not guessed, for families newer than the tables', () => {
    for (const name of ['c8in.large', 'm9g.xlarge', 'g7.2xlarge', 'm8gn.metal-24xl']) {
      expect(ebsVolumeLimit(facts(name))).toMatchObject({ known: false, reason: { code: 'ebs-limit-unknown' } });
    }
  });

  it('leaves the root volume its place, and every interface after the first one on shared types', () => {
    expect(ebsVolumeLimit(facts('m5.large'), { networkInterfaces: 1 })).toEqual({ known: true, value: 26 });
    expect(ebsVolumeLimit(facts('m5.large'))).toEqual({ known: true, value: 24 });
    expect(ebsVolumeLimit(facts('m7i.large'))).toEqual({ known: true, value: 31 });
    expect(ebsVolumeLimit(facts('d3.8xlarge'))).toEqual({ known: true, value: 0 });
  });

  it('refuses a node without a network interface', () => {
    expect(() => ebsVolumeLimit(facts('m5.large'), { networkInterfaces: 0 })).toThrow(/networkInterfaces is 0/);
  });
});
