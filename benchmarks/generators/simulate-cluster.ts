import {
  type ClusterState,
  emptyClusterState,
  type Node,
  type PodTemplate,
  type TopologySpreadConstraint,
  type Workload,
} from '@cloudoptim/core';
import { createRandom } from './random.js';

/**
 * Clusters to place pods in. Sizes of pods and the five kinds of the mix are those of Karpenter's scheduling benchmark
 * (scheduling_benchmark_test.go): a fifth each of pods without constraints, spread over zones, spread over hosts, affine by
 * zone, and averse to one another by host. There, all averse pods share one label; here each block of 2,000 pods has label
 * values of its own, or else 150,000 pods would need 30,000 nodes.
 */
export type Work = 'plain' | 'mix' | 'mixShared' | 'workloads' | 'shapes' | 'overload' | 'fixture';

export interface Size {
  readonly nodes: number;
  readonly pods: number;
}

const gibibyte = 1024 ** 3;
const takenAtMs = Date.UTC(2026, 0, 5, 12);
const zone = 'topology.kubernetes.io/zone';
const host = 'kubernetes.io/hostname';
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const cpus = [100, 250, 500, 1000, 1500];
const mebibytes = [100, 256, 512, 1024, 2048, 4096];
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const blockSize = 2_000;
const workloadCount = 3_000;

/** The state of a work at a size: nodes, and pods that wait (`fixture`: 60 % of them bound already). */
export function simulateCluster(work: Work, size: Size, seed: number): ClusterState {
  const random = createRandom(seed).next;
  const nodes = makeNodes(work, size.nodes, random);
  const templates = new Templates();
  const column: number[] = [];
  const scale = work === 'overload' ? 1.3 : 1;
  for (let pod = 0; pod < size.pods; pod++) {
    const fraction = pod / size.pods;
    column.push(templates.add(makeTemplate(work, pod, size.pods, fraction, scale, random)));
  }
  // A list comes in any order, and creation decides the queue: pods are shuffled in both.
  const order = shuffled(column, random);
  const age = shuffled(
    order.map((_, pod) => pod),
    random,
  );
  const node =
    work === 'fixture' ? bindSome(order, templates.list, nodes, 0.6, random) : new Array<number>(size.pods).fill(-1);
  const workloads = templates.list.map((template, index): Workload => workload(template, index));
  return {
    ...emptyClusterState(takenAtMs),
    kubernetesVersion: '1.36',
    nodes,
    podTemplates: templates.list,
    workloads,
    pods: {
      count: size.pods,
      name: order.map((template, pod) => `w${template}-${pod}`),
      template: order,
      workload: order,
      node,
      createdAtSeconds: age.map((seconds) => Math.floor(takenAtMs / 1000) - seconds),
      extra: {},
    },
  };
}

/** Templates by content, as a converter would make them. */
class Templates {
  readonly list: PodTemplate[] = [];
  private readonly known = new Map<string, number>();

  add(template: PodTemplate): number {
    const key = JSON.stringify(template);
    let index = this.known.get(key);
    if (index === undefined) {
      index = this.list.length;
      this.list.push(template);
      this.known.set(key, index);
    }
    return index;
  }
}

type Kind = 'generic' | 'zoneSpread' | 'hostSpread' | 'zoneAffinity' | 'hostAversion';
const kinds: readonly Kind[] = ['generic', 'zoneSpread', 'hostSpread', 'zoneAffinity', 'hostAversion'];

function makeTemplate(
  work: Work,
  pod: number,
  pods: number,
  fraction: number,
  scale: number,
  random: () => number,
): PodTemplate {
  if (work === 'mix' || work === 'mixShared') {
    const block = work === 'mix' ? `-${Math.floor(pod / blockSize)}` : '';
    return mixed(kinds[pod % kinds.length] as Kind, block, random);
  }
  if (work === 'workloads' || work === 'fixture') {
    const index = Math.floor(fraction * Math.min(workloadCount, pods));
    // One draw a workload: all its pods are alike.
    return workloadTemplate(work, index, createRandom(index + 1).next);
  }
  return plain(scale, random);
}

/** Resources, taints and selectors only. */
function plain(scale: number, random: () => number): PodTemplate {
  const draw = random();
  return {
    ...base({}, scale, random),
    ...(draw < 0.1 ? { nodeSelector: { [zone]: pick(zones, random) } } : {}),
    ...(draw > 0.9 ? { tolerations: [{ key: 'dedicated', operator: 'Exists' as const }] } : {}),
  };
}

