import type {
  AllowedOfferings,
  ClusterState,
  InstanceType,
  Market,
  NodeClass,
  NodePool,
  Offering,
  Policy,
} from '@cloudoptim/core';
import type { Labels } from '../labels.js';
import { type Profile, requirementHolds } from './profile.js';

/** An offering as it would come through one NodePool (or, in a cluster without any, through whatever launches nodes). */
export interface Launchable {
  readonly offering: Offering;
  readonly type: InstanceType;
  readonly pool: string;
  readonly usdPerHour: number;
  /** The most pods that the kubelet is told to run, where the node class says so. */
  readonly maxPods: number;
  readonly profile: Profile;
}

/** Labels that the cloud gives: a market that does not name one may simply not know it. */
const cloudLabels = /^(karpenter\.k8s\.aws|eks\.amazonaws\.com|topology\.|node\.kubernetes\.io)/;

/** Everything that may be bought: priced, in supply, allowed by policy and by the pool's own requirements. */
export function launchables(state: ClusterState, market: Market, policy: Policy): Launchable[] {
  const types = new Map(market.instanceTypes.map((type) => [type.name, type]));
  const pools: readonly (NodePool | undefined)[] = state.nodePools.length > 0 ? state.nodePools : [undefined];
  return pools.flatMap((pool) => {
    const nodeClass = state.nodeClasses.find(
      ({ kind, name }) => kind === pool?.nodeClass?.kind && name === pool.nodeClass.name,
    );
    const found: Launchable[] = [];
    for (const offering of market.offerings) {
      const type = types.get(offering.instanceType);
      const usdPerHour = offering.priceUsdPerHour;
      if (type === undefined || usdPerHour === null || !Number.isFinite(usdPerHour) || usdPerHour < 0) continue;
      if (offering.supply === 0 || !isAllowed(policy.allowedOfferings, offering, type)) continue;
      if (nodeClass?.zones !== undefined && !nodeClass.zones.includes(offering.zone)) continue;
      const profile = profileOf(pool, offering, type);
      if ((pool?.requirements ?? []).some((requirement) => requirementHolds(requirement, profile) === 'no')) continue;
      found.push({
        offering,
        type,
        pool: pool?.name ?? '',
        usdPerHour,
        maxPods: podLimit(nodeClass, type),
        profile,
      });
    }
    return found;
  });
}

function profileOf(pool: NodePool | undefined, offering: Offering, type: InstanceType): Profile {
  const { zone, capacityType } = offering;
  const labels: Labels = {
    ...type.labels,
    'node.kubernetes.io/instance-type': type.name,
    'kubernetes.io/arch': type.architecture,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': zone,
    'karpenter.sh/capacity-type': capacityType,
    ...(pool !== undefined && { 'karpenter.sh/nodepool': pool.name, ...pool.labels }),
  };
  const required = new Set((pool?.requirements ?? []).map(({ key }) => key));
  return {
    labels,
    taints: pool?.taints ?? [],
    // Without a pool nobody says which labels a new node gets, so it may get any.
    mayHave: (key) => pool === undefined || required.has(key) || cloudLabels.test(key),
  };
}

function podLimit(nodeClass: NodeClass | undefined, { vcpu, allocatable }: InstanceType): number {
  const byCores = nodeClass?.podsPerCore ? nodeClass.podsPerCore * vcpu : Number.POSITIVE_INFINITY;
  return Math.min(allocatable.pods, nodeClass?.maxPods ?? Number.POSITIVE_INFINITY, byCores);
}

function isAllowed(allowed: AllowedOfferings, { zone, capacityType }: Offering, type: InstanceType): boolean {
  const permits = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  return (
    permits(allowed.capacityTypes, capacityType) &&
    permits(allowed.zones, zone) &&
    permits(allowed.architectures, type.architecture) &&
    (allowed.instanceTypes.length === 0 || allowed.instanceTypes.some((form) => matchesForm(form, type.name))) &&
    !allowed.excludeInstanceTypes.some((form) => matchesForm(form, type.name))
  );
}

/** `m7g.*` is a family, anything else an exact name. */
function matchesForm(form: string, name: string): boolean {
  return form.endsWith('.*') ? name.startsWith(form.slice(0, -1)) : form === name;
}
