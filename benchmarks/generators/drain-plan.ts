import {
  type ClusterState,
  createContext,
  type Draft,
  type DraftGroup,
  defaultPolicy,
  defineEngine,
  type Market,
  type Node,
  type Plan,
  type PodTemplate,
  type Policy,
  type Workload,
} from '@cloudoptim/core';
import { createFastPlacement, type IncomingPod } from '@cloudoptim/scheduling';
import { z } from 'zod';
import {
  cluster,
  type DrainSize,
  gibibyte,
  isUnderused,
  makeWorkload,
  takenAtMs,
  types,
  zones,
} from './drain-cluster.js';
import { createRandom } from './random.js';

/**
 * A cluster of which a tenth of the nodes is hardly used, and a plan that drains some of those. Workloads are of all kinds
 * that a plan has to mind: budgets, spread over zones, replicas that avoid each other's node, volumes, node selectors.
 */
export interface DrainCase {
  readonly state: ClusterState;
  readonly market: Market;
  readonly policy: Policy;
  readonly plan: Plan;
}

/**
 * `chain`: each group waits for the one before. `inFlight`: in any order, five at once. `refused`: likewise, and one of the
 * nodes must stay. `tight`: a chain with so little room that nothing shows how it ends but carrying it out again and again. `waiting`: a
 * chain beside a hundred kinds of pods that fit nowhere, and would have to be spread. `near`: in any order, and every other workload is to
 * stay in a zone where one of its pods is.
 */
export type DrainShape = 'chain' | 'inFlight' | 'refused' | 'tight' | 'waiting' | 'near';

/** Shapes whose groups go in any order. */
const anyOrder: ReadonlySet<DrainShape> = new Set(['inFlight', 'refused', 'near']);

const atOnce = 5;

export async function drainCase(size: DrainSize, shape: DrainShape): Promise<DrainCase> {
  const random = createRandom(size.seed).next;
  const made = cluster(size, random);
  const state = shaped(made, size, shape);
  const isChain = !anyOrder.has(shape);
  const policy: Policy = { ...defaultPolicy, maxGroupsInFlight: isChain ? 1 : atOnce };
  const market = marketOf();
  const groups = drains(state, size, isChain);
  const engine = defineEngine({
    id: 'drain-plan',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: [],
    requires: ['cluster', 'market'],
    options: z.strictObject({}),
    decide: () => ({ groups, rejections: [] }),
  });
  const context = createContext({ now: takenAtMs, seed: size.seed });
  const { plan } = await engine.analyze({ cluster: state, market, policy }, context);
  return { state, market, policy, plan };
}

function shaped(state: ClusterState, size: DrainSize, shape: DrainShape): ClusterState {
  if (shape === 'refused') return withLastPinned(state, size);
  if (shape === 'tight') return withLittleRoom(state);
  if (shape === 'near') return withAffinity(state);
  return shape === 'waiting' ? withPodsThatWait(state) : state;
}

/** The node that the last group drains asks not to be disrupted: everything else has been looked at by then. */
function withLastPinned(state: ClusterState, size: DrainSize): ClusterState {
  const last = drained(state, size).at(-1);
  const annotations = { 'karpenter.sh/do-not-disrupt': 'true' };
  return { ...state, nodes: state.nodes.map((node, index) => (index === last ? { ...node, annotations } : node)) };
}

function withAffinity(state: ClusterState): ClusterState {
  const near = (labels: PodTemplate['labels']) => ({
    required: [{ topologyKey: 'topology.kubernetes.io/zone', labelSelector: { matchLabels: labels } }],
  });
  const podTemplates = state.podTemplates.map((template, index) =>
    index % 2 === 1 ? template : { ...template, podAffinity: near(template.labels) },
  );
  return { ...state, podTemplates };
}

/** Each node that stays gets one more pod, which nobody moves, and then has a tenth of what is in use left. */
function withLittleRoom(state: ClusterState): ClusterState {
  const placement = createFastPlacement(state);
  const { pods } = state;
  const staying = state.nodes.flatMap((_, node) => (isUnderused(node) ? [] : [node]));
  const added = <T>(column: readonly T[], value: T) => [...column, ...staying.map(() => value)];
  // What each of them takes is its own.
  const needs = { cpuMillicores: 0, memoryBytes: 0 };
  const resident: PodTemplate = {
    namespace: 'residents',
    labels: {},
    needs,
    containers: [{ name: 'main', requests: needs }],
  };
  const extra = staying.map((node, position) => {
    const { allocatable } = state.nodes[node] as Node;
    const free = placement.free(node);
    const left = (total: number, rest: number) => Math.max(0, Math.floor(rest - (total - rest) / 10));
    const occupies = {
      cpuMillicores: left(allocatable.cpuMillicores, free.cpuMillicores),
      memoryBytes: left(allocatable.memoryBytes, free.memoryBytes),
    };
    return [pods.count + position, { occupies }] as const;
  });
  return {
    ...state,
    podTemplates: [...state.podTemplates, resident],
    pods: {
      count: pods.count + staying.length,
      name: [...pods.name, ...staying.map((node) => `resident-${node}`)],
      template: added(pods.template, state.podTemplates.length),
      workload: added(pods.workload, -1),
      node: [...pods.node, ...staying],
      createdAtSeconds: added(pods.createdAtSeconds, pods.createdAtSeconds[0] ?? 0),
      extra: { ...pods.extra, ...Object.fromEntries(extra) },
    },
  };
}

