import type { ClusterState, LabelSelector, Node, PodTemplate } from '@cloudoptim/core';

const zoneKey = 'topology.kubernetes.io/zone';
const hostKey = 'kubernetes.io/hostname';

/**
 * Places the waiting pods of a state by looking at every node for every pod, over typed arrays: written on its own, from the rules, and the
 * yardstick for how quick a machine is. It knows what the clusters of `simulate` ask for and no more: cpu, memory, pod counts, taints, zone
 * selectors, and required spread, affinity and anti-affinity over zones and hosts by one label. Best is what LeastAllocated of the fast half
 * calls best (shares in ten-thousandths that stay free), the lowest index among equals. Returns a node by pod, -1 for none.
 */
export function fullScan(state: ClusterState): Int32Array {
  const { nodes, pods } = state;
  const room = roomOf(nodes);
  const counters = new Counters(nodes);
  const kinds = new Map<string, Kind>();
  const objects = new NodesThatLetIn(nodes);
  const kindOf = state.podTemplates.map((template) => {
    const key = JSON.stringify({ ...template, needs: undefined, containers: undefined });
    const kind = kinds.get(key) ?? makeKind(template, objects, counters);
    kinds.set(key, kind);
    return kind;
  });
  for (const kind of kinds.values()) kind.counted.push(...counters.selecting(kind.labels));
  const placed = new Int32Array(pods.count).fill(-1);
  const order = Array.from({ length: pods.count }, (_, pod) => pod).sort(
    (a, b) => (pods.createdAtSeconds[a] as number) - (pods.createdAtSeconds[b] as number),
  );
  for (const pod of order) {
    const template = pods.template[pod] as number;
    const { cpuMillicores: cpu, memoryBytes: memory } = (state.podTemplates[template] as PodTemplate).needs;
    const kind = kindOf[template] as Kind;
    for (const check of kind.checks) check.prepare();
    const node = best(kind, cpu, memory, room);
    if (node === -1) continue;
    placed[pod] = node;
    room.cpu[node] = (room.cpu[node] as number) - cpu;
    room.memory[node] = (room.memory[node] as number) - memory;
    room.pods[node] = (room.pods[node] as number) - 1;
    for (const counter of kind.counted) counter.add(node);
  }
  return placed;
}

interface Room {
  readonly cpu: Float64Array;
  readonly memory: Float64Array;
  readonly pods: Int32Array;
  readonly allCpu: Float64Array;
  readonly allMemory: Float64Array;
}

/** What pods have in common that differ in size alone. */
interface Kind {
  readonly labels: PodTemplate['labels'];
  readonly mayGo: Uint8Array;
  readonly checks: readonly Check[];
  readonly counted: Counter[];
}

function best({ mayGo, checks }: Kind, cpu: number, memory: number, room: Room): number {
  let found = -1;
  let most = -1;
  for (let node = 0; node < mayGo.length; node++) {
    const cpuLeft = (room.cpu[node] as number) - cpu;
    const memoryLeft = (room.memory[node] as number) - memory;
    if (cpuLeft < 0 || memoryLeft < 0 || room.pods[node] === 0 || mayGo[node] === 0) continue;
    const score =
      Math.floor((cpuLeft / (room.allCpu[node] as number)) * 10_000) +
      Math.floor((memoryLeft / (room.allMemory[node] as number)) * 10_000);
    if (score <= most || !checks.every((check) => check.passes(node))) continue;
    most = score;
    found = node;
  }
  return found;
}

/** Pods that have one label, by domain of one key. */
class Counter {
  readonly counts: Int32Array;
  total = 0;
  fewest = 0;
  readonly #domainOf: Int32Array;
  /** How many domains hold so many. */
  readonly #holding: number[];

  constructor(domainOf: Int32Array, domains: number) {
    this.#domainOf = domainOf;
    this.counts = new Int32Array(domains);
    this.#holding = [domains];
  }

  at(node: number): number {
    return this.counts[this.#domainOf[node] as number] as number;
  }

  add(node: number): void {
    const domain = this.#domainOf[node] as number;
    const before = this.counts[domain] as number;
    this.counts[domain] = before + 1;
    this.total++;
    const holding = this.#holding;
    holding[before] = (holding[before] as number) - 1;
    holding[before + 1] = (holding[before + 1] ?? 0) + 1;
    while ((holding[this.fewest] ?? 0) === 0) this.fewest++;
  }
}

/** Whether the domain of a node holds no fewer and no more pods than it should. */
class Check {
  readonly #counter: Counter;
  readonly #prepare: (counter: Counter) => readonly [from: number, to: number];
  #from = 0;
  #to = 0;

  constructor(counter: Counter, prepare: (counter: Counter) => readonly [from: number, to: number]) {
    this.#counter = counter;
    this.#prepare = prepare;
  }

