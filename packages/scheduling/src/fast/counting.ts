import type { LabelSelector } from '@cloudoptim/core';
import { type AffinityTerm, resolveTerm, termSelects } from '../affinity-term.js';
import type { Counter } from '../counters.js';
import { keepsAway } from '../filters/inter-pod-affinity.js';
import { matchesNodeAffinity } from '../filters/node-affinity.js';
import type { PodFacts } from '../pod-facts.js';
import type { SpreadConstraint } from '../spread-constraint.js';
import { untoleratedTaint } from '../tolerations.js';
import type { View } from '../view.js';
import { DomainCounter } from './domain-counter.js';
import { Inclusion } from './inclusion.js';
import { countIn, type LabelClass, type PodTest, type Selector } from './label-class.js';
import { LabelClasses } from './label-classes.js';
import type { Limits } from './limits.js';
import type { NodeTable } from './node-table.js';
import { ofClass, older } from './pod-row.js';
import type { PodTable } from './pod-table.js';
import type { TemplateKinds } from './template-kinds.js';
import type { TopologyKey } from './topology-key.js';

/** What counting reads of its placement. */
export interface Counted {
  readonly view: View;
  readonly kinds: TemplateKinds;
  readonly limits: Limits;
  readonly nodes: NodeTable;
  readonly pods: PodTable;
}

/** Who is counted where: every counter of the placement, kept exact while pods and nodes come and go. */
export class Counting {
  readonly classes: LabelClasses;
  readonly #from: Counted;
  readonly #inclusions = new Map<string, Inclusion>();
  readonly #selectors = new Map<Counter | string, Selector>();
  readonly #carriers = new Map<string, DomainCounter>();
  /** Whether some inclusion looks at taints: only then does a cordon bear on counters. */
  #taintsMatter = false;

  constructor(from: Counted) {
    this.#from = from;
    this.classes = new LabelClasses(from.view.state, from.kinds);
  }

  /** A pod that never was on a node is about to be bound for the first time: it is in the list of its class from now on. */
  list(pod: number, own: LabelClass): void {
    if (!own.carries) this.#carryTerms(own);
    this.#from.pods.set(pod, ofClass, own.number);
    this.#from.pods.set(pod, older, own.newest);
    own.newest = pod;
  }

  /** The pod that was listed last is given up. */
  unlist(pod: number): void {
    this.classOf(pod).newest = this.#from.pods.get(pod, older);
  }

