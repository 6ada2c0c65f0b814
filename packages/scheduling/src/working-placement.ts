import {
  type ClusterState,
  isTerminal,
  type Node,
  type NodeResources,
  type PodExtra,
  type PodTemplate,
  podClaims,
  podCreatedAtMs,
} from '@cloudoptim/core';
import { AntiAffinityTerms } from './anti-affinity-terms.js';
import { cordoned } from './cordoned.js';
import { Counters } from './counters.js';
import { FreeResources } from './free-resources.js';
import type { IncomingPod } from './incoming-pod.js';
import { KnownFacts } from './known-facts.js';
import { type Lookups, lookupsOf } from './lookups.js';
import type { Placement } from './placement.js';
import type { PodFacts } from './pod-facts.js';
import { Unasked } from './scoring/unasked.js';
import { TakenVolumes } from './taken-volumes.js';
import { unschedulableTaint } from './tolerations.js';
import { Topology } from './topology.js';
import type { AntiAffinityTerm, View } from './view.js';
import { volumesTaken } from './volumes-taken.js';

const nothing: PodExtra = {};

/** The one implementation of Placement. Every change logs what takes it back, so a rollback is exact by construction. */
export class WorkingPlacement implements Placement, View {
  readonly state: ClusterState;
  readonly lookups: Lookups;
  readonly topology: Topology;
  readonly counters: Counters;
  readonly comparisonOperators: boolean;
  readonly antiAffinityTerms: readonly AntiAffinityTerm[];
  readonly takenVolumes = new TakenVolumes();
  /** Templates of pods that have, or had, labels of their own. */
  readonly templatesWithLabels = new Set<number>();

  readonly #nodes: (Node | undefined)[];
  /** By node: grows with every change of the node object, so that remembered answers about an older one are not used. */
  readonly #nodeVersions: number[];
  #nodeVersion = 1;
  readonly #podsOn: number[][];
  readonly #free: FreeResources;
  readonly #template: number[];
  /** Pods ever seen, by template. */
  readonly #podsOfTemplate: number[][];
  readonly #workload: number[];
  /** Pods ever seen, by workload; from the first time that somebody asks. */
  #podsOfWorkload: number[][] | undefined;
  #unasked: Unasked | undefined;
  readonly #node: number[];
  /** By pod; undefined for most. */
  readonly #extra: (PodExtra | undefined)[];
  /** Pods that have labels of their own. */
  readonly #labelled = new Set<number>();
  readonly #added: IncomingPod[] = [];
  readonly #claimUsers = new Map<string, number>();
  readonly #antiAffinity: AntiAffinityTerms;
  readonly #undo: (() => void)[] = [];
  readonly #facts = new KnownFacts(this);

