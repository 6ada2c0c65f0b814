import {
  type ClusterState,
  createContext,
  type Draft,
  type DraftGroup,
  defaultPolicy,
  defineEngine,
  emptyClusterState,
  type Market,
  type Node,
  type Plan,
  type PodDisruptionBudget,
  type PodTemplate,
  type Policy,
  type Workload,
} from '@cloudoptim/core';
import { createFastPlacement, type IncomingPod } from '@cloudoptim/scheduling';
import { z } from 'zod';
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

export interface DrainSize {
  readonly nodes: number;
  readonly pods: number;
  readonly groups: number;
  readonly seed: number;
}

/**
 * `chain`: each group waits for the one before. `inFlight`: in any order, five at once. `refused`: likewise, and one of the
 * nodes must stay. `tight`: a chain with so little room that nothing shows how it ends but carrying it out again and again. `waiting`: a
 * chain beside a hundred kinds of pods that fit nowhere, and would have to be spread.
 */
export type DrainShape = 'chain' | 'inFlight' | 'refused' | 'tight' | 'waiting';

const takenAtMs = Date.UTC(2026, 0, 5, 12);
const gibibyte = 1024 ** 3;
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const types = [
  { name: 'm6i.2xlarge', cpu: 7910, memory: 29, usd: 0.384 },
  { name: 'm6i.4xlarge', cpu: 15890, memory: 57, usd: 0.768 },
  { name: 'm7i.2xlarge', cpu: 7910, memory: 29, usd: 0.4032 },
];
const atOnce = 5;

export async function drainCase(size: DrainSize, shape: DrainShape): Promise<DrainCase> {
  const random = createRandom(size.seed).next;
  const made = cluster(size, random);
  const state = shaped(made, size, shape);
  const isChain = shape !== 'inFlight' && shape !== 'refused';
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
  return shape === 'waiting' ? withPodsThatWait(state) : state;
}

function cluster({ nodes: nodeCount, pods: podCount }: DrainSize, random: () => number): ClusterState {
  const nodes = Array.from({ length: nodeCount }, (_, index) => makeNode(index));
  const workloadCount = Math.max(10, Math.round(podCount / 50));
  const podTemplates: PodTemplate[] = [];
  const workloads: Workload[] = [];
  for (let index = 0; index < workloadCount; index++) {
    podTemplates.push(makeTemplate(index, random));
    workloads.push(makeWorkload(index));
  }
  const columns = { template: [] as number[], workload: [] as number[], node: [] as number[] };
  const free = nodes.map(({ allocatable }, index) => ({
    // What may be filled: little of every tenth node, two thirds of the others.
    cpu: allocatable.cpuMillicores * (isUnderused(index) ? 0.25 : 0.66),
    memory: allocatable.memoryBytes * (isUnderused(index) ? 0.25 : 0.66),
    pods: 55,
  }));
  for (let pod = 0; pod < podCount; pod++) {
    const workload = pod % workloadCount;
    const { needs } = podTemplates[workload] as PodTemplate;
    // Round the zones, so that what is to be spread is; and a node apart from the last one of the workload.
    const round = Math.floor(pod / workloadCount);
    for (let tries = 0; tries < 200; tries++) {
      const at = (Math.floor((random() * nodeCount) / 3) * 3 + (round % 3)) % nodeCount;
      const room = free[at];
      if (room === undefined || room.cpu < needs.cpuMillicores || room.memory < needs.memoryBytes || room.pods < 1)
        continue;
      room.cpu -= needs.cpuMillicores;
      room.memory -= needs.memoryBytes;
      room.pods--;
      columns.template.push(workload);
      columns.workload.push(workload);
      columns.node.push(at);
      break;
    }
  }
  const count = columns.node.length;
  const replicas = new Array<number>(workloadCount).fill(0);
  for (const workload of columns.workload) replicas[workload] = (replicas[workload] as number) + 1;
  return {
    ...emptyClusterState(takenAtMs),
    kubernetesVersion: '1.36',
    coverage: listed,
    nodes,
    podTemplates,
    workloads: workloads.map((workload, index) => ({ ...workload, replicas: replicas[index] as number })),
    podDisruptionBudgets: workloads.flatMap((_, index) =>
      index % 2 === 0 ? [makeBudget(index, replicas[index] as number)] : [],
    ),
    nodePools: [{ name: 'default', budgets: [{ nodes: '20%' }] }],
    pods: {
      count,
      name: columns.workload.map((workload, pod) => `w${workload}-${pod}`),
      ...columns,
      createdAtSeconds: columns.node.map(() => Math.floor(takenAtMs / 1000) - 90_000),
      extra: {},
    },
  };
}

