import { termSelects } from '../affinity-term.js';
import type { Filter } from '../filters/filter.js';
import { interPodAffinity } from '../filters/inter-pod-affinity.js';
import { nodeDeclaredFeatures } from '../filters/node-declared-features.js';
import { nodeResourcesFit } from '../filters/node-resources-fit.js';
import { occupancyFilters } from '../filters/order.js';
import { podTopologySpread } from '../filters/pod-topology-spread.js';
import { askedFacts } from '../fits.js';
import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';
import type { Counting } from './counting.js';
import type { DomainCounter } from './domain-counter.js';
import type { Eligibilities, Eligibility } from './eligibility.js';
import type { Failures } from './failures.js';
import type { LabelClass } from './label-class.js';
import type { NodeQuestion } from './node-search.js';
import type { NodeTable } from './node-table.js';

/** What an asking class reads of its placement. */
export interface Asked {
  readonly view: View;
  readonly counting: Counting;
  readonly nodes: NodeTable;
  readonly eligibilities: Eligibilities;
}

/** How many counted pods the domain of a node may hold. One class of objects for all kinds: this is asked most of all. */
export class Check {
  readonly counter: DomainCounter;
  /** Whether a node without the key is refused. */
  readonly keyNeeded: boolean;
  from = 0;
  to = 0;
  /** Topology spread: how many more than the fewest, and of how many domains at the least. */
  readonly room: number;
  readonly minDomains: number;

  constructor(counter: DomainCounter, keyNeeded: boolean, room = 0, minDomains = 0) {
    this.counter = counter;
    this.keyNeeded = keyNeeded;
    this.room = room;
    this.minDomains = minDomains;
  }
}

/** Filters that this half has compiled in. Every other one is asked as it is, of the few nodes that get so far. */
const compiled: ReadonlySet<Filter> = new Set([
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
  nodeDeclaredFeatures,
]);

/** More pods than any cluster has, and still a small integer. */
const most = 0x3fffffff;
const nowhere: ReadonlySet<number> = new Set();

/**
 * Incoming pods that every node answers alike, and their question to the blocks of nodes. What depends on the node's object is
 * remembered once for all classes that ask the same of it; what depends on who is where is one comparison with a counter; the rare rest asks the plain filters.
 */
export class AskingClass implements NodeQuestion {
  /** Tells it from other classes. */
  readonly number: number;
  readonly facts: PodFacts;
  readonly own: LabelClass;
  readonly from: Asked;
  /** What the pod that asks wants; pods of one class differ in these. */
  cpuMillicores = 0;
  memoryBytes = 0;
  readonly eligibility: Eligibility;
  readonly hasEphemeralVolumes: boolean;
  /** Whether it uses volumes that may be attached to a node already. */
  readonly usesVolumes: boolean;
  /** Whether no node may ever take such a pod, or none can be told to. */
  readonly never: boolean;
  /** One a constraint or term, in their order. */
  readonly spread: readonly Check[];
  readonly affinity: readonly Check[];
  readonly antiAffinity: readonly Check[];
  /** One a term of bound pods that keeps this pod away. */
  readonly against: Check[] = [];
  /** All of these. */
  readonly checks: Check[] = [];
  /** Sizes that were in vain; undefined as long as none was. */
  failures: Failures | undefined;
  /** The pod that asks: it has facts of its own where it has volumes of its own. */
  pod: PodFacts;
  hasOwnFacts = false;
  /** The only node that the pod may go to. */
  readonly pinnedNode: string | undefined;
  leafFilters: readonly Filter[];
  // There are 30,000 classes in a mix of constraints, so whatever lies behind a pointer is waited for. What most pods do not have is told here.
  mindsDomains = false;
  #mindsWideDomains = false;
  readonly #mindsCounts: boolean;
  readonly #isNear: boolean;
  /** Whether nothing is asked of a node but room, by its group, and domains. */
  #asksNoMore = false;
  readonly #isUsual: boolean;
  /** Carriers of anti-affinity terms that keep any class away, so far, and when it was last asked which of them keep this one. */
  readonly #carriers: { readonly count: number };
  #carriersSeen = -1;
  readonly #selfAffine: boolean;
  readonly #narrow: Check[] = [];
  readonly #wide: Check[] = [];
  readonly #ownLeafFilters: readonly Filter[];
  #except = nowhere;