  constructor(state: ClusterState) {
    this.state = state;
    this.lookups = lookupsOf(state);
    this.comparisonOperators = state.scheduler.featureGates?.TaintTolerationComparisonOperators === true;
    this.#nodes = [...state.nodes];
    this.#nodeVersions = state.nodes.map(() => 1);
    this.#podsOn = state.nodes.map(() => []);
    this.#free = new FreeResources(state.nodes);
    this.#template = [...state.pods.template];
    this.#podsOfTemplate = state.podTemplates.map(() => []);
    for (let pod = 0; pod < state.pods.count; pod++) this.#podsOfTemplate[this.#template[pod] as number]?.push(pod);
    this.#workload = [...state.pods.workload];
    this.#node = state.pods.node.map((node, pod) => (isTerminal(state, pod) ? -1 : node));
    this.#extra = new Array<PodExtra | undefined>(state.pods.count).fill(undefined);
    for (const [key, extra] of Object.entries(state.pods.extra)) {
      const pod = Number(key);
      this.#extra[pod] = extra;
      if (extra.labels !== undefined) this.#isLabelled(pod);
    }
    this.topology = new Topology(this.#nodes);
    this.counters = new Counters(state, {
      alike: (template) => this.#bound(this.#podsOfTemplate[template] ?? [], false),
      labelled: () => this.#bound(this.#labelled, true),
    });
    this.#antiAffinity = new AntiAffinityTerms(state, () => this.counters.detached());
    this.antiAffinityTerms = this.#antiAffinity.all;
    for (let pod = 0; pod < state.pods.count; pod++) {
      const node = this.#node[pod] as number;
      if (node < 0) continue;
      this.#podsOn[node]?.push(pod);
      this.#occupy(pod, node, 1);
    }
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }
  get podCount(): number {
    return this.#node.length;
  }
  node(node: number): Node | undefined {
    return this.#nodes[node];
  }
  /** Identifies the node object as it is now, among all that node indices ever held. */
  nodeVersion(node: number): number {
    return this.#nodeVersions[node] ?? 0;
  }
  nodeOf(pod: number): number {
    return this.#node[pod] ?? -1;
  }
  templateOf(pod: number): number {
    return this.#template[pod] as number;
  }
  workloadOf(pod: number): number {
    return this.#workload[pod] as number;
  }
  extraOf(pod: number): PodExtra {
    return this.#extra[pod] ?? nothing;
  }
  nameOf(pod: number): string {
    const own = this.state.pods.count;
    return pod < own ? (this.state.pods.name[pod] as string) : (this.#added[pod - own]?.name ?? `incoming-${pod}`);
  }
  createdAtMsOf(pod: number): number {
    const own = this.state.pods.count;
    return pod < own ? podCreatedAtMs(this.state, pod) : (this.#added[pod - own]?.createdAtMs ?? 0);
  }
  /** A pod that was placed since, as it was handed in. */
  incoming(pod: number): IncomingPod {
    const added = this.#added[pod - this.state.pods.count];
    if (added === undefined) throw new RangeError(`Pod ${pod} was not placed here.`);
    return added;
  }
  podsOn(node: number): readonly number[] {
    return this.#podsOn[node] ?? [];
  }
  /** Pods that are or were there. */
  podsOfTemplate(template: number): readonly number[] {
    return this.#podsOfTemplate[template] ?? [];
  }
  /** Pods that are or were there, in table order. */
  podsOfWorkload(workload: number): readonly number[] {
    this.#podsOfWorkload ??= this.#byWorkload();
    return this.#podsOfWorkload[workload] ?? [];
  }
  /** Kept from the first time that somebody asks: only the whole profile's scores do. */
  get unasked(): Unasked {
    if (this.#unasked === undefined) {
      this.#unasked = new Unasked(this.state.podTemplates);
      for (const [pod, node] of this.#node.entries())
        if (node >= 0) this.#unasked.take(this.#template[pod] as number, node, 1);
    }
    return this.#unasked;
  }
  claimsOf(pod: number): readonly string[] {
    if (pod < this.state.pods.count) return podClaims(this.state, pod);
    const claims = [...(this.extraOf(pod).claims ?? [])];
    for (const volume of this.#templateAt(pod).volumes ?? []) if (volume.kind === 'claim') claims.push(volume.claim);
    return claims;
  }
  free(node: number): NodeResources {
    return this.#free.of(node);
  }
  freeCpuMillicores(node: number): number {
    return this.#free.cpu(node);
  }
  freeMemoryBytes(node: number): number {
    return this.#free.memory(node);
  }
  freeEphemeralStorageBytes(node: number): number {
    return this.#free.ephemeral(node);
  }
  freePods(node: number): number {
    return this.#free.pods(node);
  }
  freeExtended(node: number, resource: string): number {
    return this.#free.extended[node]?.get(resource) ?? 0;
  }
  claimUsers(namespace: string, claim: string): number {
    return this.#claimUsers.get(`${namespace}/${claim}`) ?? 0;
  }

  /** Worked out once; the same pod object (or a pod with nothing of its own) is not worked out again. */
  facts(pod: IncomingPod): PodFacts {
    return this.#facts.of(pod);
  }

  remove(pod: number): void {
    const node = this.nodeOf(pod);
    if (node < 0) throw new RangeError(`Pod ${this.nameOf(pod)} is on no node, so it cannot be taken off one.`);
    const list = this.#podsOn[node] as number[];
    const position = list.indexOf(pod);
    list.splice(position, 1);
    this.#occupy(pod, node, -1);
    this.#node[pod] = -1;
    this.#undo.push(() => {
      this.#node[pod] = node;
      list.splice(position, 0, pod);
      this.#occupy(pod, node, 1);
    });
  }

  place(pod: IncomingPod, node: number): number {
    const object = this.#present(node);
    const index = this.#node.length;
    const taken = this.state.persistentVolumes.length === 0 ? [] : volumesTaken(this.facts(pod), object, this);
    this.takenVolumes.take(taken);
    this.#template.push(pod.template);
    this.#podsOfTemplate[pod.template]?.push(index);
    this.#workload.push(pod.workload);
    this.#podsOfWorkload?.[pod.workload]?.push(index);
    this.#node.push(node);
    this.#added.push(pod);
    this.#extra.push(pod.extra);
    if (pod.extra?.labels !== undefined) this.#isLabelled(index);
    (this.#podsOn[node] as number[]).push(index);
    this.#occupy(index, node, 1);
    this.#undo.push(() => {
      this.takenVolumes.giveBack(taken);
      (this.#podsOn[node] as number[]).pop();
      this.#occupy(index, node, -1);
      this.#extra.pop();
      this.#labelled.delete(index);
      this.#template.pop();
      this.#podsOfTemplate[pod.template]?.pop();
      this.#workload.pop();
      this.#podsOfWorkload?.[pod.workload]?.pop();
      this.#node.pop();
      this.#added.pop();
    });
    return index;
  }

  cordon(node: number): void {
    this.updateNode(node, cordoned(this.#present(node)));
  }

  uncordon(node: number): void {
    const { unschedulable: _, taints = [], ...rest } = this.#present(node);
    this.updateNode(node, { ...rest, taints: taints.filter((taint) => taint.key !== unschedulableTaint.key) });
  }

  updateNode(node: number, to: Node): void {
    const before = this.#present(node);
    this.#setNode(node, to);
    this.#undo.push(() => this.#setNode(node, before));
  }

  removeNode(node: number): void {
    const before = this.#present(node);
    for (const pod of [...this.podsOn(node)].reverse()) this.remove(pod);
    this.#setNode(node, undefined);
    this.#undo.push(() => this.#setNode(node, before));
  }

  addNode(node: Node): number {
    const index = this.#nodes.length;
    this.#nodes.push(undefined);
    this.#podsOn.push([]);
    this.#free.push();
    this.#nodeVersions.push(0);
    this.#setNode(index, node);
    this.#undo.push(() => {
      this.#nodes.pop();
      this.#podsOn.pop();
      this.#free.pop();
      this.#nodeVersions.pop();
      this.topology.changed(index, false);
    });
    return index;
  }

  mark(): number {
    return this.#undo.length;
  }

  rollback(mark: number): void {
    if (!(mark >= 0 && mark <= this.#undo.length))
      throw new RangeError(`Mark ${mark} was rolled back already: there are ${this.#undo.length} changes.`);
    while (this.#undo.length > mark) this.#undo.pop()?.();
  }

  #present(node: number): Node {
    const object = this.#nodes[node];
    if (object === undefined) throw new RangeError(`There is no node ${node}: it never was, or it was removed.`);
    return object;
  }

  #setNode(node: number, to: Node | undefined): void {
    const before = this.#nodes[node];
    this.#free.exchange(node, before, to);
    this.#nodes[node] = to;
    this.#nodeVersions[node] = ++this.#nodeVersion;
    this.topology.changed(node, before !== undefined && to !== undefined);
  }

  #byWorkload(): number[][] {
    const lists = this.state.workloads.map((): number[] => []);
    this.#workload.forEach((workload, pod) => {
      lists[workload]?.push(pod);
    });
    return lists;
  }

  #isLabelled(pod: number): void {
    this.#labelled.add(pod);
    this.templatesWithLabels.add(this.templateOf(pod));
  }

