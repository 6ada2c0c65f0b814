import type { Reason } from '@cloudoptim/core';
import { askedFacts } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import { type PodFacts, podFacts } from '../pod-facts.js';
import type { ScoringRule } from '../score.js';
import { type Asked, AskingClass, isHopeless } from './asking-class.js';
import { BlockSearch } from './block-search.js';
import { Failures } from './failures.js';
import type { Limits } from './limits.js';
import type { NodeScore } from './node-score.js';
import { turnFrom } from './node-search.js';
import type { NodeTable } from './node-table.js';
import { Refusals } from './refusals.js';
import type { Shortlist } from './shortlist.js';
import { type RankedBy, Shortlists } from './shortlists.js';
import type { TemplateKinds } from './template-kinds.js';
import { cpuWanted, memoryWanted, numbersOf, ofKind, ofLabels, wantsBits } from './template-row.js';

/** What a chooser reads of its placement. */
export interface Chosen {
  readonly asked: Asked;
  readonly kinds: TemplateKinds;
  readonly limits: Limits;
  /** Grows whenever a change other than a pod that came may have made some pod feasible somewhere. */
  relaxed(): number;
}

const nodeScores = {
  leastAllocated: 'least',
  mostAllocated: 'most',
  firstFeasible: 'any',
} as const satisfies Readonly<Record<ScoringRule, NodeScore>>;

/** Answers about incoming pods. Pods are turned into classes here; what a class may do, the blocks of nodes are asked. */
export class Chooser {
  readonly #from: Chosen;
  readonly #nodes: NodeTable;
  readonly #search: BlockSearch;
  /** By kind of template, for pods that have nothing of their own. */
  readonly #plain: (AskingClass | undefined)[] = [];
  readonly #special = new Map<string, AskingClass>();
  readonly #refusals = new Refusals();
  readonly #shortlists: Shortlists;
  /** Classes so far. */
  #classes = 0;
  /** Whether the owner of a pod bears on where it may go, through default spread constraints. */
  readonly #ownersMatter: boolean;

  constructor(from: Chosen) {
    this.#from = from;
    this.#nodes = from.asked.nodes;
    const { told } = this.#nodes;
    this.#search = new BlockSearch(told.fresh());
    this.#shortlists = new Shortlists(this.#search, told, from.kinds, from.limits);
    const { profiles } = from.asked.view.state.scheduler;
    this.#ownersMatter = profiles.some(({ defaultConstraints }) => defaultConstraints !== 'System');
  }

