import { parseInstanceTypeName } from '@cloudoptim/catalog';
import type { AllowedOfferings, InstanceType, Market, NodeResources, Offering, Policy } from '@cloudoptim/core';
import { meetsRequirement } from '@cloudoptim/scheduling';
import { atMost, covers } from './compare-resources.js';
import { isOfferingKey, type LaunchPool, ownerKey } from './launch-pool.js';
import { type Observed, observedKey } from './observed-allocatable.js';

/** Something that a pool may launch: an offering with a known price, and what a node of it would offer and be labelled. */
export interface Candidate {
  readonly offering: Offering;
  readonly usdPerHour: number;
  readonly architecture: 'amd64' | 'arm64';
  readonly allocatable: NodeResources;
  readonly labels: Readonly<Record<string, string>>;
  readonly vcpu: number;
  readonly memoryBytes: number;
  readonly volumeLimit?: number;
}

/**
 * What a pool may launch, cheapest first (then by name): priced, in supply, allowed by policy, by the pool's requirements and by
 * its node class. Offerings without a known price are left out: unknown is not free.
 */
export function allowedCandidates(
  market: Market,
  policy: Policy,
  launchPool: LaunchPool,
  observed: Observed,
): readonly Candidate[] {
  const types = new Map(market.instanceTypes.map((type) => [type.name, type]));
  const owner = ownerKey(launchPool.via);
  const candidates: Candidate[] = [];
  for (const offering of market.offerings) {
    const type = types.get(offering.instanceType);
    const price = offering.priceUsdPerHour;
    if (type === undefined || price === null || !Number.isFinite(price) || price < 0) continue;
    if (offering.supply === 0 || !isAllowed(policy.allowedOfferings, offering, type)) continue;
    if (launchPool.nodeClass?.zones !== undefined && !launchPool.nodeClass.zones.includes(offering.zone)) continue;
    const labels = candidateLabels(launchPool, offering, labelsOfType(type));
    const requirements = launchPool.pool.requirements ?? [];
    if (
      !requirements.every((requirement) => !isDecided(requirement.key, labels) || meetsRequirement(labels, requirement))
    )
      continue;
    candidates.push({
      offering,
      usdPerHour: price,
      architecture: type.architecture,
      allocatable: atMost(classLimits(launchPool, type), observed.get(observedKey(owner, type.name))),
      labels,
      vcpu: type.vcpu,
      memoryBytes: type.memoryBytes,
      ...(type.volumeLimit !== undefined && { volumeLimit: type.volumeLimit }),
    });
  }
  return candidates.sort((a, b) => a.usdPerHour - b.usdPerHour || compareNames(a, b));
}

/** Candidates that are worth a try: no other of the same zone, capacity type and architecture is as cheap and as large. */
export function undominated(candidates: readonly Candidate[]): readonly Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const better = kept.some((other) => sameKind(other, candidate) && covers(other.allocatable, candidate.allocatable));
    if (!better) kept.push(candidate);
  }
  return kept;
}

/** Same zone, capacity type and architecture: interchangeable but for size and price. */
export function sameKind(a: Candidate, b: Candidate): boolean {
  return (
    a.offering.zone === b.offering.zone &&
    a.offering.capacityType === b.offering.capacityType &&
    a.architecture === b.architecture
  );
}

function isAllowed(allowed: AllowedOfferings, offering: Offering, type: InstanceType): boolean {
  const permits = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  return (
    permits(allowed.capacityTypes, offering.capacityType) &&
    permits(allowed.zones, offering.zone) &&
    permits(allowed.architectures, type.architecture) &&
    (allowed.instanceTypes.length === 0 || allowed.instanceTypes.some((form) => matchesForm(form, type.name))) &&
    !allowed.excludeInstanceTypes.some((form) => matchesForm(form, type.name))
  );
}

/** `m7g.*` is a family, anything else an exact name. */
function matchesForm(form: string, name: string): boolean {
  return form.endsWith('.*') ? name.startsWith(form.slice(0, -1)) : form === name;
}

/** A custom key that the pool does not fix to one value is the scheduler's to decide, not the offering's. */
function isDecided(key: string, labels: Readonly<Record<string, string>>): boolean {
  return isOfferingKey(key) || Object.hasOwn(labels, key);
}

function candidateLabels(
  launchPool: LaunchPool,
  { zone, capacityType }: Offering,
  ofType: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...ofType,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': zone,
    ...(/-\d+[a-z]$/.test(zone) && { 'topology.kubernetes.io/region': zone.slice(0, -1) }),
    'karpenter.sh/capacity-type': capacityType,
    ...launchPool.labels,
  };
}

/** What the type alone says: the market's labels, and what name and size tell where the market says nothing. */
function labelsOfType(type: InstanceType): Readonly<Record<string, string>> {
  const known = typeLabels.get(type);
  if (known !== undefined) return known;
  const name = parseInstanceTypeName(type.name);
  const labels = {
    ...(name !== undefined && {
      'karpenter.k8s.aws/instance-family': name.family,
      'karpenter.k8s.aws/instance-size': name.size,
      ...(name.category !== undefined && { 'karpenter.k8s.aws/instance-category': name.category }),
      ...(name.generation !== undefined && { 'karpenter.k8s.aws/instance-generation': String(name.generation) }),
    }),
    'karpenter.k8s.aws/instance-cpu': String(type.vcpu),
    'karpenter.k8s.aws/instance-memory': String(type.memoryBytes / 2 ** 20),
    ...type.labels,
    'node.kubernetes.io/instance-type': type.name,
    'kubernetes.io/arch': type.architecture,
  };
  typeLabels.set(type, labels);
  return labels;
}

/** Types are the same for all zones, capacity types and pools. */
const typeLabels = new WeakMap<InstanceType, Readonly<Record<string, string>>>();

/** kubelet settings of the node class lower the number of pods. */
function classLimits({ nodeClass }: LaunchPool, type: InstanceType): NodeResources {
  const byCores = nodeClass?.podsPerCore ? nodeClass.podsPerCore * type.vcpu : Number.POSITIVE_INFINITY;
  return { ...type.allocatable, pods: Math.min(type.allocatable.pods, nodeClass?.maxPods ?? byCores, byCores) };
}

function compareNames(a: Candidate, b: Candidate): number {
  const left = `${a.offering.instanceType}|${a.offering.zone}|${a.offering.capacityType}`;
  const right = `${b.offering.instanceType}|${b.offering.zone}|${b.offering.capacityType}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
