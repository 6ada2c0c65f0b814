import type { ClusterState, Node, NodeResources, PodExtra, Reason } from '@cloudoptim/core';
import { cordoned } from '../cordoned.js';
import { daemonSetPods } from '../daemon-sets.js';
import type { IncomingPod } from '../incoming-pod.js';
import { podFacts } from '../pod-facts.js';
import type { ScoringRule } from '../score.js';
import type { Taken } from '../taken-volumes.js';
import { unschedulableTaint } from '../tolerations.js';
import type { View } from '../view.js';
import { volumesTaken } from '../volumes-taken.js';
import { added, ChangeLog, exchanged, placed, removed } from './change-log.js';
import { Chooser } from './chooser.js';
import { Counting } from './counting.js';
import { Eligibilities } from './eligibility.js';
import type { FastPlacement } from './fast-placement.js';
import { filterView } from './filter-view.js';
import type { LabelClass } from './label-class.js';
import { type Limits, usualLimits } from './limits.js';
import { NodeTable } from './node-table.js';
import { Occupancy } from './occupancy.js';
import { PodTable } from './pod-table.js';
import { PodsOnNodes } from './pods-on-nodes.js';
import { templateKindsOf } from './template-kinds.js';

/** The one implementation of FastPlacement: who is where, what changed, and what takes it back. */
export class IndexedPlacement implements FastPlacement {
  readonly state: ClusterState;
  readonly #nodes: NodeTable;
  readonly #pods: PodTable;
  readonly #podsOn: PodsOnNodes;
  readonly #counting: Counting;
  readonly #occupancy: Occupancy;
  readonly #chooser: Chooser;
  readonly #view: View;
  readonly #log = new ChangeLog();
  /** By object: what-ifs launch the same node again and again. */
  readonly #daemonSetPods = new WeakMap<Node, readonly IncomingPod[]>();
  /** What node objects were before they were exchanged, in the order of the log. */
  readonly #exchangedNodes: (Node | undefined)[] = [];
  readonly #exchangedVersions: number[] = [];
  /** By pod placed here: the volumes that its claims took, where they took some. */
  readonly #taken = new Map<number, readonly Taken[]>();
  /** Changes of node objects. */
  #nodeChanges = 0;