  choose(pod: IncomingPod, rule: ScoringRule, except?: ReadonlySet<number>): number {
    const asking = this.#ask(pod, except);
    if (asking === undefined) return -1;
    const { failures } = asking;
    // A volume that another pod brings is attached already for the next one that uses it, which may then fit where it did not.
    const lasting = except === undefined && !asking.hasOwnFacts && !asking.usesVolumes;
    if (lasting && failures !== undefined) {
      const { cpuMillicores, memoryBytes } = asking;
      if (failures.covers(cpuMillicores, memoryBytes, this.#from.relaxed(), asking.relaxed())) return -1;
    }
    const score = nodeScores[rule];
    const candidates = this.#candidates(asking);
    const found =
      candidates === undefined
        ? this.#best(asking, score, pod.template)
        : this.#bestOf(candidates, candidates.length, asking, score);
    if (found === -1 && lasting) {
      asking.failures ??= new Failures();
      asking.failures.add(asking.cpuMillicores, asking.memoryBytes, this.#from.relaxed(), asking.relaxed());
    }
    return found;
  }

  touch(template: number): number {
    const { numbers } = this.#from.kinds;
    return this.#plain[numbers[numbersOf(template) + ofKind] as number]?.touch() ?? 0;
  }

  chooseByScore(pod: IncomingPod, strategy: 'LeastAllocated' | 'MostAllocated', random: () => number): number {
    return this.#draw(pod, strategy === 'LeastAllocated' ? 'leastPercent' : 'mostPercent', random);
  }

  chooseAnyhow(pod: IncomingPod, random: () => number): number {
    return this.#draw(pod, 'any', random);
  }

  isFeasible(pod: IncomingPod, node: number): boolean {
    const asking = this.#ask(pod);
    return asking !== undefined && this.#takes(asking, node);
  }

  feasibleNodes(pod: IncomingPod): number[] {
    const asking = this.#ask(pod);
    const nodes: number[] = [];
    if (asking === undefined) return nodes;
    for (let node = 0; node < this.#nodes.count; node++) if (this.#takes(asking, node)) nodes.push(node);
    return nodes;
  }

  reasons(pod: IncomingPod, except?: ReadonlySet<number>): Readonly<Record<string, number>> {
    const asking = this.#askingOf(pod);
    const own = this.#ownFactsOf(pod, asking);
    const { everywhere } = askedFacts(own ?? asking.facts, this.#from.asked.view);
    if (everywhere !== undefined) {
      const count = this.#nodes.objects.filter(
        (object, node) => object !== undefined && except?.has(node) !== true,
      ).length;
      return count === 0 ? {} : Object.fromEntries(everywhere.reasons.map((reason) => [reason, count]));
    }
    this.#prepare(asking, own, pod.template);
    return this.#refusals.of(asking, except);
  }

  unsupported(pod: IncomingPod): Reason | undefined {
    const asking = this.#askingOf(pod);
    return (this.#ownFactsOf(pod, asking) ?? asking.facts).unsupported;
  }

  /** The class, ready for this pod; undefined when no node can take it, or when that cannot be told. */
  #ask(pod: IncomingPod, except?: ReadonlySet<number>): AskingClass | undefined {
    const asking = this.#askingOf(pod);
    const own = this.#ownFactsOf(pod, asking);
    if (own === undefined ? asking.never : isHopeless(own, this.#from.asked.view)) return undefined;
    this.#prepare(asking, own, pod.template, except);
    return asking;
  }

  /** Volumes of one pod's own are in facts of its own; everything else is the same throughout its class. */
  #ownFactsOf(pod: IncomingPod, { hasEphemeralVolumes }: AskingClass): PodFacts | undefined {
    const ownVolumes =
      (pod.extra?.claims !== undefined && pod.extra.claims.length > 0) ||
      (hasEphemeralVolumes && pod.name !== undefined);
    return ownVolumes ? podFacts(pod, this.#from.asked.view) : undefined;
  }

  #askingOf(pod: IncomingPod): AskingClass {
    const { numbers } = this.#from.kinds;
    const kind = numbers[numbersOf(pod.template) + ofKind];
    if (kind === undefined) throw new RangeError(`There is no template ${pod.template} in the state.`);
    if (pod.extra === undefined && !this.#ownersMatter) {
      let asking = this.#plain[kind];
      if (asking === undefined) {
        asking = this.#create(pod);
        this.#plain[kind] = asking;
      }
      return asking;
    }
    const { labels, pinnedNode } = pod.extra ?? {};
    const { kinds } = this.#from;
    // What labels of its own make of the template's depends on all of these, also where the kind does not.
    const own = [numbers[numbersOf(pod.template) + ofLabels], kinds.ownLabels(pod.template, labels)];
    const key = JSON.stringify([kind, own, pinnedNode ?? 0, this.#ownersMatter ? pod.workload : 0]);
    let asking = this.#special.get(key);
    if (asking === undefined) {
      asking = this.#create(pod);
      this.#special.set(key, asking);
    }
    return asking;
  }

  #create({ template, workload, extra }: IncomingPod): AskingClass {
    const { labels, pinnedNode } = extra ?? {};
    const { view, counting } = this.#from.asked;
    const shared = {
      ...(labels === undefined ? {} : { labels }),
      ...(pinnedNode === undefined ? {} : { pinnedNode }),
    };
    const facts = podFacts({ template, workload, extra: shared }, view);
    return new AskingClass(this.#classes++, facts, counting.classes.of(template, labels), this.#from.asked);
  }

  #prepare(asking: AskingClass, own: PodFacts | undefined, template: number, except?: ReadonlySet<number>): void {
    const { wants } = this.#from.kinds;
    const row = template << wantsBits;
    asking.prepare(own, wants[row + cpuWanted] as number, wants[row + memoryWanted] as number, except);
  }

  /** The few nodes that come into question; undefined when there are many. */
  #candidates(asking: AskingClass): readonly number[] | undefined {
    const { pinnedNode } = asking;
    if (pinnedNode !== undefined) return this.#nodes.named.get(pinnedNode) ?? [];
    return asking.nodesNear();
  }

  /** The best of all. With few changes since the blocks were told, which are likely to be taken back, those are looked at one by one. */
  #best(asking: AskingClass, score: RankedBy | 'any', template: number): number {
    const { told } = this.#nodes;
    if (!told.stay()) return this.#search.best(asking, score, told.isUntold);
    const list = score === 'any' ? undefined : this.#shortlists.of(asking, score, template);
    const found = (list && this.#firstOf(list, asking)) ?? this.#search.best(asking, score, told.isUntold);
    return this.#bestOf(told.untold.values, told.untold.length, asking, score, found);
  }

  /** The first one on the list that takes the pod and is still as it was then; undefined when others may. */
  #firstOf(list: Shortlist, asking: AskingClass): number | undefined {
    const { nodes, length, isFull } = list;
    const { isUntold } = this.#nodes.told;
    for (let index = 0; index < length; index++) {
      const node = nodes[index] as number;
      if (isUntold[node] !== 1 && asking.acceptsDomains(node) && asking.accepts(node)) return node;
    }
    return isFull ? undefined : -1;
  }

  /** The best of all, among equals the first one from a drawn turn on, and round. */
  #draw(pod: IncomingPod, score: NodeScore, random: () => number): number {
    const asking = this.#ask(pod);
    if (asking === undefined) return -1;
    const from = Math.floor(random() * this.#nodes.count);
    const candidates = this.#candidates(asking);
    if (candidates !== undefined) return this.#drawnOf(candidates, asking, score, from);
    const { told } = this.#nodes;
    told.fresh();
    return this.#search.drawn(asking, score, told.isUntold, from);
  }

  #drawnOf(candidates: readonly number[], asking: AskingClass, score: NodeScore, from: number): number {
    const { turnOf } = this.#nodes;
    const turn = (node: number) => turnFrom(turnOf[node] as number, from);
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const node of [...candidates].sort((a, b) => turn(a) - turn(b))) {
      const value = this.#nodes.scoreOf(node, asking, score);
      if (value <= bestScore || !this.#takes(asking, node)) continue;
      best = node;
      bestScore = value;
    }
    return best;
  }

  /** The best among `than` (-1: none) and those of the candidates that take the pod, the lowest index among equals. */
  #bestOf(candidates: ArrayLike<number>, count: number, asking: AskingClass, score: NodeScore, than = -1): number {
    let best = than;
    let bestScore = than === -1 ? Number.NEGATIVE_INFINITY : this.#nodes.scoreOf(than, asking, score);
    for (let index = 0; index < count; index++) {
      const node = candidates[index] as number;
      const value = this.#nodes.scoreOf(node, asking, score);
      if (value < bestScore || (value === bestScore && node > best)) continue;
      if (!this.#takes(asking, node)) continue;
      best = node;
      bestScore = value;
    }
    return best;
  }

  #takes(asking: AskingClass, node: number): boolean {
    return (
      this.#nodes.objects[node] !== undefined &&
      this.#nodes.hasRoom(node, asking) &&
      asking.eligibility.hasGroup(this.#nodes.groupOf[node] as number, node) &&
      asking.acceptsDomains(node) &&
      asking.accepts(node)
    );
  }
}