  /** The class of a pod that was listed. */
  classOf(pod: number): LabelClass {
    return this.classes.at(this.#from.pods.get(pod, ofClass));
  }

  /** A listed pod came to the node (1) or left it (-1). */
  count(pod: number, node: number, by: 1 | -1): void {
    const counters = this.#countersOf(pod, this.classOf(pod));
    for (let index = 0; index < counters.length; index++) (counters[index] as DomainCounter).add(node, by);
  }

  /** To be called before a node's object changes (or goes), with the pods that stay on it. */
  leave(node: number, podsOn: () => readonly number[], labelsStay: boolean): void {
    if (labelsStay && !this.#taintsMatter) return;
    for (const pod of podsOn())
      for (const counter of this.#countersOf(pod, this.classOf(pod)))
        if (!labelsStay || counter.inclusion?.looksAtTaints === true) counter.add(node, -1);
    for (const inclusion of this.#inclusions.values())
      if (!labelsStay || inclusion.looksAtTaints) inclusion.change(node, -1);
  }

  /** To be called after the change, when topology keys and groups know the object. */
  enter(node: number, podsOn: () => readonly number[], labelsStay: boolean): void {
    if (labelsStay && !this.#taintsMatter) return;
    for (const inclusion of this.#inclusions.values())
      if (!labelsStay || inclusion.looksAtTaints) inclusion.change(node, 1);
    for (const pod of podsOn())
      for (const counter of this.#countersOf(pod, this.classOf(pod)))
        if (!labelsStay || counter.inclusion?.looksAtTaints === true) counter.add(node, 1);
  }

  /** Pods that a spread constraint counts, over the nodes that count for this pod. */
  spread(constraint: SpreadConstraint, facts: PodFacts): DomainCounter {
    const { matching, selector } = constraint;
    const selected = this.#selector(matching, matching.test, selector);
    return this.#counter(selected, this.#key(constraint.topologyKey), this.#inclusion(constraint, facts), false);
  }

  /** Pods that all of the terms select, by domain of each term's key, in the order of the terms. */
  affinity(terms: readonly AffinityTerm[]): DomainCounter[] {
    const name = terms.map((term) => term.key).join(' and ');
    const test: PodTest = (template, labels) =>
      terms.every((term) => termSelects(term, template.namespace, labels, this.#from.view.lookups));
    const selected = this.#selector(`affinity ${name}`, test, terms[0]?.selector);
    return terms.map((term) => this.#counter(selected, this.#key(term.topologyKey), undefined, true));
  }

  #countersOf(pod: number, own: LabelClass): readonly DomainCounter[] {
    if (own.counted.length === 0) return own.counted;
    return this.#isTerminating(pod) ? own.countedTerminating : own.counted;
  }

  #isTerminating(pod: number): boolean {
    return this.#from.pods.ownOf(pod)?.deletionAtMs !== undefined;
  }

  #key(name: string): TopologyKey {
    const key = this.#from.nodes.keys.get(name);
    if (key === undefined) throw new Error(`No template of the state mentions the topology key ${name}.`);
    return key;
  }

  #selector(name: Counter | string, test: PodTest, selector: LabelSelector | undefined): Selector {
    let known = this.#selectors.get(name);
    if (known === undefined) {
      known = this.classes.selectors.addSelector(test, selector);
      this.#selectors.set(name, known);
    }
    return known;
  }

  /** The counter of this kind, made on first use from the pods that are bound by then. */
  #counter(
    selector: Selector,
    key: TopologyKey,
    inclusion: Inclusion | undefined,
    terminating: boolean,
  ): DomainCounter {
    const known = selector.counters.find((counter) => counter.key === key && counter.inclusion === inclusion);
    if (known !== undefined) return known;
    const counter = new DomainCounter(key, inclusion, terminating, this.#from.limits.listed);
    selector.counters.push(counter);
    const { pods } = this.#from;
    for (const own of selector.classes) {
      countIn(own, counter);
      for (let pod = own.newest; pod >= 0; pod = pods.get(pod, older)) {
        const node = pods.nodeOf(pod);
        if (node >= 0 && (terminating || !this.#isTerminating(pod))) counter.add(node, 1);
      }
    }
    return counter;
  }

  /** A bound pod's required anti-affinity terms keep others away; where it is, is counted from now on. */
  #carryTerms(own: LabelClass): void {
    own.carries = true;
    const { lookups } = this.#from.view;
    const { namespace, podAntiAffinity } = own.template;
    const carried = new Set<DomainCounter>();
    for (const required of podAntiAffinity?.required ?? []) {
      const term = resolveTerm(required, namespace, own.labels);
      const name = `${term.topologyKey} ${term.key}`;
      let carriers = this.#carriers.get(name);
      if (carriers === undefined) {
        carriers = new DomainCounter(this.#key(term.topologyKey), undefined, true, this.#from.limits.listed);
        this.#carriers.set(name, carriers);
        this.classes.selectors.addSelector(
          (template, labels) => keepsAway(term, template.namespace, labels, lookups),
          term.selector,
          carriers,
        );
      }
      carried.add(carriers);
    }
    for (const carriers of carried) countIn(own, carriers);
  }

  #inclusion(constraint: SpreadConstraint, facts: PodFacts): Inclusion {
    const { template, pinnedNode, spread } = facts;
    const { honourAffinity, honourTaints, topologyKey } = constraint;
    const names = [...new Set(spread.map((entry) => entry.topologyKey))].sort();
    const name = JSON.stringify([
      topologyKey,
      names,
      honourAffinity ? [template.nodeSelector ?? null, template.nodeAffinity?.required ?? null, pinnedNode ?? null] : 0,
      honourTaints ? (template.tolerations ?? []) : 0,
    ]);
    let known = this.#inclusions.get(name);
    if (known === undefined) {
      const keys = names.map((entry) => this.#key(entry));
      const { nodes, view } = this.#from;
      const test = (node: number) => {
        const object = nodes.objects[node];
        if (object === undefined || keys.some((key) => (key.of[node] as number) < 0)) return false;
        if (honourAffinity && !matchesNodeAffinity(facts, object)) return false;
        return (
          !honourTaints || untoleratedTaint(object.taints, template.tolerations, view.comparisonOperators) === undefined
        );
      };
      const grouped = !honourAffinity || !nodes.areToldApartBy(facts);
      known = new Inclusion(this.#key(topologyKey), honourTaints, test, nodes.groupOf, grouped);
      for (let node = 0; node < nodes.count; node++) known.change(node, 1);
      this.#inclusions.set(name, known);
      if (honourTaints) this.#taintsMatter = true;
    }
    return known;
  }
}
