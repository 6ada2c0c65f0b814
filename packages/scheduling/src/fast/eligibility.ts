import { nodeDeclaredFeatures } from '../filters/node-declared-features.js';
import { objectFilters } from '../filters/order.js';
import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';
import type { NodeTable } from './node-table.js';
import type { Shortlist } from './shortlist.js';

/**
 * Which nodes come into question by their object alone: labels, taints, cordon, name, declared features, kinds of resources. Thousands of classes
 * ask the same of it, so they share one, and the list of stretches of nodes that are worth a look.
 */
export class Eligibility {
  /** Whether nodes of one group may differ, by name or by a label with too many values to group by. */
  readonly byNode: boolean;
  /** Stretches with a node that may be eligible, in their order, and how many; `listEligible` keeps them. */
  stretches = new Int32Array(0);
  stretchCount = 0;
  /** Their families, where these are fewer by far and none has a stretch that is not eligible; else none. Undefined until they are asked for. */
  families: Int32Array | undefined;
  /** State of the stretches that the list was made of, and their layout. */
  listedAt = -1;
  listedOf = -1;
  /** Whether stretches that were empty then are in the list where they belong: a node that is cordoned brings one of them back. */
  listsEmpty = false;
  /** The nodes that score highest, by size of pods and rule; `Shortlists` keeps them. */
  readonly shortlists: (Shortlist | undefined)[] = [];
  readonly #facts: PodFacts;
  readonly #view: View;
  readonly #versionOf: readonly number[];
  /** By group, or by node together with its version. */
  readonly #verdicts: number[] = [];

  constructor(facts: PodFacts, nodes: NodeTable, view: View) {
    this.#facts = facts;
    this.#view = view;
    this.#versionOf = nodes.versionOf;
    this.byNode = nodes.areToldApartBy(facts);
  }

  /** Whether nodes of the group, of which this is one, may be eligible. */
  hasGroup(group: number, node: number): boolean {
    if (this.byNode) return true;
    let verdict = this.#verdicts[group];
    if (verdict === undefined) {
      verdict = this.#ask(node);
      this.#verdicts[group] = verdict;
    }
    return verdict === 1;
  }

  /** The same of a group that has no node now; undefined when it was never asked. */
  hadGroup(group: number): boolean | undefined {
    if (this.byNode) return true;
    const verdict = this.#verdicts[group];
    return verdict === undefined ? undefined : verdict === 1;
  }

  /** Whether a node of a group that may be eligible is. */
  has(node: number): boolean {
    if (!this.byNode) return true;
    const version = this.#versionOf[node] as number;
    let known = this.#verdicts[node] ?? 0;
    if (known >> 1 !== version) {
      known = version * 2 + this.#ask(node);
      this.#verdicts[node] = known;
    }
    return (known & 1) === 1;
  }

  #ask(node: number): 0 | 1 {
    // What a node does not offer is never free there: a pod that wants a GPU need not be tried on every node without.
    const { extended = {} } = this.#view.node(node)?.allocatable ?? {};
    for (const [name] of this.#facts.extended)
      if (!Object.hasOwn(extended, name) || (extended[name] as number) <= 0) return 0;
    for (const [, filter] of objectFilters) if (filter(this.#facts, node, this.#view) !== undefined) return 0;
    return nodeDeclaredFeatures(this.#facts, node, this.#view) === undefined ? 1 : 0;
  }
}

/** Every eligibility of a placement, by what pods ask of nodes. */
export class Eligibilities {
  readonly #known = new Map<string, Eligibility>();
  readonly #nodes: NodeTable;
  readonly #view: View;

  constructor(nodes: NodeTable, view: View) {
    this.#nodes = nodes;
    this.#view = view;
  }

  of(facts: PodFacts): Eligibility {
    const key = keyOf(facts);
    let known = this.#known.get(key);
    if (known === undefined) {
      known = new Eligibility(facts, this.#nodes, this.#view);
      this.#known.set(key, known);
    }
    return known;
  }
}

/** Everything of a pod that is asked of a node's object. */
function keyOf({ template, pinnedNode, extended }: PodFacts): string {
  const { nodeName, nodeSelector, nodeAffinity, tolerations, requiredNodeFeatures } = template;
  // Most pods ask for nothing at all.
  const asked = nodeName ?? nodeSelector ?? nodeAffinity ?? tolerations ?? requiredNodeFeatures ?? pinnedNode;
  if (asked === undefined && extended.length === 0) return '';
  return JSON.stringify([
    pinnedNode ?? 0,
    nodeName ?? 0,
    nodeSelector ?? 0,
    nodeAffinity?.required ?? 0,
    tolerations ?? 0,
    requiredNodeFeatures ?? 0,
    extended.map(([name]) => name),
  ]);
}
