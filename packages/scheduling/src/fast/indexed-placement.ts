import {
  type ClusterState,
  isTerminal,
  type Node,
  type NodeResources,
  type PodExtra,
  type PodTemplate,
  podClaims,
  type Reason,
} from '@cloudoptim/core';
import { Counters } from '../counters.js';
import { daemonSetPods } from '../daemon-sets.js';
import type { IncomingPod } from '../incoming-pod.js';
import { lookupsOf } from '../lookups.js';
import { podFacts } from '../pod-facts.js';
import type { ScoringRule } from '../score.js';
import { unschedulableTaint } from '../tolerations.js';
import type { View } from '../view.js';
import { Chooser } from './chooser.js';
import { Counting } from './counting.js';
import { Eligibilities } from './eligibility.js';
import type { FastPlacement } from './fast-placement.js';
import { Int32Column } from './int32-column.js';
import type { LabelClass } from './label-class.js';
import { type Limits, usualLimits } from './limits.js';
import { NodeTable } from './node-table.js';
import { PodsOnNodes } from './pods-on-nodes.js';
import { type TemplateKinds, templateKindsOf } from './template-kinds.js';

const nothing: PodExtra = {};

/** Kinds of change in the log. */
const removed = 0;
const placed = 1;
const exchanged = 2;
const added = 3;
/** Numbers that the log holds for each change: its kind, the pod, the node. */
const entry = 3;

/** The one implementation of FastPlacement: who is where, what changed, and what takes it back. */
export class IndexedPlacement implements FastPlacement {
  readonly state: ClusterState;
  readonly #kinds: TemplateKinds;
  readonly #nodes: NodeTable;
  readonly #podsOn = new PodsOnNodes();
  /** By pod. */
  readonly #template: Int32Column;
  readonly #workload: Int32Column;
  readonly #node: Int32Column;
  /** By pod: the number of its class. */
  readonly #class = new Int32Column();
  readonly #extra = new Map<number, PodExtra>();
  readonly #added: IncomingPod[] = [];
  readonly #claimUsers = new Map<string, number>();
  readonly #counting: Counting;
  readonly #chooser: Chooser;
  readonly #view: View;
  readonly #log = new Int32Column();
  readonly #exchangedNodes: (Node | undefined)[] = [];
  /** Grows whenever a change other than a pod that came may have made some pod feasible somewhere. */
  #relaxed = 0;

