import type { PartialPolicy } from '@cloudoptim/core';
import fc from 'fast-check';

/**
 * Policies as users write them: only what differs from the defaults. Mostly empty; limits, filters and switches of every
 * kind now and then. Never frozen: laws freeze on their own.
 */
export function arbitraryPolicy(): fc.Arbitrary<PartialPolicy> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<PartialPolicy>({}) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.constantFrom(...rules), { minLength: 1, maxLength: 2 })
        .map((chosen): PartialPolicy => Object.assign({}, ...chosen)),
    },
  );
}

const share = [0, 0.1, 0.5] as const;

const rules: readonly PartialPolicy[] = [
  { namespaces: { exclude: ['team-a'] } },
  { namespaces: { include: ['default'] } },
  { maxDisruption: { nodes: 1 } },
  { maxDisruption: { evictions: 3 } },
  { maxDisruption: { nodes: 0 } },
  { minSavings: { usdPerHour: 0.15 } },
  { minSavings: { usdPerHourPerEviction: 0.02 } },
  { disruptionBudgets: [{ nodes: 1 }] },
  { disruptionBudgets: [{ nodes: '0%' }] },
  { disruptionBudgets: [{ nodes: '50%', pool: 'default' }] },
  { maxGroupsInFlight: 2 },
  { pins: { singleReplica: false } },
  { pins: { barePods: false, jobs: false } },
  { pins: { emptyDir: true } },
  { pins: { hostPath: false } },
  { optOuts: { doNotDisrupt: false } },
  { optOuts: { safeToEvict: false, scaleDownDisabled: false, peers: false } },
  ...share.map((cpuShare): PartialPolicy => ({ headroom: { cpuShare } })),
  { onDemandFloor: 0.5 },
  { pricePremiumCap: 0 },
  { allowedOfferings: { capacityTypes: ['on-demand'] } },
  { allowedOfferings: { capacityTypes: ['spot'] } },
  { allowedOfferings: { instanceTypes: ['r5.*', 'c5.large'] } },
  { allowedOfferings: { instanceTypes: ['m5.*'], zones: ['us-east-1a'] } },
  { allowedOfferings: { excludeInstanceTypes: ['m5.4xlarge'], architectures: ['amd64'] } },
  { preferences: 'ignore' },
  { minRobustness: 0.5 },
  { drainDeadlineSeconds: 300 },
  { planValidSeconds: 60 },
  { extensions: ['example.com/note'] },
];
