import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import { type Labels, labelText } from './labels.js';
import type { Domains, Topology } from './topology.js';

/** Tells whether a pod is counted, by what all pods of its template share and the labels it really has. */
type PodTest = (template: PodTemplate, labels: Labels) => boolean;

/** How many bound pods that pass one test are on each node, kept exact while pods come and go. */
export class Counter {
  /** By node that has such a pod: few, where a workload's pods are counted in a large cluster. */
  readonly perNode = new Map<number, number>();
  /** Grows with every change and is never set back, so whatever was derived from older counts is noticed as stale. */
  version = 1;
  readonly test: PodTest;
  /** Whether pods that are terminating count: they do for (anti-)affinity, not for topology spread. */
  readonly terminating: boolean;
  /** By topology key that was asked about. */
  readonly #sums = new Map<string, Sums>();

  constructor(test: PodTest, terminating: boolean) {
    this.test = test;
    this.terminating = terminating;
  }

  add(node: number, change: number): void {
    addTo(this.perNode, node, change);
    this.version++;
    for (const { domains, byDomain } of this.#sums.values()) addTo(byDomain, domains.of[node], change);
  }

  /** Pods counted in each domain of a topology key that has any. */
  byDomain(key: string, topology: Topology): ReadonlyMap<number, number> {
    const domains = topology.domains(key);
    const known = this.#sums.get(key);
    if (known !== undefined && known.moved === domains.moved) return known.byDomain;
    const byDomain = new Map<number, number>();
    for (const [node, count] of this.perNode) addTo(byDomain, domains.of[node], count);
    this.#sums.set(key, { domains, moved: domains.moved, byDomain });
    return byDomain;
  }
}

/** Pods by domain, kept exact for as long as nodes with pods stay in their domains. */
interface Sums {
  readonly domains: Domains;
  readonly moved: number;
  readonly byDomain: Map<number, number>;
}

/** Nodes without the key are in no domain. */
function addTo(counts: Map<number, number>, at: number | undefined, change: number): void {
  if (at === undefined || at === -1) return;
  const count = (counts.get(at) ?? 0) + change;
  if (count === 0) counts.delete(at);
  else counts.set(at, count);
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
  /** Counters that count pods of a template, for pods without labels of their own. */
  readonly #byTemplate: Counter[][] = [];
  /** Indices of templates by each of their labels. */
  #labelled: Map<string, number[]> | undefined;
  readonly #state: ClusterState;
  readonly #pods: BoundPods;

  constructor(state: ClusterState, pods: BoundPods) {
    this.#state = state;
    this.#pods = pods;
  }

  /**
   * The counter of a test, made on first use. Equal keys must mean equal tests. `labels` are some that no pod passes the test
   * without: a selector is then tried on few of the templates.
   */
  get(key: string, terminating: boolean, test: PodTest, labels?: Labels): Counter {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const counter = new Counter(test, terminating);
    this.#byKey.set(key, counter);
    this.#all.push(counter);
    for (const index of this.#templatesWith(labels)) {
      const template = this.#template(index);
      if (!test(template, template.labels)) continue;
      const counters = this.#byTemplate[index];
      if (counters === undefined) this.#byTemplate[index] = [counter];
      else counters.push(counter);
      for (const pod of this.#pods.alike(index)) if (terminating || !pod.terminating) counter.add(pod.node, 1);
    }
    for (const pod of this.#pods.labelled())
      if ((terminating || !pod.terminating) && test(this.#template(pod.template), pod.labels as Labels))
        counter.add(pod.node, 1);
    return counter;
  }

  /** A counter that its owner keeps; no pod is counted in it from here. */
  detached(): Counter {
    return new Counter(() => false, true);
  }

  /** Accounts for a pod that was bound (+1) or went away (-1). */
  change(pod: CountedPod, by: 1 | -1): void {
    if (pod.labels === undefined) {
      const counters = this.#byTemplate[pod.template];
      if (counters === undefined) return;
      for (const counter of counters) if (counter.terminating || !pod.terminating) counter.add(pod.node, by);
      return;
    }
    const template = this.#template(pod.template);
    for (const counter of this.#all)
      if ((counter.terminating || !pod.terminating) && counter.test(template, pod.labels)) counter.add(pod.node, by);
  }

  /** Templates that have the first of the labels; all of them when there is none. */
  #templatesWith(labels: Labels = {}): Iterable<number> {
    const { podTemplates } = this.#state;
    const [first] = Object.entries(labels);
    if (first === undefined) return podTemplates.keys();
    this.#labelled ??= templatesByLabel(podTemplates);
    return this.#labelled.get(labelText(...first)) ?? [];
  }

  #template(template: number): PodTemplate {
    return this.#state.podTemplates[template] as PodTemplate;
  }
}

function templatesByLabel(templates: readonly PodTemplate[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, { labels }] of templates.entries())
    for (const [key, value] of Object.entries(labels)) {
      const text = labelText(key, value);
      const own = found.get(text);
      if (own === undefined) found.set(text, [index]);
      else own.push(index);
    }
  return found;
}