  constructor(state: ClusterState, limits: Limits = usualLimits) {
    this.state = state;
    const kinds = templateKindsOf(state);
    this.#kinds = kinds;
    this.#nodes = new NodeTable(state, kinds, limits);
    for (let node = 0; node < state.nodes.length; node++) this.#podsOn.push();
    this.#template = new Int32Column(state.pods.template);
    this.#workload = new Int32Column(state.pods.workload);
    this.#node = new Int32Column(state.pods.node);
    for (const pod in state.pods.extra) this.#extra.set(Number(pod), state.pods.extra[pod] as PodExtra);
    for (const pod of this.#extra.keys()) if (isTerminal(state, pod)) this.#node.values[pod] = -1;
    const view = this.#createView();
    this.#view = view;
    this.#counting = new Counting({
      view,
      kinds,
      limits,
      nodes: this.#nodes,
      nodeOf: this.#node,
      isTerminating: (pod) => this.#extra.size > 0 && this.#extra.get(pod)?.deletionAtMs !== undefined,
    });
    const placement = this;
    this.#chooser = new Chooser({
      asked: {
        view,
        counting: this.#counting,
        nodes: this.#nodes,
        eligibilities: new Eligibilities(this.#nodes, view),
      },
      kinds,
      get relaxed() {
        return placement.#relaxed;
      },
    });
    for (let pod = 0; pod < state.pods.count; pod++) {
      const node = this.nodeOf(pod);
      const labels = this.#extra.size === 0 ? undefined : this.#extra.get(pod)?.labels;
      this.#class.push(this.#counting.classes.of(this.templateOf(pod), labels).number);
      if (node < 0) continue;
      this.#podsOn.add(pod, node);
      this.#occupy(pod, node, 1);
    }
  }

  get nodeCount(): number {
    return this.#nodes.count;
  }
  get podCount(): number {
    return this.#node.length;
  }
  node(node: number): Node | undefined {
    return this.#nodes.objects[node];
  }
  nodeOf(pod: number): number {
    return this.#node.at(pod) ?? -1;
  }
  templateOf(pod: number): number {
    return this.#template.at(pod) as number;
  }
  workloadOf(pod: number): number {
    return this.#workload.at(pod) as number;
  }
  extraOf(pod: number): PodExtra {
    return this.#extra.get(pod) ?? nothing;
  }
  nameOf(pod: number): string {
    const own = this.state.pods.count;
    return pod < own ? (this.state.pods.name[pod] as string) : (this.#added[pod - own]?.name ?? `incoming-${pod}`);
  }
  podsOn(node: number): readonly number[] {
    return this.#podsOn.of(node);
  }
  free(node: number): NodeResources {
    return this.#nodes.free.of(node);
  }

  choose(pod: IncomingPod, rule: ScoringRule, except?: ReadonlySet<number>): number {
    return this.#chooser.choose(pod, rule, except);
  }
  chooseByScore(pod: IncomingPod, strategy: 'LeastAllocated' | 'MostAllocated', random: () => number): number {
    return this.#chooser.chooseByScore(pod, strategy, random);
  }
  chooseAnyhow(pod: IncomingPod, random: () => number): number {
    return this.#chooser.chooseAnyhow(pod, random);
  }
  isFeasible(pod: IncomingPod, node: number): boolean {
    return this.#chooser.isFeasible(pod, node);
  }
  feasibleNodes(pod: IncomingPod): number[] {
    return this.#chooser.feasibleNodes(pod);
  }
  reasons(pod: IncomingPod, except?: ReadonlySet<number>): Readonly<Record<string, number>> {
    return this.#chooser.reasons(pod, except);
  }
  unsupported(pod: IncomingPod): Reason | undefined {
    return this.#chooser.unsupported(pod);
  }
  daemonSetPods(node: number): IncomingPod[] {
    const view = this.#view;
    const { state, comparisonOperators } = view;
    return daemonSetPods({ state, comparisonOperators, facts: (pod) => podFacts(pod, view) }, this.#present(node));
  }

  remove(pod: number): void {
    const node = this.nodeOf(pod);
    if (node < 0) throw new RangeError(`Pod ${this.nameOf(pod)} is on no node, so it cannot be taken off one.`);
    this.#podsOn.remove(pod, node);
    this.#occupy(pod, node, -1);
    this.#node.values[pod] = -1;
    this.#note(removed, pod, node);
  }

  place(pod: IncomingPod, node: number): number {
    this.#present(node);
    const index = this.#node.length;
    this.#class.push(this.#counting.classes.of(pod.template, pod.extra?.labels).number);
    this.#template.push(pod.template);
    this.#workload.push(pod.workload);
    this.#node.push(node);
    this.#added.push(pod);
    if (pod.extra !== undefined) this.#extra.set(index, pod.extra);
    this.#podsOn.add(index, node);
    this.#occupy(index, node, 1);
    this.#note(placed, index, node);
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
    this.#note(exchanged, 0, node);
    this.#exchangedNodes.push(this.#present(node));
    this.#setNode(node, to);
  }

  removeNode(node: number): void {
    const before = this.#present(node);
    for (const pod of [...this.podsOn(node)].reverse()) this.remove(pod);
    this.#note(exchanged, 0, node);
    this.#exchangedNodes.push(before);
    this.#setNode(node, undefined);
  }

  addNode(node: Node): number {
    const index = this.#nodes.push();
    this.#podsOn.push();
    this.#setNode(index, node);
    this.#note(added, 0, index);
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

  #note(kind: number, pod: number, node: number): void {
    this.#log.push(kind);
    this.#log.push(pod);
    this.#log.push(node);
  }

  #undoLast(): void {
    const log = this.#log;
    const node = log.pop() as number;
    const pod = log.pop() as number;
    switch (log.pop()) {
      case removed:
        this.#node.values[pod] = node;
        this.#podsOn.restore(pod, node);
        this.#occupy(pod, node, 1);
        return;
      case placed:
        this.#podsOn.remove(pod, node);
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
    }
  }

  #present(node: number): Node {
    const object = this.#nodes.objects[node];
    if (object === undefined) throw new RangeError(`There is no node ${node}: it never was, or it was removed.`);
    return object;
  }

  #setNode(node: number, to: Node | undefined): void {
    const before = this.#nodes.objects[node];
    // A cordon leaves labels alone, and so all counters but those that look at taints.
    const labelsStay = before !== undefined && before.labels === to?.labels && before.name === to.name;
    const pods = () => this.podsOn(node);
    const classOf = (pod: number) => this.#classOf(pod);
    if (before !== undefined) this.#counting.leave(node, pods, classOf, labelsStay);
    this.#nodes.replace(node, to, labelsStay);
    if (to !== undefined) this.#counting.enter(node, pods, classOf, labelsStay);
    this.#relaxed++;
  }

  /** Everything that is counted by node follows from here, for a pod that comes (+1) or goes (-1). */
  #occupy(pod: number, node: number, by: 1 | -1): void {
    const template = this.templateOf(pod);
    const extra = this.#extra.size === 0 ? undefined : this.#extra.get(pod);
    const { isSimple, cpuMillicores, memoryBytes } = this.#kinds;
    if (extra === undefined && isSimple[template] === 1)
      this.#nodes.take(node, cpuMillicores[template] as number, memoryBytes[template] as number, by);
    else this.#occupyMore(pod, node, by, extra);
    const own = this.#classOf(pod);
    if (by === 1) this.#counting.bind(pod, own, node);
    else {
      this.#counting.unbind(pod, own, node);
      this.#relaxed++;
    }
  }

  /** What most pods do not have: storage, other resources, volumes, or amounts of their own. */
  #occupyMore(pod: number, node: number, by: 1 | -1, extra: PodExtra | undefined): void {
    const template = this.state.podTemplates[this.templateOf(pod)] as PodTemplate;
    this.#nodes.takeAll(node, extra?.occupies ?? template.needs, by);
    if (extra?.claims === undefined && template.volumes === undefined) return;
    for (const claim of this.#claimsOf(pod)) {
      const key = `${template.namespace}/${claim}`;
      this.#claimUsers.set(key, (this.#claimUsers.get(key) ?? 0) + by);
    }
  }

  #classOf(pod: number): LabelClass {
    return this.#counting.classes.at(this.#class.at(pod) as number);
  }

  #claimsOf(pod: number): readonly string[] {
    if (pod < this.state.pods.count) return podClaims(this.state, pod);
    const claims = [...(this.extraOf(pod).claims ?? [])];
    const template = this.state.podTemplates[this.templateOf(pod)] as PodTemplate;
    for (const volume of template.volumes ?? []) if (volume.kind === 'claim') claims.push(volume.claim);
    return claims;
  }

  /** This placement as the plain filters read it, but for counters and topology: this half counts for itself. */
  #createView(): View {
    const { state } = this;
    const nodes = this.#nodes;
    const { free } = nodes;
    return {
      state,
      lookups: lookupsOf(state),
      // Tells equal selectors; nothing is counted here. With the templates, each new selector would be tried on some of them.
      counters: new Counters({ ...state, podTemplates: [] }, { alike: () => [], labelled: () => [] }),
      comparisonOperators: state.scheduler.featureGates?.TaintTolerationComparisonOperators === true,
      get topology(): never {
        throw new Error('The fast half knows domains by itself; a filter that asks must be compiled in.');
      },
      get antiAffinityTerms(): never {
        throw new Error(
          'The fast half knows the terms of bound pods by itself; a filter that asks must be compiled in.',
        );
      },
      get nodeCount() {
        return nodes.count;
      },
      node: (node) => nodes.objects[node],
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
}
