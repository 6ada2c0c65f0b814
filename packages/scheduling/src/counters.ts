import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import type { Labels } from './labels.js';
import type { Topology } from './topology.js';

/** Tells whether a pod is counted, by what all pods of its template share and the labels it really has. */
type PodTest = (template: PodTemplate, labels: Labels) => boolean;

/** Up to so many nodes are added up each time; more are kept by domain until something changes. */
const fewNodes = 64;

/** How many bound pods that pass one test are on each node, kept exact while pods come and go. */
export class Counter {
  readonly perNode: number[];
  /** Nodes with at least one such pod: few, where a workload's pods are counted in a large cluster. */
  readonly occupied = new Set<number>();
  /** Grows with every change and is never set back, so whatever was derived from older counts is noticed as stale. */
  version = 1;
  readonly test: PodTest;
  /** Whether pods that are terminating count: they do for (anti-)affinity, not for topology spread. */
  readonly terminating: boolean;
  readonly #sums = new Map<string, { version: number; topology: number; sums: readonly number[] }>();

  constructor(nodeCount: number, test: PodTest, terminating: boolean) {
    this.perNode = new Array<number>(nodeCount).fill(0);
    this.test = test;
    this.terminating = terminating;
  }

  /** Nodes that joined since have no entry until a pod is counted there: a missing one reads as zero. */
  add(node: number, change: number): void {
    const count = (this.perNode[node] ?? 0) + change;
    this.perNode[node] = count;
    if (count === 0) this.occupied.delete(node);
    else this.occupied.add(node);
    this.version++;
  }

  /** Pods counted in one domain of a topology key. */
  inDomain(domain: number, key: string, topology: Topology): number {
    if (this.occupied.size > fewNodes) return this.byDomain(key, topology)[domain] ?? 0;
    const { of } = topology.domains(key);
    let sum = 0;
    for (const node of this.occupied) if (of[node] === domain) sum += this.perNode[node] as number;
    return sum;
  }

  /** Pods counted in each domain of a topology key. */
  byDomain(key: string, topology: Topology): readonly number[] {
    const known = this.#sums.get(key);
    if (known !== undefined && known.version === this.version && known.topology === topology.version) return known.sums;
    const domains = topology.domains(key);
    const sums = new Array<number>(domains.count).fill(0);
    for (const node of this.occupied) {
      const domain = domains.of[node] ?? -1;
      if (domain >= 0) sums[domain] = (sums[domain] as number) + (this.perNode[node] ?? 0);
    }
    this.#sums.set(key, { version: this.version, topology: topology.version, sums });
    return sums;
  }
}

/** A pod as counters see it. `labels` is absent when the pod has those of its template. */
interface CountedPod {
  readonly template: number;
  readonly labels: Labels | undefined;
  readonly terminating: boolean;
  readonly node: number;
}

/** Bound pods, by what decides whether they are counted. */
interface BoundPods {
  /** Pods of a template that have its labels. */
  alike(template: number): Iterable<CountedPod>;
  /** Pods that have labels of their own. */
  labelled(): Iterable<CountedPod>;
}

/** All counters of one placement. Each selector is counted once, when it is first asked for. */
export class Counters {
  readonly #byKey = new Map<string, Counter>();
  readonly #all: Counter[] = [];
  /** Counters that count pods of a template, for pods without labels of their own; recomputed when counters were added. */
  readonly #byTemplate: (readonly Counter[] | undefined)[] = [];
  readonly #state: ClusterState;
  readonly #pods: BoundPods;
  readonly #nodeCount: () => number;

  constructor(state: ClusterState, pods: BoundPods, nodeCount: () => number) {
    this.#state = state;
    this.#pods = pods;
    this.#nodeCount = nodeCount;
  }

  /** The counter of a test, made on first use. Equal keys must mean equal tests. */
  get(key: string, terminating: boolean, test: PodTest): Counter {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const counter = new Counter(this.#nodeCount(), test, terminating);
    this.#byKey.set(key, counter);
    this.#all.push(counter);
    this.#byTemplate.length = 0;
    for (const [index, template] of this.#state.podTemplates.entries())
      if (test(template, template.labels))
        for (const pod of this.#pods.alike(index)) if (terminating || !pod.terminating) counter.add(pod.node, 1);
    for (const pod of this.#pods.labelled())
      if ((terminating || !pod.terminating) && test(this.#template(pod.template), pod.labels as Labels))
        counter.add(pod.node, 1);
    return counter;
  }

  /** A counter that its owner keeps; no pod is counted in it from here. */
  detached(): Counter {
    return new Counter(this.#nodeCount(), () => false, true);
  }

  /** Accounts for a pod that was bound (+1) or went away (-1). */
  change(pod: CountedPod, by: 1 | -1): void {
    if (this.#all.length === 0) return;
    if (pod.labels !== undefined) {
      const template = this.#template(pod.template);
      for (const counter of this.#all)
        if ((counter.terminating || !pod.terminating) && counter.test(template, pod.labels)) counter.add(pod.node, by);
      return;
    }
    let counters = this.#byTemplate[pod.template];
    if (counters === undefined) {
      const template = this.#template(pod.template);
      counters = this.#all.filter((counter) => counter.test(template, template.labels));
      this.#byTemplate[pod.template] = counters;
    }
    for (const counter of counters) if (counter.terminating || !pod.terminating) counter.add(pod.node, by);
  }

  #template(template: number): PodTemplate {
    return this.#state.podTemplates[template] as PodTemplate;
  }
}
