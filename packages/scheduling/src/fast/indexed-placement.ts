import {
  type ClusterState,
  isTerminal,
  type Node,
  type NodeResources,
  type PodExtra,
  type PodTemplate,
  podClaims,
  podCreatedAtMs,
  type Reason,
} from '@cloudoptim/core';
import { Counters } from '../counters.js';
import { askedFacts } from '../fits.js';
import { FreeResources } from '../free-resources.js';
import type { IncomingPod } from '../incoming-pod.js';
import { lookupsOf } from '../lookups.js';
import { type PodFacts, podFacts } from '../pod-facts.js';
import type { ScoringRule } from '../score.js';
import { unschedulableTaint } from '../tolerations.js';
import type { View } from '../view.js';
import { type Asked, AskingClass } from './asking-class.js';
import { type Counted, Counting, type Limits } from './counting.js';
import type { FastPlacement } from './fast-placement.js';
import type { LabelClass } from './label-class.js';
import { NodeGroups } from './node-groups.js';
import { NodeTree, type TreeScore } from './node-tree.js';
import { RefusalCounts } from './refusal-counts.js';

const nothing: PodExtra = {};
const usualLimits: Limits = { domains: 32, values: 256, listed: 64 };

/** Kinds of change in the log. */
const removed = 0;
const placed = 1;
const exchanged = 2;
const added = 3;
/** Numbers that the log holds for each change: its kind, the index of what changed, the node, the position on the node. */
const entry = 4;

const treeScores: Readonly<Record<ScoringRule, TreeScore>> = {
  leastAllocated: 'least',
  mostAllocated: 'most',
  firstFeasible: 'any',
};

/** The one implementation of FastPlacement. */
export class IndexedPlacement implements FastPlacement {
  readonly state: ClusterState;
  readonly #nodes: (Node | undefined)[];
  readonly #groupOf: number[] = [];
  readonly #versionOf: number[];
  readonly #changedAt: number[];
  readonly #podsOn: number[][];
  readonly #nodesNamed = new Map<string, number[]>();
  readonly #free: FreeResources;
  readonly #template: number[];
  readonly #workload: number[];
  readonly #node: number[];
  readonly #class: LabelClass[] = [];
  readonly #extra = new Map<number, PodExtra>();
  readonly #added: IncomingPod[] = [];
  readonly #claimUsers = new Map<string, number>();
  readonly #view: View;
  readonly #groups: NodeGroups;
  readonly #counting: Counting;
  readonly #tree: NodeTree;
  readonly #asked: Asked;
  readonly #askingByTemplate: (AskingClass | undefined)[] = [];
  readonly #askingByKey = new Map<string, AskingClass>();
  readonly #refusals = new Map<AskingClass, RefusalCounts>();
  /** Whether the owner of a pod bears on where it may go, through default spread constraints. */
  readonly #ownersMatter: boolean;
  readonly #log: number[] = [];
  readonly #exchangedNodes: (Node | undefined)[] = [];
  /** Nodes whose free resources the tree does not know yet. */
  readonly #stale: number[] = [];
  readonly #isStale: boolean[] = [];
  #version = 1;
  #changes = 1;
  /** Grows whenever a change other than a pod that came may have made some pod feasible somewhere. */
  #relaxed = 0;

