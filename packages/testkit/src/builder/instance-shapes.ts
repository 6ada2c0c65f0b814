import type { InstanceType } from '@cloudoptim/core';

const gib = 2 ** 30;

/**
 * A few instance types for tests: real names, round allocatable figures, made-up but plausible prices. For real facts use
 * the catalogue; tests want numbers that a reader can add up.
 */
export const testInstanceTypes: readonly InstanceType[] = [
  shape('m5.large', 2, 8, 29),
  shape('m5.xlarge', 4, 16, 58),
  shape('m5.2xlarge', 8, 32, 58),
  shape('m5.4xlarge', 16, 64, 234),
  shape('c5.large', 2, 4, 29),
  shape('c5.xlarge', 4, 8, 58),
  shape('r5.large', 2, 16, 29),
  shape('m6g.large', 2, 8, 29, 'arm64'),
];

/** On-demand USD per hour of each type of `testInstanceTypes`, the same in every zone. */
export const testPrices: ReadonlyMap<string, number> = new Map([
  ['m5.large', 0.1],
  ['m5.xlarge', 0.2],
  ['m5.2xlarge', 0.4],
  ['m5.4xlarge', 0.8],
  ['c5.large', 0.085],
  ['c5.xlarge', 0.17],
  ['r5.large', 0.125],
  ['m6g.large', 0.077],
]);

/** The zones of test clusters. */
export const testZones = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;

function shape(
  name: string,
  vcpu: number,
  memoryGib: number,
  pods: number,
  architecture: 'amd64' | 'arm64' = 'amd64',
): InstanceType {
  return {
    name,
    architecture,
    vcpu,
    memoryBytes: memoryGib * gib,
    // A tenth of a vCPU and one GiB are kept by the system: close to EKS, and easy to subtract in one's head.
    allocatable: {
      cpuMillicores: vcpu * 1000 - 100,
      memoryBytes: (memoryGib - 1) * gib,
      ephemeralStorageBytes: 18 * gib,
      pods,
    },
    labels: { 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux' },
    volumeLimit: 25,
  };
}
