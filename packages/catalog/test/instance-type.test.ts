import { describe, expect, it } from 'vitest';
import { instanceType, instanceTypes } from '../src/index.js';

const gibibyte = 2 ** 30;

describe('looking up a type', () => {
  it('knows m5.large', () => {
    expect(instanceType('m5.large')).toEqual({
      name: 'm5.large',
      family: 'm5',
      size: 'large',
      vcpu: 2,
      memoryBytes: 8 * gibibyte,
      architecture: 'amd64',
      mac: false,
      cpuManufacturer: 'intel',
      hypervisor: 'nitro',
      bareMetal: false,
      network: {
        interfaces: 3,
        interfacesOnDefaultCard: 3,
        ipv4PerInterface: 10,
        baselineBandwidthMbps: { known: true, value: 750 },
      },
      accelerators: { known: true, value: [] },
      localNvme: { known: true, value: { totalBytes: 0, disks: { count: 0, bytesEach: 0 } } },
      ebsAttachments: { known: true, value: { kind: 'shared', maximumVolumes: 27 } },
    });
  });

  it('counts memory in whole MiB, as the EC2 API does, also below a GiB', () => {
    expect(instanceType('t3.nano')?.memoryBytes).toBe(0.5 * gibibyte);
    expect(instanceType('t1.micro')?.memoryBytes).toBe(627 * 2 ** 20);
    expect(instanceType('m1.small')?.memoryBytes).toBe(1_740 * 2 ** 20);
    expect(instanceType('u7in-32tb.224xlarge')?.memoryBytes).toBe(32_768 * gibibyte);
  });

  it('answers undefined for a type that it does not have', () => {
    for (const name of [
      '',
      'm5',
      'm5.',
      '.large',
      'm5.3xlarge',
      'm99.large',
      'M5.LARGE',
      'm5.large.x',
      'toString',
      '__proto__.x',
    ]) {
      expect(instanceType(name), name).toBeUndefined();
    }
  });

  it('gives out one frozen object a type', () => {
    const facts = instanceType('g5.48xlarge');
    expect(instanceType('g5.48xlarge')).toBe(facts);
    expect(() => Object.assign(facts?.network ?? {}, { interfaces: 1 })).toThrow(TypeError);
  });
});

describe('listing types', () => {
  it('has 1,352 with a price, and 19 without one', () => {
    expect(instanceTypes({ priced: true })).toHaveLength(1_352);
    expect(instanceTypes({ priced: false }).map(({ family }) => family)).toEqual([
      ...['mac1', 'mac2', 'mac2-m1ultra', 'mac2-m2', 'mac2-m2pro', 'mac-m3ultra', 'mac-m4', 'mac-m4max', 'mac-m4pro'],
      ...Array.from({ length: 8 }, () => 'x8aedz'),
      ...['dl2q', 'p5e'],
    ]);
  });

  it('names each type once', () => {
    const names = instanceTypes().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('filters by each condition, and by all of them at once', () => {
    expect(instanceTypes({ mac: true })).toHaveLength(9);
    expect(instanceTypes({ bareMetal: true }).every(({ size }) => size.startsWith('metal'))).toBe(true);
    expect(instanceTypes({ hypervisor: 'xen' }).map(({ family }) => family)).toContain('t2');
    expect(instanceTypes({ architecture: 'arm64', accelerated: true }).map(({ family }) => family)).toContain('g5g');
    expect(instanceTypes({ families: ['m5', 'nothing', 'm5'], bareMetal: false })).toHaveLength(8);
  });

  it('lists a type with unknown accelerators neither as accelerated nor as plain', () => {
    expect(instanceTypes({ families: ['g7'] })).toHaveLength(6);
    expect(instanceTypes({ families: ['g7'], accelerated: true })).toEqual([]);
    expect(instanceTypes({ families: ['g7'], accelerated: false })).toEqual([]);
  });

  it('lists sizes ascending within a family', () => {
    expect(instanceTypes({ families: ['z1d'] }).map(({ size }) => size)).toEqual([
      'large',
      'xlarge',
      '2xlarge',
      '3xlarge',
      '6xlarge',
      '12xlarge',
      'metal',
    ]);
  });
});