  constructor(state: ClusterState, limits: Limits = usualLimits) {
    this.state = state;
    this.#nodes = [...state.nodes];
    this.#versionOf = state.nodes.map(() => 1);
    this.#changedAt = state.nodes.map(() => 1);
    this.#podsOn = state.nodes.map(() => []);
    this.#free = new FreeResources(state.nodes);
    this.#template = [...state.pods.template];
    this.#workload = [...state.pods.workload];
    for (const pod in state.pods.extra) this.#extra.set(Number(pod), state.pods.extra[pod] as PodExtra);
    this.#node = [...state.pods.node];
    for (const pod of this.#extra.keys()) if (isTerminal(state, pod)) this.#node[pod] = -1;
    this.#ownersMatter = state.scheduler.profiles.some(({ defaultConstraints }) => defaultConstraints !== 'System');
    this.#view = this.#createView();
    this.#counting = new Counting(this.#counted(limits));
    this.#groups = new NodeGroups(state, this.#counting.keys, limits.values);
    this.#asked = this.#createAsked();
    for (const [index, node] of state.nodes.entries()) {
      this.#groupOf.push(this.#groups.of(index, node));
      this.#name(node.name, index);
    }
    this.#tree = new NodeTree(alikeTogether(state.nodes, this.#groupOf));
    for (let pod = 0; pod < state.pods.count; pod++) {
      const node = this.#node[pod] as number;
      const own = this.#counting.classes.of(this.#template[pod] as number, this.#extra.get(pod)?.labels);
      this.#class.push(own);
      if (node < 0) continue;
      this.#podsOn[node]?.push(pod);
      this.#occupy(pod, node, 1);
    }
    for (const [index, node] of state.nodes.entries()) this.#showTree(index, node);
    this.#refresh();
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
    return this.#extra.get(pod) ?? nothing;
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
  free(node: number): NodeResources {
    return this.#free.of(node);
  }

  choose(pod: IncomingPod, rule: ScoringRule, except?: ReadonlySet<number>): number {
    const asking = this.#ask(pod, except);
    if (asking === undefined) return -1;
    const score = treeScores[rule];
    const known = except === undefined && asking.pod === asking.facts;
    const relaxed = known ? asking.relaxed() : -1;
    if (known && asking.failedAt === this.#relaxed && asking.failedRelaxed === relaxed) return -1;
    const candidates = this.#candidates(asking);
    const found =
      candidates !== undefined
        ? this.#bestOf(candidates, asking, score)
        : score === 'any'
          ? this.#tree.firstFrom(asking, 0, score, -1)
          : this.#tree.best(asking, score);
    if (found === -1 && known) {
      asking.failedAt = this.#relaxed;
      asking.failedRelaxed = relaxed;
    }
    return found;
  }

  chooseByScore(pod: IncomingPod, strategy: 'LeastAllocated' | 'MostAllocated', random: () => number): number {
    const score = strategy === 'LeastAllocated' ? 'leastPercent' : 'mostPercent';
    const asking = this.#ask(pod);
    if (asking === undefined) return -1;
    const candidates = this.#candidates(asking);
    const best = candidates === undefined ? this.#tree.best(asking, score) : this.#bestOf(candidates, asking, score);
    return best === -1 ? -1 : this.#roundFrom(asking, random, candidates, score, best);
  }

  chooseAnyhow(pod: IncomingPod, random: () => number): number {
    const asking = this.#ask(pod);
    return asking === undefined ? -1 : this.#roundFrom(asking, random, this.#candidates(asking), 'any', -1);
  }

  isFeasible(pod: IncomingPod, node: number): boolean {
    const asking = this.#ask(pod);
    return asking !== undefined && this.#takes(asking, node);
  }

  feasibleNodes(pod: IncomingPod): number[] {
    const asking = this.#ask(pod);
    if (asking === undefined) return [];
    const nodes: number[] = [];
    for (let node = 0; node < this.nodeCount; node++) if (this.#takes(asking, node)) nodes.push(node);
    return nodes;
  }

  reasons(pod: IncomingPod, except?: ReadonlySet<number>): Readonly<Record<string, number>> {
    const { asking, facts } = this.#classOf(pod);
    const { everywhere } = askedFacts(facts, this.#view);
    if (everywhere !== undefined) {
      let count = 0;
      for (let node = 0; node < this.nodeCount; node++)
        if (this.#nodes[node] !== undefined && except?.has(node) !== true) count++;
      return count === 0 ? {} : Object.fromEntries(everywhere.reasons.map((reason) => [reason, count]));
    }
    asking.prepare(facts);
    let counts = this.#refusals.get(asking);
    if (counts === undefined) {
      counts = new RefusalCounts(asking);
      this.#refusals.set(asking, counts);
    }
    return counts.of(except);
  }

  unsupported(pod: IncomingPod): Reason | undefined {
    return this.#classOf(pod).facts.unsupported;
  }

  remove(pod: number): void {
    const node = this.nodeOf(pod);
    if (node < 0) throw new RangeError(`Pod ${this.nameOf(pod)} is on no node, so it cannot be taken off one.`);
    const list = this.#podsOn[node] as number[];
    const position = list.indexOf(pod);
    list.splice(position, 1);
    this.#occupy(pod, node, -1);
    this.#node[pod] = -1;
    this.#log.push(removed, pod, node, position);
  }

  place(pod: IncomingPod, node: number): number {
    this.#present(node);
    const index = this.#node.length;
    this.#class.push(this.#counting.classes.of(pod.template, pod.extra?.labels));
    this.#template.push(pod.template);
    this.#workload.push(pod.workload);
    this.#node.push(node);
    this.#added.push(pod);
    if (pod.extra !== undefined) this.#extra.set(index, pod.extra);
    (this.#podsOn[node] as number[]).push(index);
    this.#occupy(index, node, 1);
    this.#log.push(placed, index, node, 0);
    return index;
  }

  cordon(node: number): void {
    const before = this.#present(node);
    const taints = before.taints ?? [];
    const tainted = taints.some((taint) => taint.key === unschedulableTaint.key && taint.effect === 'NoSchedule');
    // The node lifecycle controller follows with its taint at once; topology spread may look at it.
    this.updateNode(node, {
      ...before,
      unschedulable: true,
      taints: tainted ? taints : [...taints, unschedulableTaint],
    });
  }

  uncordon(node: number): void {
    const { unschedulable: _, taints = [], ...rest } = this.#present(node);
    this.updateNode(node, { ...rest, taints: taints.filter((taint) => taint.key !== unschedulableTaint.key) });
  }

  updateNode(node: number, to: Node): void {
    this.#log.push(exchanged, 0, node, 0);
    this.#exchangedNodes.push(this.#present(node));
    this.#setNode(node, to);
  }

  removeNode(node: number): void {
    const before = this.#present(node);
    for (const pod of [...this.podsOn(node)].reverse()) this.remove(pod);
    this.#log.push(exchanged, 0, node, 0);
    this.#exchangedNodes.push(before);
    this.#setNode(node, undefined);
  }

  addNode(node: Node): number {
    const index = this.#nodes.length;
    this.#nodes.push(undefined);
    this.#podsOn.push([]);
    this.#free.push();
    this.#versionOf.push(0);
    this.#changedAt.push(0);
    this.#groupOf.push(-1);
    for (const key of this.#counting.keys) key.set(index, undefined);
    this.#tree.push();
    this.#setNode(index, node);
    this.#log.push(added, 0, index, 0);
    return index;
  }

  mark(): number {
    return this.#log.length / entry;
  }

  rollback(mark: number): void {
    if (!(mark >= 0 && mark <= this.mark()))
      throw new RangeError(`Mark ${mark} was rolled back already: there are ${this.mark()} changes.`);
    while (this.mark() > mark) this.#undoLast();
  }

  #undoLast(): void {
    const log = this.#log;
    const position = log.pop() as number;
    const node = log.pop() as number;
    const pod = log.pop() as number;
    switch (log.pop()) {
      case removed:
        this.#node[pod] = node;
        (this.#podsOn[node] as number[]).splice(position, 0, pod);
        this.#occupy(pod, node, 1);
        return;
      case placed:
        (this.#podsOn[node] as number[]).pop();
        this.#occupy(pod, node, -1);
        this.#extra.delete(pod);
        this.#class.pop();
        this.#template.pop();
        this.#workload.pop();
        this.#node.pop();
        this.#added.pop();
        return;
      case exchanged:
        this.#setNode(node, this.#exchangedNodes.pop());
        return;
      case added:
        this.#setNode(node, undefined);
        this.#nodes.pop();
        this.#podsOn.pop();
        this.#free.pop();
        this.#versionOf.pop();
        this.#changedAt.pop();
        this.#groupOf.pop();
        for (const key of this.#counting.keys) key.pop();
        this.#tree.pop();
    }
  }

  #present(node: number): Node {
    const object = this.#nodes[node];
    if (object === undefined) throw new RangeError(`There is no node ${node}: it never was, or it was removed.`);
    return object;
  }

  #setNode(node: number, to: Node | undefined): void {
    const before = this.#nodes[node];
    // A cordon leaves labels alone, and so all counters but those that look at taints.
    const labelsStay = before !== undefined && before.labels === to?.labels && before.name === to.name;
    const pods = this.podsOn(node);
    const classOf = (pod: number) => this.#class[pod] as LabelClass;
    if (before !== undefined) this.#counting.leave(node, pods, classOf, labelsStay);
    this.#free.exchange(node, before, to);
    this.#nodes[node] = to;
    this.#versionOf[node] = ++this.#version;
    this.#changedAt[node] = ++this.#changes;
    this.#relaxed++;
    if (!labelsStay) for (const key of this.#counting.keys) key.set(node, to);
    if (before?.name !== to?.name) {
      if (before !== undefined) this.#unname(before.name, node);
      if (to !== undefined) this.#name(to.name, node);
    }
    this.#groupOf[node] = to === undefined ? -1 : this.#groups.of(node, to);
    if (to !== undefined) this.#counting.enter(node, pods, classOf, labelsStay);
    if (to === undefined) this.#tree.clear(node);
    else this.#showTree(node, to);
  }

  #showTree(node: number, { allocatable }: Node): void {
    this.#tree.set(node, this.#groupOf[node] as number, allocatable.cpuMillicores, allocatable.memoryBytes);
    this.#showFree(node);
  }

  #showFree(node: number): void {
    const { cpu, memory, pods } = this.#free;
    this.#tree.setFree(node, cpu[node] as number, memory[node] as number, pods[node] as number);
  }

  /** Tells the tree what is free now. Done only before it is asked: a drained node then counts once, not once a pod. */
  #refresh(): void {
    for (const node of this.#stale) {
      this.#isStale[node] = false;
      if (this.#nodes[node] !== undefined) this.#showFree(node);
    }
    this.#stale.length = 0;
  }

  /** Everything that is counted by node follows from here, for a pod that comes (+1) or goes (-1). */
  #occupy(pod: number, node: number, by: 1 | -1): void {
    const own = this.#class[pod] as LabelClass;
    const extra = this.#extra.size === 0 ? undefined : this.#extra.get(pod);
    this.#free.take(node, extra?.occupies ?? own.template.needs, by);
    if (extra?.claims !== undefined || own.template.volumes !== undefined)
      for (const claim of this.#claimsOf(pod)) {
        const key = `${own.template.namespace}/${claim}`;
        this.#claimUsers.set(key, (this.#claimUsers.get(key) ?? 0) + by);
      }
    if (by === 1) this.#counting.bind(pod, own, node);
    else {
      this.#counting.unbind(pod, own, node);
      this.#relaxed++;
    }
    this.#changedAt[node] = ++this.#changes;
    if (this.#isStale[node] === true) return;
    this.#isStale[node] = true;
    this.#stale.push(node);
  }

  #claimsOf(pod: number): readonly string[] {
    if (pod < this.state.pods.count) return podClaims(this.state, pod);
    const claims = [...(this.extraOf(pod).claims ?? [])];
    const template = this.state.podTemplates[this.templateOf(pod)] as PodTemplate;
    for (const volume of template.volumes ?? []) if (volume.kind === 'claim') claims.push(volume.claim);
    return claims;
  }

  /** The class, ready for this pod; undefined when no node can take it, or when that cannot be told. */
  #ask(pod: IncomingPod, except?: ReadonlySet<number>): AskingClass | undefined {
    const { asking, facts } = this.#classOf(pod);
    if (facts.unsupported !== undefined) return undefined;
    if ((facts.asked ?? askedFacts(facts, this.#view)).everywhere !== undefined) return undefined;
    this.#refresh();
    asking.prepare(facts, except);
    return asking;
  }

  #classOf(pod: IncomingPod): { readonly asking: AskingClass; readonly facts: PodFacts } {
    const asking = this.#askingOf(pod);
    const { volumes } = asking.facts.template;
    const ownVolumes =
      (pod.extra?.claims !== undefined && pod.extra.claims.length > 0) ||
      (pod.name !== undefined && volumes?.some(({ kind }) => kind === 'ephemeral') === true);
    return { asking, facts: ownVolumes ? podFacts(pod, this.#view) : asking.facts };
  }

  #askingOf(pod: IncomingPod): AskingClass {
    const plain = pod.extra === undefined && !this.#ownersMatter;
    const known = plain ? this.#askingByTemplate[pod.template] : undefined;
    if (known !== undefined) return known;
    const own = this.#counting.classes.of(pod.template, pod.extra?.labels);
    const key = plain
      ? ''
      : JSON.stringify([pod.template, this.#ownersMatter ? pod.workload : -1, pod.extra?.pinnedNode ?? 0, own.number]);
    let asking = plain ? undefined : this.#askingByKey.get(key);
    if (asking === undefined) {
      const { labels, pinnedNode } = pod.extra ?? {};
      const extra = {
        ...(labels === undefined ? {} : { labels: own.labels }),
        ...(pinnedNode === undefined ? {} : { pinnedNode }),
      };
      const facts = podFacts({ template: pod.template, workload: pod.workload, extra }, this.#view);
      asking = new AskingClass(facts, own, this.#asked);
      if (plain) this.#askingByTemplate[pod.template] = asking;
      else this.#askingByKey.set(key, asking);
    }
    return asking;
  }

  /** The few nodes that come into question; undefined when there are many. */
  #candidates(asking: AskingClass): readonly number[] | undefined {
    const { pinnedNode } = asking.facts;
    if (pinnedNode !== undefined) return this.#nodesNamed.get(pinnedNode) ?? [];
    const near = asking.nearOnly();
    return near?.listed?.flatMap((domain) => near.key.nodesIn[domain] ?? []);
  }

  #bestOf(candidates: readonly number[], asking: AskingClass, score: TreeScore): number {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const node of candidates) {
      const value = this.#tree.scoreOf(node, asking, score);
      if (value < bestScore || (value === bestScore && node > best)) continue;
      if (!this.#takes(asking, node)) continue;
      best = node;
      bestScore = value;
    }
    return best;
  }

  /** The first node from a drawn index on, and round, that scores as `like` does (-1: any). */
  #roundFrom(
    asking: AskingClass,
    random: () => number,
    candidates: readonly number[] | undefined,
    score: TreeScore,
    like: number,
  ): number {
    const start = Math.floor(random() * this.nodeCount);
    if (candidates === undefined) {
      const found = this.#tree.firstFrom(asking, start, score, like);
      return found !== -1 || start === 0 ? found : this.#tree.firstFrom(asking, 0, score, like);
    }
    const wanted = like === -1 ? 0 : this.#tree.scoreOf(like, asking, score);
    const round = candidates.filter((node) => this.#tree.scoreOf(node, asking, score) === wanted).sort((a, b) => a - b);
    const after = round.findIndex((node) => node >= start);
    const turned = after <= 0 ? round : [...round.slice(after), ...round.slice(0, after)];
    return turned.find((node) => this.#takes(asking, node)) ?? -1;
  }

  #takes(asking: AskingClass, node: number): boolean {
    return (
      this.#nodes[node] !== undefined &&
      this.#tree.hasRoom(node, asking) &&
      asking.acceptsGroup(this.#groupOf[node] as number, node) &&
      asking.accepts(node)
    );
  }

  #name(name: string, node: number): void {
    const list = this.#nodesNamed.get(name);
    if (list === undefined) this.#nodesNamed.set(name, [node]);
    else list.push(node);
  }

  #unname(name: string, node: number): void {
    const list = this.#nodesNamed.get(name) ?? [];
    list.splice(list.indexOf(node), 1);
    if (list.length === 0) this.#nodesNamed.delete(name);
  }

  /** A placement as the plain filters read it, but for counters and topology: this half counts for itself. */
  #createView(): View {
    const placement = this;
    const [state, free] = [this.state, this.#free];
    return {
      state,
      lookups: lookupsOf(state),
      // Tells equal selectors; nothing is counted here.
      counters: new Counters(
        state,
        () => [],
        () => 0,
      ),
      comparisonOperators: state.scheduler.featureGates?.TaintTolerationComparisonOperators === true,
      get topology(): never {
        throw new Error('The fast half knows domains by itself; this filter must be compiled in.');
      },
      get antiAffinityTerms(): never {
        throw new Error('The fast half knows bound terms by itself; this filter must be compiled in.');
      },
      get nodeCount() {
        return placement.nodeCount;
      },
      node: (node) => this.#nodes[node],
      podsOn: (node) => this.podsOn(node),
      templateOf: (pod) => this.templateOf(pod),
      claimsOf: (pod) => this.#claimsOf(pod),
      freeCpuMillicores: (node) => free.cpu[node] as number,
      freeMemoryBytes: (node) => free.memory[node] as number,
      freeEphemeralStorageBytes: (node) => free.ephemeral[node] as number,
      freePods: (node) => free.pods[node] as number,
      freeExtended: (node, resource) => free.extended[node]?.get(resource) ?? 0,
      claimUsers: (namespace, claim) => this.#claimUsers.get(`${namespace}/${claim}`) ?? 0,
    };
  }

  #counted(limits: Limits): Counted {
    const { state, lookups, comparisonOperators } = this.#view;
    const terminating = (pod: number) => this.#extra.size > 0 && this.#extra.get(pod)?.deletionAtMs !== undefined;
    return {
      state,
      lookups,
      comparisonOperators,
      limits,
      nodes: this.#nodes,
      groupOf: this.#groupOf,
      nodeOf: this.#node,
      isTerminating: terminating,
      asksByNode: (facts) => asksByNode(facts, this.#groups.manyValued),
    };
  }

  #createAsked(): Asked {
    const placement = this;
    return {
      view: this.#view,
      counting: this.#counting,
      free: this.#free,
      groupOf: this.#groupOf,
      versionOf: this.#versionOf,
      changedAt: this.#changedAt,
      get changes() {
        return placement.#changes;
      },
      asksByNode: (facts) => asksByNode(facts, this.#groups.manyValued),
    };
  }
}

/** Whether a pod tells apart nodes of one group: by name, or by a label that has too many values to group by. */
function asksByNode({ template, pinnedNode }: PodFacts, manyValued: ReadonlySet<string>): boolean {
  if (pinnedNode !== undefined || (template.nodeName !== undefined && template.nodeName !== '')) return true;
  if (Object.keys(template.nodeSelector ?? {}).some((key) => manyValued.has(key))) return true;
  const terms = template.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return terms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchFields.length > 0 || matchExpressions.some(({ key }) => manyValued.has(key)),
  );
}

/** Node indices with nodes of one group, and groups of like size, beside each other. */
function alikeTogether(nodes: readonly Node[], groupOf: readonly number[]): number[] {
  const order = nodes.map((_, index) => index);
  return order.sort((left, right) => {
    const [a, b] = [nodes[left] as Node, nodes[right] as Node];
    return (
      a.allocatable.cpuMillicores - b.allocatable.cpuMillicores ||
      a.allocatable.memoryBytes - b.allocatable.memoryBytes ||
      (groupOf[left] as number) - (groupOf[right] as number) ||
      left - right
    );
  });
}
