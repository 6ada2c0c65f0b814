import type { CapacityType } from '@cloudoptim/core';
import type { Random } from '../random.js';

/** Who makes the nodes of a part of the cluster. `unknown` nodes carry no sign of an owner. */
export type Pool =
  | { readonly kind: 'karpenter'; readonly name: string; readonly budget: string; readonly cpuLimit?: number }
  | {
      readonly kind: 'managed-node-group';
      readonly name: string;
      readonly minSize: number;
      readonly maxSize: number;
    }
  | { readonly kind: 'self-managed'; readonly name: string }
  | { readonly kind: 'unknown'; readonly name: string };

export interface NodeSpec {
  readonly name: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly capacityType: CapacityType;
  readonly pool: Pool;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: string }[];
}

export const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;

/** Small and cheap shapes, so that some pods fill a node; arm64 among them. */
const instanceTypes = ['m5.large', 'm5.xlarge', 'c5.xlarge', 'r5.large', 'm6g.large', 't3.large', 'c5.2xlarge'];

/** Karpenter in most clusters, alone or beside others; a budget that bites in some. */
export function poolsOf(seed: number, random: Random): Pool[] {
  const pools: Pool[] = [
    {
      kind: 'karpenter',
      name: `general-${seed}`,
      budget: random.chance(0.8) ? '100%' : random.pick(['1', '10%', '0']),
      ...(random.chance(0.1) && { cpuLimit: random.integer(8, 24) }),
    },
  ];
  if (random.chance(0.3)) {
    const minSize = random.integer(0, 2);
    pools.push({ kind: 'managed-node-group', name: `workers-${seed}`, minSize, maxSize: minSize + 6 });
  }
  if (random.chance(0.25)) pools.push({ kind: 'self-managed', name: 'racks' });
  if (random.chance(0.12)) pools.push({ kind: 'unknown', name: 'stray' });
  return pools;
}

export function nodeSpecs(seed: number, pools: readonly Pool[], random: Random): NodeSpec[] {
  const count = random.integer(3, 15);
  const zoneCount = random.integer(1, 3);
  const types = random.shuffled(instanceTypes).slice(0, random.integer(1, 4));
  const dedicated = random.chance(0.15)
    ? random.pick(['NoSchedule', 'NoSchedule', 'NoExecute', 'PreferNoSchedule'])
    : '';
  return Array.from({ length: count }, (_, index) => {
    // The first pool takes half of the nodes at least.
    const pool = random.chance(0.5) ? (pools[0] as Pool) : random.pick(pools);
    const annotations: Record<string, string> = {};
    if (random.chance(0.04)) annotations['karpenter.sh/do-not-disrupt'] = 'true';
    if (random.chance(0.03)) annotations['cluster-autoscaler.kubernetes.io/scale-down-disabled'] = 'true';
    return {
      name: `n${seed}-${index}`,
      instanceType: random.pick(types),
      zone: zones[random.integer(0, zoneCount - 1)] as string,
      capacityType: random.chance(0.3) ? 'spot' : 'on-demand',
      pool,
      annotations,
      taints: dedicated !== '' && index % 4 === 3 ? [{ key: 'dedicated', value: 'batch', effect: dedicated }] : [],
    };
  });
}
