import type { InstanceType, Market, Node, RankedOffering } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { verifyPlan } from '../src/index.js';
import { gibibyte, node, state, takenAtMs } from './support/build.js';
import { codesOf, launchOf, market, planOf, policy } from './support/plan.js';

const large: RankedOffering = {
  instanceType: 'm5.large',
  zone: 'us-east-1a',
  capacityType: 'on-demand',
  priceCapUsdPerHour: 0.11,
};
const elsewhere = { ...large, zone: 'us-east-1b' };
const size = { cpuMillicores: 1900, memoryBytes: 7 * gibibyte, ephemeralStorageBytes: 20 * gibibyte, pods: 29 };
const m5Large: InstanceType = {
  name: 'm5.large',
  architecture: 'amd64',
  vcpu: 2,
  memoryBytes: 8 * gibibyte,
  allocatable: size,
};

/** Prices as everywhere, with so many m5.large to be had in zones a and b. */
function supplied(a: number | undefined, b?: number): Market {
  return {
    ...market,
    instanceTypes: [m5Large],
    offerings: market.offerings.map((offering) => {
      const supply = offering.zone === large.zone ? a : b;
      return offering.instanceType !== 'm5.large' || supply === undefined ? offering : { ...offering, supply };
    }),
  };
}

/** What is said of launches that list these offerings, one list a launch. */
function codes(of: Market, lists: readonly [RankedOffering, ...RankedOffering[]][], nodes: readonly Node[] = []) {
  const built = state({ nodes: [node('a'), ...nodes] });
  const launches = lists.map((offerings, at) => launchOf(`new-${at}`, { offerings, assumedAllocatable: size }));
  const plan = planOf(built, [launches]);
  return codesOf(verifyPlan(built, of, policy(), plan, { now: takenAtMs, seed: 1 })).filter((code) =>
    ['no-supply', 'allocatable-overstated'].includes(code),
  );
}

describe('launches', () => {
  it('need no more of an offering than its supply', () => {
    expect(codes(supplied(2), [[large], [large]])).toEqual([]);
    expect(codes(supplied(1), [[large], [large]])).toEqual(['no-supply']);
    expect(codes(supplied(0), [[large]])).toEqual(['no-supply']);
  });

  it('give way to one another where they list other offerings as well', () => {
    expect(codes(supplied(1, 1), [[large, elsewhere], [large]])).toEqual([]);
    expect(codes(supplied(1, 1), [[large, elsewhere], [large, elsewhere], [large]])).toEqual(['no-supply']);
    expect(codes(supplied(1), [[large, elsewhere], [large, elsewhere], [large]])).toEqual([]);
  });

  it('bring nodes no larger than their type is known to be', () => {
    const [smaller, seen] = [
      { ...size, cpuMillicores: 1800 },
      { ...size, cpuMillicores: 1930 },
    ];
    const described = (allocatable: InstanceType['allocatable']): Market => ({
      ...market,
      instanceTypes: [{ ...m5Large, allocatable }],
    });
    expect(codes(described(size), [[large]])).toEqual([]);
    expect(codes(described(smaller), [[large]])).toEqual(['allocatable-overstated']);
    const like = { ...node('b'), instanceType: 'm5.large', allocatable: seen };
    expect(codes(described(smaller), [[large]], [like])).toEqual([]);
    expect(codes(described({ ...size, pods: 10 }), [[large]])).toEqual(['allocatable-overstated']);
    expect(codes({ ...market, instanceTypes: [] }, [[large]])).toEqual([]);
  });
});
