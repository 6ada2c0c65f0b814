import { describe, expect, it } from 'vitest';
import { allocatable, capacityMemoryBytes, kubeReserved } from '../src/index.js';
import { facts } from './support/facts.js';

const kibibyte = 2 ** 10;
const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

describe('what a node offers to pods', () => {
  // As Karpenter's reference page of instance types (v1.12) prints them: CPU in millicores, memory in MiB, pods.
  it.each([
    ['m5d.large', 1_930, 6_903, 29],
    ['m5d.24xlarge', 95_690, 355_262, 737],
    ['m7gd.medium', 940, 3_286, 8],
    ['m7g.16xlarge', 63_770, 233_962, 737],
    ['r8gd.medium', 940, 7_075, 8],
    ['c8in.96xlarge', 382_970, 718_756, 758],
    ['d2.8xlarge', 35_840, 228_187, 234],
    ['vt1.3xlarge', 11_900, 21_739, 58],
    ['p5.48xlarge', 191_450, 1_938_410, 100],
    ['trn1n.32xlarge', 127_610, 481_894, 247],
    ['u7in-32tb.224xlarge', 893_690, 31_033_160, 394],
    ['i8g.metal-48xl', 191_450, 1_446_378, 737],
  ])('%s: %i m CPU, %i MiB, %i pods', (name, cpuMillicores, mebibytes, pods) => {
    const offered = allocatable(facts(name));
    expect(offered).toMatchObject({ cpuMillicores, pods, memoryBytes: mebibytes * mebibyte });
    expect(offered.ephemeralStorageBytes).toBe(17 * gibibyte);
  });

  it('promises no more memory than real EKS nodes have, and at most 3 % less', () => {
    // Read off nodes: `kubectl get node -o jsonpath={.status.allocatable}`. CPU and pods are equal. Memory differs since the
    // real overhead of these types is below Karpenter's 7.5 %: t3.small has 19,808 KiB more, m5.large 171 MiB.
    for (const [name, cpuMillicores, memoryKibibytes, pods] of [
      ['t3.small', 1_930, 1_471_840, 11],
      ['m5.large', 1_930, 7_244_264, 29],
    ] as const) {
      const offered = allocatable(facts(name));
      expect(offered).toMatchObject({ cpuMillicores, pods });
      expect(offered.memoryBytes).toBeLessThanOrEqual(memoryKibibytes * kibibyte);
      expect(offered.memoryBytes).toBeGreaterThan(0.97 * memoryKibibytes * kibibyte);
    }
  });

  it('offers accelerators by their Kubernetes names', () => {
    expect(allocatable(facts('g5.48xlarge')).extended).toEqual({ 'nvidia.com/gpu': 8 });
    expect(allocatable(facts('g4ad.16xlarge')).extended).toEqual({ 'amd.com/gpu': 4 });
    expect(allocatable(facts('dl1.24xlarge')).extended).toEqual({ 'habana.ai/gaudi': 8 });
    expect(allocatable(facts('trn1.32xlarge')).extended).toEqual({
      'aws.amazon.com/neuron': 16,
      'aws.amazon.com/neuroncore': 32,
    });
    expect(allocatable(facts('m5.large')).extended).toEqual({});
  });

  it('promises no GPU where a type has a part of one, and says so where the count is unknown', () => {
    expect(allocatable(facts('g6f.xlarge'))).toMatchObject({ extended: {}, unknown: [] });
    expect(allocatable(facts('g7.48xlarge'))).toMatchObject({
      extended: {},
      unknown: [{ code: 'accelerators-unknown' }],
    });
  });

  it('reserves memory for the pods of the kubelet or of the addresses, whichever is more', () => {
    const memory = (options: object) => allocatable(facts('m5.large'), options).memoryBytes / mebibyte;
    const perPod = 11;
    expect(memory({ prefixDelegation: true })).toBe(6_903 - perPod * (110 - 29));
    expect(memory({ prefixDelegation: true, kubeReservedPods: 'addresses' })).toBe(6_903);
    expect(memory({ maxPods: 10 })).toBe(6_903);
    expect(memory({ maxPods: 10, kubeReservedPods: 'max-pods' })).toBe(6_903 + perPod * 19);
  });

  it('takes the kubelet settings that it is told', () => {
    expect(allocatable(facts('m5.large'), { maxPods: 110 }).pods).toBe(110);
    expect(allocatable(facts('m5.large'), { podsPerCore: 10 }).pods).toBe(20);
    expect(allocatable(facts('m5.large'), { podsPerCore: 100 }).pods).toBe(29);
    expect(allocatable(facts('m5.large'), { kubeReserved: { cpuMillicores: 0 } }).cpuMillicores).toBe(2_000);
    expect(allocatable(facts('m5.large'), { systemReserved: { cpuMillicores: 100 } }).cpuMillicores).toBe(1_830);
    expect(allocatable(facts('m5.large'), { rootVolumeBytes: 100 * gibibyte }).ephemeralStorageBytes).toBe(
      89 * gibibyte,
    );
  });

  it('puts pods on local NVMe when told to, and where the type is known to have it', () => {
    const raid = { instanceStorePolicy: 'RAID0' } as const;
    expect(allocatable(facts('m5d.large'), raid).ephemeralStorageBytes).toBe(67.5e9 - gibibyte);
    expect(allocatable(facts('m5.large'), raid).ephemeralStorageBytes).toBe(17 * gibibyte);
    expect(allocatable(facts('m9gd.large'), raid).ephemeralStorageBytes).toBe(17 * gibibyte);
  });

  it('never goes below zero', () => {
    const nothing = allocatable(facts('t3.nano'), {
      systemReserved: { memoryBytes: 2 ** 40, cpuMillicores: 1e6 },
      rootVolumeBytes: 0,
    });
    expect(nothing).toMatchObject({ cpuMillicores: 0, memoryBytes: 0, ephemeralStorageBytes: 0 });
  });

  it('refuses settings that are no numbers, by name', () => {
    expect(() => allocatable(facts('m5.large'), { maxPods: Number.NaN })).toThrow(/allocatable: maxPods is NaN/);
    expect(() => allocatable(facts('m5.large'), { systemReserved: { memoryBytes: -1 } })).toThrow(
      /systemReserved.memoryBytes/,
    );
    expect(() => capacityMemoryBytes(facts('m5.large'), -0.1)).toThrow(RangeError);
  });
});

describe('what the EKS AMI reserves', () => {
  it.each([
    [1, 60],
    [2, 70],
    [4, 80],
    [8, 90],
    [96, 310],
  ])('%i vCPU: %i m', (vcpu, cpuMillicores) => {
    expect(kubeReserved({ vcpu, pods: 29 })).toEqual({
      cpuMillicores,
      memoryBytes: 574 * mebibyte,
      ephemeralStorageBytes: gibibyte,
    });
  });
});
