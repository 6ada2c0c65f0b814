import { describe, expect, it } from 'vitest';
import { familyNames, familyRule } from '../src/table/families.js';
import { parseFamilyLine, splitFamilyLines } from '../src/table/family-line.js';
import { laddersOf, stepAt } from '../src/table/ladder.js';
import { priceNanoUsd } from '../src/table/price-rule.js';
import { expandSizes, usualVcpu } from '../src/table/sizes.js';

const familyWords = new Set(['gib/vcpu', 'eni', 'net', 'nvme', 'acc', 'ebs', 'usd/vcpu', 'dp']);
const sizeWords = new Set(['cpu', 'gib', 'eni', 'card', 'net', 'nvme', 'acc', 'ebs', 'usd']);

describe('the family lines', () => {
  it('use only words that are explained', () => {
    for (const family of familyNames()) {
      const rule = familyRule(family);
      expect(['intel', 'amd', 'aws', 'apple'], family).toContain(rule?.manufacturer);
      for (const word of rule?.rules.keys() ?? []) expect(familyWords.has(word), `${family} ${word}`).toBe(true);
      for (const exception of rule?.exceptions.values() ?? []) {
        for (const word of exception.keys()) expect(sizeWords.has(word), `${family} ${word}`).toBe(true);
      }
    }
  });

  it('make exceptions only of sizes that they have, and name each size once', () => {
    for (const family of familyNames()) {
      const { sizes = [], exceptions = new Map() } = familyRule(family) ?? {};
      expect(new Set(sizes).size, family).toBe(sizes.length);
      for (const size of exceptions.keys()) expect(sizes, family).toContain(size);
      for (const size of sizes)
        expect(size === 'metal' || usualVcpu(size) !== undefined, `${family}.${size}`).toBe(true);
    }
  });

  it('go on over indented lines, and pass over remarks', () => {
    const lines = splitFamilyLines('\n# a remark\nm1 intel xen small\n  small:cpu=1,usd=0.044\nm2 intel xlarge\n');
    expect([...lines.keys()]).toEqual(['m1', 'm2']);
    const rule = parseFamilyLine(lines.get('m1') ?? '');
    expect(rule.flags.has('xen')).toBe(true);
    expect(rule.exceptions.get('small')).toEqual(
      new Map([
        ['cpu', '1'],
        ['usd', '0.044'],
      ]),
    );
  });
});

describe('the words of a line', () => {
  it('walk from size to size', () => {
    expect(expandSizes('large..4xlarge')).toEqual(['large', 'xlarge', '2xlarge', '4xlarge']);
    expect(expandSizes('metal-24xl')).toEqual(['metal-24xl']);
    expect([usualVcpu('medium'), usualVcpu('xlarge'), usualVcpu('9xlarge'), usualVcpu('metal-48xl')]).toEqual([
      1, 4, 36, 192,
    ]);
    expect(usualVcpu('metal')).toBeUndefined();
  });

  it('read ladders by rung or by step', () => {
    const ladder = laddersOf('\nshort 1:a\nlong 2:b 8:c\n');
    const long = ladder('long') ?? new Map();
    expect([long.get(8), long.get(4), stepAt(long, 4), stepAt(long, 1)]).toEqual(['c', undefined, 'b', undefined]);
    expect([ladder('lon'), ladder('')]).toEqual([undefined, undefined]);
  });

  it('round prices as AWS does', () => {
    const price = (vcpu: number, usdPerVcpu?: string, decimals?: string, usd?: string) =>
      priceNanoUsd({ vcpu, usdPerVcpu, decimals, usd });
    expect(price(96, '0.048')).toBe(4_608_000_000);
    expect(price(1, '0.04536', '4')).toBe(45_400_000);
    expect(price(64, '0.034', '4', 'x1.06')).toBe(2_306_600_000);
    expect(price(96, '1', '4', '21.957642')).toBe(21_957_642_000);
    expect(price(2)).toBeUndefined();
  });
});