  #templateAt(pod: number): PodTemplate {
    return this.state.podTemplates[this.#template[pod] as number] as PodTemplate;
  }

  /** Everything that is counted by node follows from here, for a pod that comes (+1) or goes (-1). */
  #occupy(pod: number, node: number, by: 1 | -1): void {
    const template = this.#templateAt(pod);
    const extra = this.extraOf(pod);
    this.#free.take(node, extra.occupies ?? template.needs, by);
    this.#unasked?.take(this.#template[pod] as number, node, by);
    if (extra.claims !== undefined || template.volumes !== undefined)
      for (const claim of this.claimsOf(pod)) {
        const key = `${template.namespace}/${claim}`;
        this.#claimUsers.set(key, (this.#claimUsers.get(key) ?? 0) + by);
      }
    const counted = this.#counted(pod);
    this.counters.change(counted, by);
    if (template.podAntiAffinity?.required !== undefined)
      this.#antiAffinity.change(counted.template, counted.labels, node, by);
  }

  #counted(pod: number) {
    const extra = this.extraOf(pod);
    return {
      template: this.#template[pod] as number,
      labels: extra.labels === undefined ? undefined : { ...this.#templateAt(pod).labels, ...extra.labels },
      terminating: extra.deletionAtMs !== undefined,
      node: this.#node[pod] as number,
    };
  }

  *#bound(pods: Iterable<number>, labelled: boolean) {
    for (const pod of pods)
      if (this.nodeOf(pod) >= 0 && (this.extraOf(pod).labels !== undefined) === labelled) yield this.#counted(pod);
  }
}