  constructor(state: ClusterState, limits: Limits = usualLimits) {
    this.state = state;
    const kinds = templateKindsOf(state);
    const nodes = new NodeTable(state, kinds, limits);
    const pods = new PodTable(state);
    this.#nodes = nodes;
    this.#pods = pods;
    this.#podsOn = new PodsOnNodes(pods);
    for (let node = 0; node < state.nodes.length; node++) this.#podsOn.push();
    const view = filterView(state, nodes, pods, this.#podsOn, (namespace, claim) =>
      this.#occupancy.claimUsers(namespace, claim),
    );
    this.#view = view;
    const counting = new Counting({ view, kinds, limits, nodes, pods });
    this.#counting = counting;
    this.#occupancy = new Occupancy({ state, kinds, pods, nodes, counting });
    this.#chooser = new Chooser({
      asked: { view, counting, nodes, eligibilities: new Eligibilities(nodes, view) },
      kinds,
      limits,
      relaxed: () => this.#nodeChanges + this.#occupancy.left,
    });
    for (let pod = 0; pod < state.pods.count; pod++) {
      // Rows of pods that wait are not written, and so not read either.
      const node = (state.pods.node[pod] as number) < 0 ? -1 : pods.nodeOf(pod);
      if (node >= 0) this.#arrive(pod, node, counting.classes.of(pods.boundTemplateOf(pod), pods.ownOf(pod)?.labels));
    }
  }

  get nodeCount(): number {
    return this.#nodes.count;
  }
  get podCount(): number {
    return this.#pods.length;
  }
  node(node: number): Node | undefined {
    return this.#nodes.objects[node];
  }
  nodeOf(pod: number): number {
    return pod >= 0 && pod < this.#pods.length ? this.#pods.nodeOf(pod) : -1;
  }
  templateOf(pod: number): number {
    return this.#pods.templateOf(pod);
  }
  workloadOf(pod: number): number {
    return this.#pods.workloadOf(pod);
  }
  extraOf(pod: number): PodExtra {
    return this.#pods.extraOf(pod);
  }
  nameOf(pod: number): string {
    return this.#pods.nameOf(pod);
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
  /** Reads from what is known of pods of the template; see simulate.ts. */
  touch(template: number): number {
    return this.#chooser.touch(template);
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
  daemonSetPods(node: number): readonly IncomingPod[] {
    const object = this.#present(node);
    let pods = this.#daemonSetPods.get(object);
    if (pods === undefined) {
      const view = this.#view;
      const { state, comparisonOperators } = view;
      pods = daemonSetPods({ state, comparisonOperators, facts: (pod) => podFacts(pod, view) }, object);
      this.#daemonSetPods.set(object, pods);
    }
    return pods;
  }

  remove(pod: number): void {
    const node = this.nodeOf(pod);
    if (node < 0) throw new RangeError(`Pod ${this.nameOf(pod)} is on no node, so it cannot be taken off one.`);
    this.#podsOn.remove(pod, node);
    this.#occupancy.change(pod, node, -1);
    this.#pods.setNode(pod, -1);
    this.#log.push(removed, pod, node);
  }

  place(pod: IncomingPod, node: number): number {
    const object = this.#present(node);
    const own = this.#counting.classes.of(pod.template, pod.extra?.labels);
    const index = this.#pods.push(pod, node);
    if (this.state.persistentVolumes.length > 0) this.#takeVolumes(index, pod, object);
    this.#arrive(index, node, own);
    this.#log.push(placed, index, node);
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
    this.#exchange(node, this.#present(node), to);
  }

  removeNode(node: number): void {
    const before = this.#present(node);
    for (const pod of [...this.podsOn(node)].reverse()) this.remove(pod);
    this.#exchange(node, before, undefined);
  }

  addNode(node: Node): number {
    const index = this.#nodes.push();
    this.#podsOn.push();
    this.#setNode(index, node);
    this.#log.push(added, 0, index);
    return index;
  }

  mark(): number {
    return this.#log.length;
  }

  rollback(mark: number): void {
    if (!(mark >= 0 && mark <= this.mark()))
      throw new RangeError(`Mark ${mark} was rolled back already: there are ${this.mark()} changes.`);
    if (mark === this.mark()) return;
    while (this.mark() > mark) this.#undoLast();
    this.#nodes.told.takenBack();
  }

  #takeVolumes(index: number, pod: IncomingPod, node: Node): void {
    const template = this.state.podTemplates[pod.template];
    if (template?.volumes === undefined && pod.extra?.claims === undefined) return;
    const taken = volumesTaken(podFacts(pod, this.#view), node, this.#view);
    if (taken.length === 0) return;
    this.#view.takenVolumes.take(taken);
    this.#taken.set(index, taken);
  }

  /** A pod comes to a node for the first time. */
  #arrive(pod: number, node: number, own: LabelClass): void {
    this.#counting.list(pod, own);
    this.#podsOn.add(pod, node);
    this.#occupancy.change(pod, node, 1);
  }

  #undoLast(): void {
    const log = this.#log;
    log.pop();
    const pod = log.pod(log.length);
    const node = log.node(log.length);
    switch (log.kind(log.length)) {
      case removed:
        this.#pods.setNode(pod, node);
        this.#podsOn.restore(pod, node);
        this.#occupancy.change(pod, node, 1);
        return;
      case placed:
        this.#view.takenVolumes.giveBack(this.#taken.get(pod) ?? []);
        this.#taken.delete(pod);
        this.#podsOn.remove(pod, node);
        this.#occupancy.change(pod, node, -1);
        this.#counting.unlist(pod);
        this.#pods.pop();
        return;
      case exchanged:
        this.#setNode(node, this.#exchangedNodes.pop(), this.#exchangedVersions.pop());
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

  #exchange(node: number, before: Node, to: Node | undefined): void {
    this.#log.push(exchanged, 0, node);
    this.#exchangedNodes.push(before);
    this.#exchangedVersions.push(this.#nodes.versionOf[node] as number);
    this.#setNode(node, to);
  }

  #setNode(node: number, to: Node | undefined, version?: number): void {
    const before = this.#nodes.objects[node];
    // A cordon leaves labels alone, and so all counters but those that look at taints.
    const labelsStay = before !== undefined && before.labels === to?.labels && before.name === to.name;
    const pods = () => this.podsOn(node);
    if (before !== undefined) this.#counting.leave(node, pods, labelsStay);
    this.#nodes.replace(node, to, labelsStay, version);
    if (to !== undefined) this.#counting.enter(node, pods, labelsStay);
    this.#nodeChanges++;
  }
}
