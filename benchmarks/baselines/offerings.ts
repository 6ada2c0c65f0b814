import type { ClusterState, InstanceType, Market, Node, NodePool, Offering, ResourceAmounts } from '@cloudoptim/core';

/** An offering that the cluster's first NodePool may launch, as a node of it would be. */
export interface Offer {
  readonly offering: Offering;
  readonly type: InstanceType;
  readonly usdPerHour: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Room for pods beside the DaemonSets: cpu in millicores, memory in bytes, pods. */
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

/** All that can be bought, cheapest first (then by name and zone). */
export function offersOf(state: ClusterState, market: Market): Offer[] {
  const pool = state.nodePools[0];
  const types = new Map(market.instanceTypes.map((type) => [type.name, type]));
  const offers = market.offerings.flatMap((offering) => {
    const type = types.get(offering.instanceType);
    const usdPerHour = offering.priceUsdPerHour;
    if (type === undefined || usdPerHour === null || offering.supply === 0) return [];
    const labels = labelsOf(pool, offering, type);
    const agents = daemonSetsOn(state, labels);
    const { cpuMillicores, memoryBytes, pods } = type.allocatable;
    const sum = (of: (needs: ResourceAmounts) => number) => agents.reduce((total, needs) => total + of(needs), 0);
    return [
      {
        offering,
        type,
        usdPerHour,
        labels,
        cpu: cpuMillicores - sum((needs) => needs.cpuMillicores),
        memory: memoryBytes - sum((needs) => needs.memoryBytes),
        pods: pods - agents.length,
      },
    ];
  });
  const key = ({ offering }: Offer) => `${offering.instanceType}|${offering.zone}|${offering.capacityType}`;
  return offers.sort((a, b) => a.usdPerHour - b.usdPerHour || (key(a) < key(b) ? -1 : 1));
}

/** A node of the offer, as it is once it has joined. */
export function nodeOf(state: ClusterState, { offering, type, labels }: Offer, name: string): Node {
  const { instanceType, zone, capacityType } = offering;
  return {
    uid: `uid-${name}`,
    name,
    createdAtMs: state.takenAtMs - 86_400_000,
    labels: { ...labels, 'kubernetes.io/hostname': name },
    ready: true,
    readySinceMs: state.takenAtMs - 86_400_000,
    allocatable: type.allocatable,
    instanceType,
    zone,
    region: zone.slice(0, -1),
    capacityType,
    owner: { kind: 'karpenter', name: state.nodePools[0]?.name ?? 'default', nodeClaim: `claim-${name}` },
    autoscaler: 'karpenter',
    csiDrivers: [],
  };
}

function labelsOf(pool: NodePool | undefined, { zone, capacityType }: Offering, type: InstanceType) {
  return {
    ...type.labels,
    ...pool?.labels,
    'node.kubernetes.io/instance-type': type.name,
    'kubernetes.io/arch': type.architecture,
    'kubernetes.io/os': 'linux',
    'topology.kubernetes.io/zone': zone,
    'topology.kubernetes.io/region': zone.slice(0, -1),
    'karpenter.sh/capacity-type': capacityType,
    ...(pool !== undefined && { 'karpenter.sh/nodepool': pool.name }),
  };
}

/** Requests of the DaemonSets that select such a node; these fixtures have none with affinity or untolerated taints. */
function daemonSetsOn(state: ClusterState, labels: Readonly<Record<string, string>>): ResourceAmounts[] {
  return state.workloads.flatMap(({ kind, successorTemplate }) => {
    const template = state.podTemplates[successorTemplate];
    if (kind !== 'DaemonSet' || template === undefined) return [];
    const selected = Object.entries(template.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
    return selected ? [template.needs] : [];
  });
}
