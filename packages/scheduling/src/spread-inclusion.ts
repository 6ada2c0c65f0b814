import type { PodFacts } from './pod-facts.js';
import type { SpreadConstraint } from './spread-constraint.js';
import type { Domains, Topology } from './topology.js';
import type { View } from './view.js';

type Included = (pod: PodFacts, constraint: SpreadConstraint, node: number, view: View) => boolean;

/**
 * The nodes that count for a constraint of a pod: those that have the keys of all its constraints and pass this one's policies
 * (`included`). A cordoned or NotReady node counts until its object is gone, unless taints are honoured and it has one
 * (kubernetes#106127).
 */
export function inclusionOf(
  pod: PodFacts,
  constraint: SpreadConstraint,
  view: View,
  included: Included,
): SpreadInclusion {
  constraint.inclusion ??= shared(pod, constraint, view, included);
  constraint.inclusion.follow(view.topology, view.nodeCount);
  return constraint.inclusion;
}

/** Thousands of templates share a few of these: all that ask the same of nodes. */
function shared(pod: PodFacts, constraint: SpreadConstraint, view: View, included: Included): SpreadInclusion {
  const { template, pinnedNode, spread } = pod;
  const { topologyKey, honourAffinity, honourTaints } = constraint;
  const { topology } = view;
  const asked = JSON.stringify([
    topologyKey,
    spread.map((entry) => entry.topologyKey),
    honourAffinity && [pinnedNode, template.nodeSelector, template.nodeAffinity?.required],
    honourTaints && [template.tolerations],
  ]);
  const known = topology.inclusions.get(asked);
  if (known !== undefined) return known;
  const keys = spread.map((entry) => topology.domains(entry.topologyKey));
  const made = new SpreadInclusion(topology.domains(topologyKey), keys, {
    included: (node) => included(pod, constraint, node, view),
    isGone: (node) => view.node(node) === undefined,
  });
  topology.inclusions.set(asked, made);
  return made;
}

/** What is asked of the nodes of a placement. */
interface Asked {
  /** Whether a node with all the keys counts. */
  included(node: number): boolean;
  /** Whether there is no node, so no pods on it either. */
  isGone(node: number): boolean;
}

const uncounted = -1;
const gone = -2;

/** Which nodes count for topology spread constraints that ask the same of nodes, kept up as nodes come, go and change. */
export class SpreadInclusion {
  /** By domain: how many nodes there count. */
  readonly nodes: number[] = [];
  /** Domains with a node that counts, and how often one lost its last. */
  domains = 0;
  emptied = 0;
  /** Grows when a node that stays, and its pods with it, begins or ceases to count or is in another domain. */
  changed = 0;
  readonly #domains: Domains;
  readonly #keys: readonly Domains[];
  readonly #ask: Asked;
  /** By node, as it was when it was looked at: its domain if it counts, else `uncounted` or `gone`. */
  readonly #of: number[] = [];
  /** Changes of nodes that were looked at. */
  #followed = 0;
  #seen = 0;

  /** `keys` are those that a node must have to count. */
  constructor(domains: Domains, keys: readonly Domains[], ask: Asked) {
    this.#domains = domains;
    this.#keys = keys;
    this.#ask = ask;
  }

  /** Looks at the nodes that have changed since it last did, or at all of them when that is no more, or no longer known. */
  follow(topology: Topology, nodeCount: number): void {
    const from = this.#followed - topology.forgotten;
    if (this.#seen === 0 || from < 0 || topology.version - this.#followed > nodeCount) {
      const all = Math.max(nodeCount, this.#seen);
      for (let node = 0; node < all; node++) this.#look(node);
    } else for (let at = from; at < topology.changes.length; at++) this.#look(topology.changes[at] as number);
    this.#followed = topology.version;
    this.#seen = Math.max(this.#seen, nodeCount);
  }

  /** Whether the node counts, as it was when it was looked at last. */
  has(node: number): boolean {
    return (this.#of[node] ?? gone) >= 0;
  }

  #look(node: number): void {
    const before = this.#of[node] ?? gone;
    const now = this.#ask.isGone(node) ? gone : this.#counted(node);
    if (now === before) return;
    this.#of[node] = now;
    // Pods of a node that comes or goes come and go one by one.
    if (before !== gone && now !== gone) this.changed++;
    if (before >= 0) this.#add(before, -1);
    if (now >= 0) this.#add(now, 1);
  }

  #counted(node: number): number {
    const hasKeys = this.#keys.every(({ of }) => (of[node] ?? -1) !== -1);
    return hasKeys && this.#ask.included(node) ? (this.#domains.of[node] as number) : uncounted;
  }

  #add(domain: number, by: 1 | -1): void {
    const nodes = (this.nodes[domain] ?? 0) + by;
    this.nodes[domain] = nodes;
    if (nodes === 0) {
      this.domains--;
      this.emptied++;
    } else if (nodes === 1 && by === 1) this.domains++;
  }
}
