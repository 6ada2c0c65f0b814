import { type ClusterState, emptyClusterState, type Market, type Node, type PodTemplate } from '@cloudoptim/core';
import fc from 'fast-check';

/** A packing small enough to be solved by trying everything. Sizes in cores and GiB, prices in USD per hour. */
export interface SmallPacking {
  readonly pods: readonly SmallPod[];
  readonly offers: readonly SmallOffer[];
  readonly nodes: readonly SmallNode[];
}

export interface SmallPod {
  readonly cpu: number;
  readonly memory: number;
  readonly arch?: 'amd64' | 'arm64';
  readonly zone?: string;
  /** Pods of one group never share a node. */
  readonly group?: string;
  /** Index of the node it runs on; absent: it waits. */
  readonly on?: number;
}

export interface SmallOffer {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly price: number;
  readonly arch: 'amd64' | 'arm64';
  readonly zone: string;
  readonly supply?: number;
}

export type SmallNode = Omit<SmallOffer, 'supply' | 'price'> & { readonly price: number | null };

const gibibyte = 1024 ** 3;
const zones = ['us-east-1a', 'us-east-1b'];
const arch = fc.constantFrom('amd64' as const, 'arm64' as const);
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const room = {
  cpu: fc.integer({ min: 1, max: 8 }),
  memory: fc.integer({ min: 1, max: 16 }),
  pods: fc.integer({ min: 1, max: 6 }),
  arch,
  zone: fc.constantFrom(...zones),
};
const price = fc.integer({ min: 0, max: 40 }).map((cents) => cents / 100);

/** Packings with everything the bound knows of: pins to zone and architecture, exclusive groups, supplies, nodes that are there. */
export const smallPackings: fc.Arbitrary<SmallPacking> = fc
  .record({
    pods: fc.array(
      fc.record({
        cpu: fc.integer({ min: 0, max: 5 }),
        memory: fc.integer({ min: 0, max: 9 }),
        arch: seldom(arch),
        zone: seldom(fc.constantFrom(...zones)),
        group: seldom(fc.constantFrom('red', 'blue')),
        on: seldom(fc.nat({ max: 2 })),
      }),
      { minLength: 1, maxLength: 7 },
    ),
    offers: fc.array(fc.record({ ...room, price, supply: seldom(fc.integer({ min: 0, max: 2 })) }), {
      minLength: 1,
      maxLength: 4,
    }),
    nodes: fc.array(fc.record({ ...room, price: fc.option(price, { freq: 4 }) }), { maxLength: 3 }),
  })
  .map(({ pods, offers, nodes }) => ({
    pods: pods.map(
      ({ on, ...pod }) =>
        clean({ ...pod, ...(on !== undefined && on < nodes.length && { on }) }) as unknown as SmallPod,
    ),
    offers: offers.map((offer) => clean(offer) as unknown as SmallOffer),
    nodes,
  }));

function clean(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const takenAtMs = Date.UTC(2026, 0, 5, 12);

/** The packing as the contract's documents. */
export function documentsOf({ pods, offers, nodes }: SmallPacking): { state: ClusterState; market: Market } {
  const cluster: ClusterState = {
    ...emptyClusterState(takenAtMs),
    podTemplates: pods.map(templateOf),
    workloads: pods.map((_, index) => ({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      namespace: 'default',
      name: `app-${index}`,
      successorTemplate: index,
      rollout: 'stable',
    })),
    nodes: nodes.map(nodeOf),
    pods: {
      count: pods.length,
      name: pods.map((_, index) => `pod-${index}`),
      template: [...pods.keys()],
      workload: [...pods.keys()],
      node: pods.map(({ on = -1 }) => on),
      createdAtSeconds: pods.map(() => takenAtMs / 1000 - 3_600),
      extra: {},
    },
  };
  const priced = [
    ...offers.map((offer, index) => ({ ...offer, name: `type-${index}` })),
    // Nodes are priced by offerings that cannot be bought any more.
    ...nodes.map((entry, index) => ({ ...entry, name: `old-${index}`, supply: 0 })),
  ];
  const market: Market = {
    schema: 'market/v1',
    asOfMs: cluster.takenAtMs,
    currency: 'USD',
    instanceTypes: priced.map((entry) => ({
      name: entry.name,
      architecture: entry.arch,
      vcpu: entry.cpu,
      memoryBytes: entry.memory * gibibyte,
      allocatable: { cpuMillicores: entry.cpu * 1000, memoryBytes: entry.memory * gibibyte, pods: entry.pods },
    })),
    offerings: priced.map((entry) => ({
      instanceType: entry.name,
      zone: entry.zone,
      capacityType: 'on-demand' as const,
      priceUsdPerHour: entry.price,
      ...('supply' in entry && entry.supply !== undefined && { supply: entry.supply }),
    })),
  };
  return { state: cluster, market };
}

function templateOf({ cpu, memory, arch: needsArch, zone, group }: SmallPod): PodTemplate {
  const needs = { cpuMillicores: cpu * 1000, memoryBytes: memory * gibibyte };
  return {
    namespace: 'default',
    labels: group === undefined ? {} : { group },
    needs,
    containers: [{ name: 'main', requests: needs }],
    nodeSelector: {
      ...(needsArch && { 'kubernetes.io/arch': needsArch }),
      ...(zone && { 'topology.kubernetes.io/zone': zone }),
    },
    ...(group && {
      podAntiAffinity: {
        required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { group } } }],
      },
    }),
  };
}