  constructor(number: number, facts: PodFacts, own: LabelClass, from: Asked) {
    this.number = number;
    this.facts = facts;
    this.pod = facts;
    this.pinnedNode = facts.pinnedNode;
    this.own = own;
    this.from = from;
    this.eligibility = from.eligibilities.of(facts);
    this.never = isHopeless(facts, from.view);
    this.usesVolumes = facts.claims.length > 0 || facts.inlineEbsVolumes.length > 0;
    this.hasEphemeralVolumes = facts.template.volumes?.some(({ kind }) => kind === 'ephemeral') === true;
    const { counting } = from;
    this.#carriers = counting.classes.selectors.carriers;
    this.spread = facts.spread.map((constraint) => {
      const { maxSkew, minDomains, selfMatch } = constraint;
      return new Check(counting.spread(constraint, facts), true, maxSkew - selfMatch, minDomains);
    });
    this.affinity = counting.affinity(facts.affinity).map((counter) => new Check(counter, true));
    this.antiAffinity = facts.antiAffinity
      .flatMap((term) => counting.affinity([term]))
      .map((counter) => new Check(counter, false));
    this.#selfAffine = facts.affinity.every((term) =>
      termSelects(term, facts.namespace, facts.labels, from.view.lookups),
    );
    for (const entry of [...this.spread, ...this.affinity, ...this.antiAffinity]) this.#add(entry);
    this.#mindsCounts = this.spread.length > 0 || this.affinity.length > 0;
    this.#isNear = this.affinity.length > 0;
    this.#ownLeafFilters = leafFiltersOf(facts);
    this.leafFilters = this.#ownLeafFilters;
    this.#isUsual = facts.ephemeralStorageBytes <= 0 && facts.extended.length === 0 && !this.eligibility.byNode;
  }

  /** Gets ready for questions about a pod of this class, as counters stand now; `own` are its facts where it has some of its own. */
  prepare(own: PodFacts | undefined, cpuMillicores: number, memoryBytes: number, except?: ReadonlySet<number>): void {
    this.cpuMillicores = cpuMillicores;
    this.memoryBytes = memoryBytes;
    if (own !== undefined || this.hasOwnFacts) {
      this.hasOwnFacts = own !== undefined;
      this.pod = own ?? this.facts;
      this.leafFilters = own === undefined ? this.#ownLeafFilters : leafFiltersOf(own);
    }
    this.#except = except ?? nowhere;
    this.#asksNoMore = this.#isUsual && except === undefined && this.leafFilters.length === 0;
    if (this.#carriersSeen !== this.#carriers.count) this.#addCarriers();
    if (this.#mindsCounts) this.#readCounts();
  }

  /** Reads from everything that is read to place a pod. */
  touch(): number {
    let sum = this.own.newest + this.cpuMillicores;
    for (const { counter } of this.checks) sum += counter.version + counter.counts.length;
    return sum;
  }

  #addCarriers(): void {
    const { against } = this.own;
    while (this.against.length < against.length) {
      const entry = new Check(against[this.against.length] as DomainCounter, false);
      this.against.push(entry);
      this.#add(entry);
    }
    this.#carriersSeen = this.#carriers.count;
  }

  #readCounts(): void {
    for (let index = 0; index < this.spread.length; index++) {
      const entry = this.spread[index] as Check;
      const { counter } = entry;
      const domains = counter.inclusion?.domains ?? 0;
      // With fewer domains than asked for, the fewest counts as zero.
      entry.to = entry.room + (domains < entry.minDomains ? 0 : counter.minimum());
    }
    if (this.affinity.length === 0) return;
    // The first pod of a group is let in anywhere, provided that no bound pod matches and that it matches its own terms.
    const first = this.#selfAffine && this.affinity.every(({ counter }) => counter.positive === 0);
    for (const entry of this.affinity) {
      entry.from = first ? 0 : 1;
      entry.to = most;
    }
  }

  acceptsDomains(node: number): boolean {
    for (const entry of this.#narrow) if (!passes(entry, node)) return false;
    return true;
  }

  accepts(node: number): boolean {
    if (this.#mindsWideDomains) for (const entry of this.#wide) if (!passes(entry, node)) return false;
    return this.#asksNoMore || this.#acceptsMore(node);
  }

  #acceptsMore(node: number): boolean {
    const { free } = this.from.nodes;
    const { ephemeralStorageBytes, extended } = this.facts;
    if (ephemeralStorageBytes > 0 && ephemeralStorageBytes > free.ephemeral(node)) return false;
    for (const [name, amount] of extended) if (amount > (free.extended[node]?.get(name) ?? 0)) return false;
    if (!this.eligibility.has(node)) return false;
    for (const filter of this.leafFilters) if (filter(this.pod, node, this.from.view) !== undefined) return false;
    return !this.#except.has(node);
  }

  /** All nodes that come into question, where the pod has to be near pods that are on few; undefined where they are many. */
  nodesNear(): readonly number[] | undefined {
    if (!this.#isNear) return undefined;
    for (const { counter, from } of this.affinity) {
      const domains = from > 0 ? counter.fewDomains() : undefined;
      if (domains !== undefined) return domains.flatMap((domain) => counter.key.nodesIn[domain] ?? []);
    }
    return undefined;
  }

  /** Grows when a counter changes in a way that may let the pod in where it was refused. */
  relaxed(): number {
    let sum = this.against.length;
    for (const { counter } of this.spread) sum += counter.relaxed;
    for (const { counter } of this.affinity) sum += counter.relaxed;
    return sum;
  }

  #add(entry: Check): void {
    this.checks.push(entry);
    if (entry.counter.key.wide) {
      this.#wide.push(entry);
      this.#mindsWideDomains = true;
    } else {
      this.#narrow.push(entry);
      this.mindsDomains = true;
    }
  }
}

/** Whether the node's domain holds as many pods as the check allows. */
export function passes({ counter, from, to, keyNeeded }: Check, node: number): boolean {
  const domain = counter.key.of[node] as number;
  if (domain < 0) return !keyNeeded;
  const count = counter.counts[domain] ?? 0;
  return count >= from && count <= to;
}

/** Whether the pod is refused before any node is looked at, or where it may go cannot be told. */
export function isHopeless(facts: PodFacts, view: View): boolean {
  return facts.unsupported !== undefined || askedFacts(facts, view).everywhere !== undefined;
}

function leafFiltersOf(facts: PodFacts): readonly Filter[] {
  const filters: Filter[] = [];
  for (const [, filter, bearsOn] of occupancyFilters) if (!compiled.has(filter) && bearsOn(facts)) filters.push(filter);
  return filters;
}
