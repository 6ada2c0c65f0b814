import { describe, expect, it } from 'vitest';
import { instanceTypes, parseInstanceTypeName } from '../src/index.js';

describe('taking a name apart', () => {
  it.each([
    ['m5.large', 'm', 5, undefined],
    ['c7i-flex.2xlarge', 'c', 7, 'intel'],
    ['m8azn.metal-24xl', 'm', 8, 'amd'],
    ['im4gn.16xlarge', 'im', 4, 'aws'],
    ['u-6tb1.56xlarge', 'u', 1, undefined],
    ['u7i-12tb.224xlarge', 'u', 7, 'intel'],
    ['p6-b200.48xlarge', 'p', 6, undefined],
    ['trn1n.32xlarge', 'trn', 1, undefined],
    ['mac2-m2pro.metal', 'mac', 2, undefined],
  ])('%s is category %s, generation %s', (name, category, generation, cpuManufacturer) => {
    expect(parseInstanceTypeName(name)).toMatchObject({ category, generation });
    expect(parseInstanceTypeName(name)?.cpuManufacturer).toBe(cpuManufacturer);
  });

  it('works on types that are in no table', () => {
    expect(parseInstanceTypeName('r12gd.metal-200xl')).toEqual({
      name: 'r12gd.metal-200xl',
      family: 'r12gd',
      size: 'metal-200xl',
      category: 'r',
      generation: 12,
      flex: false,
      bareMetal: true,
      cpuManufacturer: 'aws',
    });
  });

  it('leaves out what the name does not say', () => {
    expect(parseInstanceTypeName('mac-m4.metal')).toEqual({
      name: 'mac-m4.metal',
      family: 'mac-m4',
      size: 'metal',
      flex: false,
      bareMetal: true,
    });
  });

  it('refuses names of other clouds and shapes', () => {
    for (const name of ['n2-standard-4', 'Standard_D4s_v5', 'm5.', '.large', 'm5.large.', 'm5 .large', 'fargate', '']) {
      expect(parseInstanceTypeName(name), name).toBeUndefined();
    }
  });

  it('agrees with the table wherever a name tells the manufacturer', () => {
    for (const { name, cpuManufacturer } of instanceTypes()) {
      expect(parseInstanceTypeName(name)?.cpuManufacturer ?? cpuManufacturer, name).toBe(cpuManufacturer);
    }
  });
});