  prepare(): void {
    [this.#from, this.#to] = this.#prepare(this.#counter);
  }

  passes(node: number): boolean {
    const count = this.#counter.at(node);
    return count >= this.#from && count <= this.#to;
  }
}

class Counters {
  readonly #known = new Map<string, Counter>();
  readonly #domains: Readonly<Record<string, readonly [domainOf: Int32Array, domains: number]>>;

  constructor(nodes: readonly Node[]) {
    const zones = [...new Set(nodes.map(({ labels }) => labels[zoneKey]))];
    this.#domains = {
      [zoneKey]: [Int32Array.from(nodes, ({ labels }) => zones.indexOf(labels[zoneKey])), zones.length],
      [hostKey]: [Int32Array.from(nodes, (_, node) => node), nodes.length],
    };
  }

  of(topologyKey: string, selector: LabelSelector | undefined): Counter {
    const key = `${topologyKey} ${labelOf(selector)}`;
    let counter = this.#known.get(key);
    if (counter === undefined) {
      const [domainOf, domains] = this.#domains[topologyKey] ?? [];
      if (domainOf === undefined || domains === undefined)
        throw new RangeError(`full-scan knows no key ${topologyKey}.`);
      counter = new Counter(domainOf, domains);
      this.#known.set(key, counter);
    }
    return counter;
  }

  /** Those that count pods with these labels, as far as they are known by now. */
  selecting(labels: PodTemplate['labels']): Counter[] {
    const own = new Set(Object.entries(labels).map(([key, value]) => `${key}=${value}`));
    return [zoneKey, hostKey].flatMap((topologyKey) =>
      [...own].flatMap((label) => this.#known.get(`${topologyKey} ${label}`) ?? []),
    );
  }
}

/** By node: 1 where neither a taint nor a selector keeps a pod away. */
class NodesThatLetIn {
  readonly #nodes: readonly Node[];
  readonly #known = new Map<string, Uint8Array>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  of({ nodeSelector = {}, tolerations = [] }: PodTemplate): Uint8Array {
    const key = JSON.stringify([nodeSelector, tolerations]);
    const tolerated = new Set(tolerations.map((toleration) => toleration.key));
    const letsIn = ({ taints = [], labels }: Node) =>
      taints.every((taint) => tolerated.has(taint.key)) &&
      Object.entries(nodeSelector).every(([label, value]) => labels[label] === value);
    const known = this.#known.get(key) ?? Uint8Array.from(this.#nodes, (node) => (letsIn(node) ? 1 : 0));
    this.#known.set(key, known);
    return known;
  }
}

function labelOf(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {});
  const [label] = labels;
  if (labels.length !== 1 || label === undefined) throw new RangeError('full-scan knows only selectors of one label.');
  return label.join('=');
}

function makeKind(template: PodTemplate, objects: NodesThatLetIn, counters: Counters): Kind {
  const { labels } = template;
  const selectsItself = (selector: LabelSelector | undefined) =>
    Object.entries(labels).some(([key, value]) => `${key}=${value}` === labelOf(selector));
  const spread = (template.topologySpread ?? []).map(({ topologyKey, labelSelector, maxSkew }) => {
    const own = selectsItself(labelSelector) ? 1 : 0;
    return new Check(counters.of(topologyKey, labelSelector), ({ fewest }) => [0, fewest + maxSkew - own]);
  });
  const near = (template.podAffinity?.required ?? []).map(({ topologyKey, labelSelector }) => {
    const isSelf = selectsItself(labelSelector);
    const from = ({ total }: Counter) => (total === 0 && isSelf ? 0 : 1);
    return new Check(counters.of(topologyKey, labelSelector), (counter) => [from(counter), Number.MAX_SAFE_INTEGER]);
  });
  // Whoever carries such a term has the label that it is about, so that the pods that it selects and those that carry it are the same.
  const apart = (template.podAntiAffinity?.required ?? []).map(({ topologyKey, labelSelector }) => {
    if (!selectsItself(labelSelector)) throw new RangeError('full-scan knows only pods that repel their own kind.');
    return new Check(counters.of(topologyKey, labelSelector), () => [0, 0]);
  });
  return {
    labels,
    mayGo: objects.of(template),
    checks: [...spread, ...near, ...apart],
    counted: [],
  };
}

function roomOf(nodes: readonly Node[]): Room {
  const cpu = Float64Array.from(nodes, ({ allocatable }) => allocatable.cpuMillicores);
  const memory = Float64Array.from(nodes, ({ allocatable }) => allocatable.memoryBytes);
  const pods = Int32Array.from(nodes, ({ allocatable }) => allocatable.pods);
  return { cpu, memory, pods, allCpu: cpu.slice(), allMemory: memory.slice() };
}