function nodeOf({ cpu, memory, pods, arch: architecture, zone }: SmallNode, index: number): Node {
  const name = `node-${index}`;
  return {
    uid: `uid-${name}`,
    name,
    createdAtMs: takenAtMs - 86_400_000,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/arch': architecture,
      'topology.kubernetes.io/zone': zone,
    },
    ready: true,
    allocatable: { cpuMillicores: cpu * 1000, memoryBytes: memory * gibibyte, pods },
    instanceType: `old-${index}`,
    zone,
    capacityType: 'on-demand',
    owner: { kind: 'karpenter', name: 'default' },
    autoscaler: 'karpenter',
  };
}

/**
 * The least bill, found by trying every way to deal the pods out: node by node of those that are there, then the cheapest set
 * of offerings for the rest. Infinite where not all pods can be placed. A pod may stay where it runs whatever its selectors
 * say, and pods that overcommit a node may stay on it.
 */
export function leastBill({ pods, offers, nodes }: SmallPacking): number {
  const all = (1 << pods.length) - 1;
  const members = (mask: number) => pods.flatMap((pod, index) => ((mask >> index) & 1 ? [{ pod, index }] : []));
  const holds = (mask: number, kind: SmallNode | SmallOffer, at: number): boolean => {
    const here = members(mask);
    const newcomers = here.filter(({ pod }) => pod.on !== at);
    if (newcomers.some(({ pod }) => (pod.arch ?? kind.arch) !== kind.arch || (pod.zone ?? kind.zone) !== kind.zone))
      return false;
    const total = (of: (pod: SmallPod) => number) => here.reduce((sum, { pod }) => sum + of(pod), 0);
    for (const { pod } of newcomers) {
      if (here.length > kind.pods) return false;
      if (pod.cpu > 0 && total(({ cpu }) => cpu) > kind.cpu) return false;
      if (pod.memory > 0 && total(({ memory }) => memory) > kind.memory) return false;
      if (pod.group !== undefined && here.filter((other) => other.pod.group === pod.group).length > 1) return false;
    }
    return true;
  };
  // best[mask]: the least bill with exactly these pods placed.
  let best = Array.from({ length: all + 1 }, (_, mask) => (mask === 0 ? 0 : Number.POSITIVE_INFINITY));
  const withOneMore = (kind: SmallNode | SmallOffer, cost: number, at: number): number[] => {
    const fits = best.map((_, mask) => holds(mask, kind, at));
    return best.map((before, mask) => {
      let least = before;
      for (let part = mask; part > 0; part = (part - 1) & mask)
        if (fits[part]) least = Math.min(least, (best[mask ^ part] as number) + cost);
      return least;
    });
  };
  for (const [at, kind] of nodes.entries()) best = withOneMore(kind, kind.price ?? 0, at);
  // One offering at a time, as often as it can be had; no more nodes than pods are ever of use.
  for (const offer of offers)
    for (let copy = 0; copy < Math.min(offer.supply ?? pods.length, pods.length); copy++)
      best = withOneMore(offer, offer.price, -1);
  return best[all] as number;
}