/** As in Karpenter's benchmark, labels and selectors of spread pods are drawn independently: most do not match themselves. */
function mixed(kind: Kind, block: string, random: () => number): PodTemplate {
  const letter = () => `${pick(letters, random)}${block}`;
  if (kind === 'generic') return base({ 'my-label': letter() }, 1, random);
  if (kind === 'zoneSpread' || kind === 'hostSpread') {
    const topologySpread = [spread(kind === 'zoneSpread' ? zone : host, { 'my-label': letter() })];
    return { ...base({ 'my-label': letter() }, 1, random), topologySpread };
  }
  const labels = kind === 'zoneAffinity' ? { 'my-affinity': letter() } : { app: `nginx${block}` };
  const required = [{ topologyKey: kind === 'zoneAffinity' ? zone : host, labelSelector: { matchLabels: labels } }];
  return {
    ...base(labels, 1, random),
    ...(kind === 'zoneAffinity' ? { podAffinity: { required } } : { podAntiAffinity: { required } }),
  };
}

/** Every workload selects its own pods. In the fixture 2 % of the workloads ask for what no node has. */
function workloadTemplate(work: Work, index: number, random: () => number): PodTemplate {
  const kind = kinds[index % kinds.length] as Kind;
  const labels = { app: `workload-${index}` };
  const template = base(labels, work === 'fixture' ? 1.05 : 1, random);
  if (work === 'fixture' && index % 45 === 7) return { ...template, nodeSelector: { 'no-node': 'has-this' } };
  const required = [{ topologyKey: kind === 'zoneAffinity' ? zone : host, labelSelector: { matchLabels: labels } }];
  switch (kind) {
    case 'generic':
      return template;
    case 'zoneSpread':
      return { ...template, topologySpread: [spread(zone, labels)] };
    case 'hostSpread':
      return { ...template, topologySpread: [spread(host, labels)] };
    case 'zoneAffinity':
      return { ...template, podAffinity: { required } };
    case 'hostAversion':
      return { ...template, podAntiAffinity: { required } };
  }
}

function base(labels: Readonly<Record<string, string>>, scale: number, random: () => number): PodTemplate {
  const needs = {
    cpuMillicores: Math.round(pick(cpus, random) * scale),
    memoryBytes: Math.round(pick(mebibytes, random) * scale) * 1024 ** 2,
  };
  return { namespace: 'default', labels, needs, containers: [{ name: 'main', requests: needs }] };
}

function spread(topologyKey: string, matchLabels: Readonly<Record<string, string>>): TopologySpreadConstraint {
  return { maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels } };
}

/** Cores and GiB of 20 shapes, less what the system keeps; 150,000 pods fill four fifths of 5,000 such nodes. */
const shapes = [8, 16, 24, 32, 48].flatMap((cores) => [2, 4, 6, 8].map((ratio) => [cores, cores * ratio] as const));

function makeNodes(work: Work, count: number, random: () => number): Node[] {
  const drawn =
    work === 'shapes'
      ? Array.from({ length: 400 }, () => {
          const cores = 4 + Math.floor(random() * 44);
          return [cores, Math.round(cores * (2 + 6 * random()))] as const;
        })
      : shapes;
  return Array.from({ length: count }, (_, index): Node => {
    const [cores, memory] = pick(drawn, random);
    const name = `node-${index}`;
    const where = pick(zones, random);
    const dedicated = work !== 'mix' && random() < 0.05;
    return {
      uid: `uid-${name}`,
      name,
      createdAtMs: takenAtMs - 86_400_000,
      labels: { [host]: name, [zone]: where },
      ...(dedicated ? { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] } : {}),
      ready: true,
      allocatable: {
        cpuMillicores: cores * 1000 - 110,
        memoryBytes: (memory - 1) * gibibyte,
        ephemeralStorageBytes: 80 * gibibyte,
        pods: cores < 12 ? 58 : 234,
      },
      zone: where,
      owner: { kind: 'karpenter', name: 'default', nodeClaim: name },
      autoscaler: 'karpenter',
    };
  });
}

/** Binds a share of the pods to nodes with the room, whatever else they ask for: clusters are not always as rules want them. */
function bindSome(
  pods: readonly number[],
  templates: readonly PodTemplate[],
  nodes: readonly Node[],
  share: number,
  random: () => number,
): number[] {
  const cpu = nodes.map(({ allocatable }) => allocatable.cpuMillicores);
  const memory = nodes.map(({ allocatable }) => allocatable.memoryBytes);
  return pods.map((index) => {
    const { needs, nodeSelector } = templates[index] as PodTemplate;
    if (random() >= share || nodeSelector !== undefined) return -1;
    for (let attempt = 0; attempt < 8; attempt++) {
      const node = Math.floor(random() * nodes.length);
      if ((cpu[node] as number) < needs.cpuMillicores || (memory[node] as number) < needs.memoryBytes) continue;
      cpu[node] = (cpu[node] as number) - needs.cpuMillicores;
      memory[node] = (memory[node] as number) - needs.memoryBytes;
      return node;
    }
    return -1;
  });
}

function workload(template: PodTemplate, index: number): Workload {
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    namespace: template.namespace,
    name: `w${index}`,
    uid: `uid-w${index}`,
    scalable: true,
    successorTemplate: index,
    rollout: 'stable',
  };
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}
