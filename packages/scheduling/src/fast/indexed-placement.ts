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
import type { IncomingPod } from '../incoming-pod.js';
import { lookupsOf } from '../lookups.js';
import type { ScoringRule } from '../score.js';
import { unschedulableTaint } from '../tolerations.js';
import type { View } from '../view.js';
import { Chooser } from './chooser.js';
import { Counting } from './counting.js';
import type { FastPlacement } from './fast-placement.js';
import type { LabelClass } from './label-class.js';
import { type Limits, usualLimits } from './limits.js';
import { NodeTable } from './node-table.js';
import { templateKindsOf } from './template-kinds.js';

const nothing: PodExtra = {};

/** Kinds of change in the log. */
const removed = 0;
const placed = 1;
const exchanged = 2;
const added = 3;
/** Numbers that the log holds for each change: its kind, the pod, the node, the position of the pod on the node. */
const entry = 4;

/** The one implementation of FastPlacement: who is where, what changed, and what takes it back. */
export class IndexedPlacement implements FastPlacement {
  readonly state: ClusterState;
  readonly #nodes: NodeTable;
  readonly #podsOn: number[][];
  readonly #template: number[];
  readonly #workload: number[];
  readonly #node: number[];
  readonly #class: LabelClass[] = [];
  readonly #extra = new Map<number, PodExtra>();
  readonly #added: IncomingPod[] = [];
  readonly #claimUsers = new Map<string, number>();
  readonly #counting: Counting;
  readonly #chooser: Chooser;
  readonly #log: number[] = [];
  readonly #exchangedNodes: (Node | undefined)[] = [];
  /** Grows whenever a change other than a pod that came may have made some pod feasible somewhere. */
  #relaxed = 0;

  constructor(state: ClusterState, limits: Limits = usualLimits) {
    this.state = state;
    const kinds = templateKindsOf(state);
    this.#nodes = new NodeTable(state, kinds, limits);
    this.#podsOn = state.nodes.map(() => []);
    this.#template = [...state.pods.template];
    this.#workload = [...state.pods.workload];
    this.#node = [...state.pods.node];
    for (const pod in state.pods.extra) this.#extra.set(Number(pod), state.pods.extra[pod] as PodExtra);
    for (const pod of this.#extra.keys()) if (isTerminal(state, pod)) this.#node[pod] = -1;
    const view = this.#createView();
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
      asked: { view, counting: this.#counting, nodes: this.#nodes },
      kinds,
      get relaxed() {
        return placement.#relaxed;
      },
    });
    for (let pod = 0; pod < state.pods.count; pod++) {
      const node = this.#node[pod] as number;
      const labels = this.#extra.size === 0 ? undefined : this.#extra.get(pod)?.labels;
      this.#class.push(this.#counting.classes.of(this.#template[pod] as number, labels));
      if (node < 0) continue;
      this.#podsOn[node]?.push(pod);
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
  podsOn(node: number): readonly number[] {
    return this.#podsOn[node] ?? [];
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
    const index = this.#nodes.push();
    this.#podsOn.push([]);
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
    const pods = this.podsOn(node);
    const classOf = (pod: number) => this.#class[pod] as LabelClass;
    if (before !== undefined) this.#counting.leave(node, pods, classOf, labelsStay);
    this.#nodes.replace(node, to, labelsStay);
    if (to !== undefined) this.#counting.enter(node, pods, classOf, labelsStay);
    this.#relaxed++;
  }

  /** Everything that is counted by node follows from here, for a pod that comes (+1) or goes (-1). */
  #occupy(pod: number, node: number, by: 1 | -1): void {
    const template = this.state.podTemplates[this.#template[pod] as number] as PodTemplate;
    const extra = this.#extra.size === 0 ? undefined : this.#extra.get(pod);
    this.#nodes.take(node, extra?.occupies ?? template.needs, by);
    if (extra?.claims !== undefined || template.volumes !== undefined)
      for (const claim of this.#claimsOf(pod)) {
        const key = `${template.namespace}/${claim}`;
        this.#claimUsers.set(key, (this.#claimUsers.get(key) ?? 0) + by);
      }
    const own = this.#class[pod] as LabelClass;
    if (by === 1) this.#counting.bind(pod, own, node);
    else {
      this.#counting.unbind(pod, own, node);
      this.#relaxed++;
    }
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
      // Tells equal selectors; nothing is counted here. With the templates, each new selector would be tried on all of them.
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
