import { describe, expect, it } from 'vitest';
import { maxPods } from '../src/index.js';
import { facts } from './support/facts.js';

describe('pods on a node', () => {
  // amazon-eks-ami, eni-max-pods.txt.
  it.each([
    ['t3.nano', 4],
    ['t3.small', 11],
    ['t3a.small', 8],
    ['m5.large', 29],
    ['m5.xlarge', 58],
    ['m5.4xlarge', 234],
    ['m5.24xlarge', 737],
    ['d3en.12xlarge', 89],
    ['g5.48xlarge', 345],
    ['i4i.24xlarge', 437],
    ['inf1.24xlarge', 321],
    ['r8i.96xlarge', 1_514],
    ['c8gn.24xlarge', 1_178],
  ])('%s takes %i by its addresses', (name, pods) => {
    expect(maxPods(facts(name))).toBe(pods);
  });

  // The same source: on types with several network cards, only the first is for pods.
  it.each([
    ['c6in.32xlarge', 394],
    ['c8gn.48xlarge', 590],
    ['r8gb.metal-48xl', 590],
    ['c8ib.96xlarge', 758],
    ['dl1.24xlarge', 737],
    ['g6e.48xlarge', 492],
    ['g7e.24xlarge', 632],
    ['p4d.24xlarge', 737],
    ['p5.48xlarge', 100],
    ['p5en.48xlarge', 198],
    ['p6-b200.48xlarge', 198],
    ['trn1.32xlarge', 247],
    ['u7in-24tb.224xlarge', 394],
  ])('%s takes %i, from the interfaces of its first network card', (name, pods) => {
    expect(maxPods(facts(name))).toBe(pods);
  });

  it('takes 110 below 30 vCPU and 250 from there with prefixes', () => {
    expect(maxPods(facts('m5.large'), { prefixDelegation: true })).toBe(110);
    expect(maxPods(facts('m5.4xlarge'), { prefixDelegation: true })).toBe(110);
    expect(maxPods(facts('m5.8xlarge'), { prefixDelegation: true })).toBe(250);
    expect(maxPods(facts('t3.nano'), { prefixDelegation: true })).toBe(34);
  });

  it('does not give prefixes to Xen', () => {
    expect(maxPods(facts('m4.large'), { prefixDelegation: true })).toBe(maxPods(facts('m4.large')));
  });

  it('caps managed node groups without prefixes too', () => {
    expect(maxPods(facts('m5.4xlarge'), { managedNodeGroup: true })).toBe(110);
    expect(maxPods(facts('m5.24xlarge'), { managedNodeGroup: true })).toBe(250);
    expect(maxPods(facts('m5.large'), { managedNodeGroup: true })).toBe(29);
  });

  it('keeps reserved interfaces from pods, and has none when all are reserved', () => {
    expect(maxPods(facts('m5.large'), { reservedInterfaces: 1 })).toBe(20);
    expect(maxPods(facts('m5.large'), { reservedInterfaces: 3 })).toBe(0);
    expect(maxPods(facts('m5.large'), { reservedInterfaces: 99, prefixDelegation: true })).toBe(0);
  });

  it('refuses a number that is none', () => {
    for (const reservedInterfaces of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => maxPods(facts('m5.large'), { reservedInterfaces })).toThrow(
        /maxPods: reservedInterfaces is .*; give a number/,
      );
    }
  });
});