/** Each of a workload of its own, and larger than any node. */
function withPodsThatWait(state: ClusterState): ClusterState {
  const { pods, podTemplates, workloads } = state;
  const kinds = Array.from({ length: 100 }, (_, kind) => kind);
  const needs = { cpuMillicores: 1_000_000, memoryBytes: gibibyte };
  const templates = kinds.map((kind): PodTemplate => {
    const labels = { app: `waiting-${kind}` };
    const topologyKey = 'topology.kubernetes.io/zone';
    const labelSelector = { matchLabels: labels };
    return {
      namespace: 'waiting',
      labels,
      needs,
      containers: [{ name: 'main', requests: needs }],
      topologySpread: [{ maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector }],
    };
  });
  const owners = kinds.map((kind): Workload => {
    const name = `waiting-${kind}`;
    const selector = { matchLabels: { app: name } };
    const successorTemplate = podTemplates.length + kind;
    const own = { name, uid: `uid-${name}`, namespace: 'waiting', selector, successorTemplate, replicas: 1 };
    return { ...makeWorkload(kind), ...own };
  });
  return {
    ...state,
    podTemplates: [...podTemplates, ...templates],
    workloads: [...workloads, ...owners],
    pods: {
      count: pods.count + kinds.length,
      name: [...pods.name, ...kinds.map((kind) => `waiting-${kind}`)],
      template: [...pods.template, ...kinds.map((kind) => podTemplates.length + kind)],
      workload: [...pods.workload, ...kinds.map((kind) => workloads.length + kind)],
      node: [...pods.node, ...kinds.map(() => -1)],
      createdAtSeconds: [...pods.createdAtSeconds, ...kinds.map(() => pods.createdAtSeconds[0] ?? 0)],
      extra: pods.extra,
    },
  };
}

function drained(state: ClusterState, { groups }: DrainSize): number[] {
  return state.nodes.flatMap((_, node) => (isUnderused(node) ? [node] : [])).slice(0, groups);
}

/** Drains of under-used nodes; one in ten gets a small node launched first. */
function drains(state: ClusterState, size: DrainSize, isChain: boolean): DraftGroup[] {
  const chosen = drained(state, size);
  const placement = createFastPlacement(state);
  for (const node of chosen) placement.cordon(node);
  return chosen.map((node, position) => {
    const moves = new Map<number, Map<number, number>>();
    for (const pod of [...placement.podsOn(node)]) {
      const template = placement.templateOf(pod);
      placement.remove(pod);
      const next: IncomingPod = { template, workload: placement.workloadOf(pod) };
      const target = placement.choose(next, 'leastAllocated');
      if (target === -1) continue;
      placement.place(next, target);
      const targets = moves.get(template) ?? new Map<number, number>();
      moves.set(template, targets.set(target, (targets.get(target) ?? 0) + 1));
    }
    const group = { actions: removal(state, node, moves, position) };
    return isChain && position > 0 ? { ...group, after: [position - 1] } : group;
  });
}

function removal(
  state: ClusterState,
  node: number,
  moves: ReadonlyMap<number, ReadonlyMap<number, number>>,
  position: number,
): Draft[] {
  const reasons = [{ code: 'underutilized', message: 'Made for a benchmark.' }] as const;
  const { uid, owner } = state.nodes[node] as Node;
  const ref = { uid };
  const launches = position % 10 === 5;
  const launch: Draft = {
    kind: 'launch-node',
    key: `new-${position}`,
    template: {
      labels: {},
      taints: [],
      startupTaints: [],
      architecture: 'amd64',
      operatingSystem: 'linux',
      zones,
      csiDrivers: [{ name: 'ebs.csi.aws.com', allocatableCount: 25 }],
      inferred: false,
    },
    offerings: [
      { instanceType: 'm6i.large', zone: zones[0] as string, capacityType: 'on-demand', priceCapUsdPerHour: 0.1 },
      { instanceType: 'm6i.large', zone: zones[1] as string, capacityType: 'on-demand', priceCapUsdPerHour: 0.1 },
    ],
    assumedAllocatable: {
      cpuMillicores: 1930,
      memoryBytes: 6 * gibibyte,
      ephemeralStorageBytes: 20 * gibibyte,
      pods: 29,
    },
    via: { kind: 'karpenter', name: 'default' },
    reasons,
  };
  const pods = [...moves].map(([template, targets]) => ({
    template,
    count: [...targets.values()].reduce((sum, count) => sum + count, 0),
    expected: [...targets].map(([target, count]) => ({ node: { uid: (state.nodes[target] as Node).uid }, count })),
  }));
  return [
    ...(launches ? [launch] : []),
    { kind: 'cordon-node', node: ref, reasons },
    ...(pods.length > 0 ? [{ kind: 'drain-node' as const, node: ref, pods, reasons }] : []),
    { kind: 'delete-nodeclaim', node: ref, nodeClaim: owner.nodeClaim ?? '', via: owner, reasons },
  ];
}

function marketOf(): Market {
  return {
    schema: 'market/v1',
    asOfMs: takenAtMs,
    region: 'us-east-1',
    currency: 'USD',
    offerings: zones.flatMap((zone) =>
      [...types, { name: 'm6i.large', usd: 0.096 }].map(({ name, usd }) => ({
        instanceType: name,
        zone,
        capacityType: 'on-demand' as const,
        priceUsdPerHour: usd,
      })),
    ),
    instanceTypes: [],
  };
}