function isUnderused(node: number): boolean {
  return node % 10 === 7;
}

function makeNode(index: number): Node {
  const type = types[Math.floor(index / 3) % types.length] as (typeof types)[number];
  const zone = zones[index % 3] as string;
  const name = `node-${index}`;
  return {
    uid: `uid-${name}`,
    name,
    createdAtMs: takenAtMs - 10 * 86_400_000,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'topology.kubernetes.io/zone': zone,
      'node.kubernetes.io/instance-type': type.name,
    },
    ready: true,
    allocatable: {
      cpuMillicores: type.cpu,
      memoryBytes: type.memory * gibibyte,
      ephemeralStorageBytes: 80 * gibibyte,
      pods: 110,
    },
    instanceType: type.name,
    region: 'us-east-1',
    zone,
    capacityType: 'on-demand',
    owner: { kind: 'karpenter', name: 'default', nodeClaim: `claim-${index}` },
    autoscaler: 'karpenter',
  };
}

function makeTemplate(index: number, random: () => number): PodTemplate {
  const needs = {
    cpuMillicores: [50, 100, 150, 250, 400][Math.floor(random() * 5)] as number,
    memoryBytes: ([128, 256, 512, 1024][Math.floor(random() * 4)] as number) * 1024 ** 2,
  };
  const labels = { app: `app-${index}` };
  const labelSelector = { matchLabels: labels };
  return {
    namespace: `team-${index % 20}`,
    labels,
    needs,
    containers: [{ name: 'main', requests: needs }],
    ...(index % 5 === 1
      ? {
          topologySpread: [
            {
              maxSkew: 3,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector,
            },
          ],
        }
      : {}),
    ...(index % 20 === 2
      ? { podAntiAffinity: { required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }] } }
      : {}),
    ...(index % 7 === 3 ? { nodeSelector: { 'kubernetes.io/arch': 'amd64' } } : {}),
  };
}

function makeWorkload(index: number): Workload {
  const name = `app-${index}`;
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    namespace: `team-${index % 20}`,
    name,
    uid: `uid-${name}`,
    generation: 1,
    observedGeneration: 1,
    scalable: true,
    successorTemplate: index,
    selector: { matchLabels: { app: name } },
    strategy: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' },
    rollout: 'stable',
  };
}

function makeBudget(index: number, replicas: number): PodDisruptionBudget {
  const allowed = Math.ceil(replicas * 0.2);
  return {
    namespace: `team-${index % 20}`,
    name: `app-${index}`,
    selector: { matchLabels: { app: `app-${index}` } },
    maxUnavailable: '20%',
    status: {
      disruptionsAllowed: allowed,
      currentHealthy: replicas,
      desiredHealthy: replicas - allowed,
      expectedPods: replicas,
    },
  };
}

/** The node that the last group drains asks not to be disrupted: everything else has been looked at by then. */
function withLastPinned(state: ClusterState, size: DrainSize): ClusterState {
  const last = drained(state, size).at(-1);
  const annotations = { 'karpenter.sh/do-not-disrupt': 'true' };
  return { ...state, nodes: state.nodes.map((node, index) => (index === last ? { ...node, annotations } : node)) };
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

/** Kinds that verification asks about. */
const listed = [
  'Node',
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'PodDisruptionBudget',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'StorageClass',
  'CSINode',
  'VolumeAttachment',
  'HorizontalPodAutoscaler',
  'ResourceQuota',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'Namespace',
  'NodePool',
  'NodeClaim',
].map((kind) => ({ kind, state: 'listed' as const }));
