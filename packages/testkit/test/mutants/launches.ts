import type { InstanceType, Intent, Node, NodeTemplate, Offering, Policy, RankedOffering } from '@cloudoptim/core';
import { createPriceBook } from '@cloudoptim/core';
import type { World } from './reference-engine.js';

/** A node that could take another's place. */
export interface Launched {
  readonly intent: Extract<Intent, { kind: 'launch-node' }>;
  readonly offering: RankedOffering;
  /** The node as it would be, with the pods of no one on it. */
  readonly node: Node;
  readonly forgetsDaemonSets: boolean;
}

/**
 * Cheaper nodes that could replace a Karpenter node, cheapest first. Only types that are smaller in every dimension: whatever
 * fits on the new node fitted on the old one, so that nothing new is to be found once it is there.
 */
export function launchesFor({ cluster, market, policy }: World, index: number, forgetsDaemonSets: boolean): Launched[] {
  const old = cluster.nodes[index] as Node;
  const price = createPriceBook(market).nodeUsdPerHour(old);
  if (old.owner.kind !== 'karpenter' || price === undefined || old.capacityType !== 'on-demand') return [];
  return market.offerings
    .flatMap((offering) => {
      const type = market.instanceTypes.find(({ name }) => name === offering.instanceType);
      return type !== undefined && mayReplace(offering, type, old, price, policy) ? [{ offering, type }] : [];
    })
    .sort((a, b) => (a.offering.priceUsdPerHour ?? 0) - (b.offering.priceUsdPerHour ?? 0))
    .slice(0, 3)
    .map(({ offering, type }) => launched(old, index, offering, type, forgetsDaemonSets));
}

function mayReplace(offering: Offering, type: InstanceType, old: Node, price: number, policy: Policy): boolean {
  const usd = offering.priceUsdPerHour;
  return (
    usd !== null &&
    usd < price &&
    offering.supply !== 0 &&
    offering.zone === old.zone &&
    offering.capacityType === old.capacityType &&
    type.architecture === old.labels['kubernetes.io/arch'] &&
    type.allocatable.cpuMillicores <= old.allocatable.cpuMillicores &&
    type.allocatable.memoryBytes <= old.allocatable.memoryBytes &&
    type.allocatable.pods <= old.allocatable.pods &&
    isAllowed(offering, type, policy)
  );
}

function isAllowed(offering: Offering, type: InstanceType, { allowedOfferings: allowed }: Policy): boolean {
  const isNamed = (names: readonly string[]) =>
    names.some((name) => name === type.name || (name.endsWith('.*') && type.name.startsWith(name.slice(0, -1))));
  return (
    (allowed.instanceTypes.length === 0 || isNamed(allowed.instanceTypes)) &&
    !isNamed(allowed.excludeInstanceTypes) &&
    (allowed.capacityTypes.length === 0 || allowed.capacityTypes.includes(offering.capacityType)) &&
    (allowed.zones.length === 0 || allowed.zones.includes(offering.zone)) &&
    (allowed.architectures.length === 0 || allowed.architectures.includes(type.architecture))
  );
}

function launched(
  old: Node,
  index: number,
  { instanceType, zone, capacityType, priceUsdPerHour }: Offering,
  type: InstanceType,
  forgetsDaemonSets: boolean,
): Launched {
  const key = `replaces-${index}`;
  const { 'kubernetes.io/hostname': _name, 'node.kubernetes.io/instance-type': _type, ...labels } = old.labels;
  const template: NodeTemplate = {
    labels,
    taints: (old.taints ?? []).filter((taint) => !taint.key.startsWith('node.kubernetes.io/')),
    startupTaints: [],
    architecture: type.architecture,
    operatingSystem: 'linux',
    zones: [zone],
    ...(old.csiDrivers && { csiDrivers: old.csiDrivers }),
    inferred: true,
  };
  const offering = { instanceType, zone, capacityType, priceCapUsdPerHour: priceUsdPerHour ?? 0 };
  const { nodeClaim: _claim, ...via } = old.owner;
  const assumedAllocatable = type.allocatable;
  const { annotations: _annotations, unschedulable: _cordoned, deletionAtMs: _deletion, ...base } = old;
  const node: Node = {
    ...base,
    uid: key,
    name: key,
    labels: { ...labels, 'kubernetes.io/hostname': key, 'node.kubernetes.io/instance-type': instanceType },
    taints: template.taints,
    ready: true,
    instanceType,
    allocatable: assumedAllocatable,
    owner: via,
  };
  const intent = { kind: 'launch-node', key, template, offerings: [offering], assumedAllocatable, via } as const;
  return { intent, offering, node, forgetsDaemonSets };
}
