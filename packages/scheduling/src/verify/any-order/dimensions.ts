import type { PodFacts } from '../../pod-facts.js';
import type { WorkingPlacement } from '../../working-placement.js';

/** A resource that pods take of nodes, in its own unit. */
interface Dimension {
  readonly need: (pod: PodFacts) => number;
  readonly free: (view: WorkingPlacement, node: number) => number;
  /** What all movers take of it. */
  readonly total: number;
  /** The most that one of them takes. */
  readonly largest: number;
}

/** What a set of movers can take of nodes, by resource. */
export class Dimensions {
  readonly #dimensions: readonly Dimension[];
  readonly #count: number;

  constructor(movers: readonly PodFacts[]) {
    const extended = new Set(movers.flatMap((pod) => pod.extended.map(([name]) => name)));
    const of = (need: Dimension['need'], free: Dimension['free']): Dimension => {
      const needs = movers.map(need);
      return { need, free, total: needs.reduce((sum, amount) => sum + amount, 0), largest: Math.max(0, ...needs) };
    };
    this.#count = movers.length;
    this.#dimensions = [
      of(
        () => 1,
        (view, node) => view.freePods(node),
      ),
      of(
        (pod) => pod.cpuMillicores,
        (view, node) => view.freeCpuMillicores(node),
      ),
      of(
        (pod) => pod.memoryBytes,
        (view, node) => view.freeMemoryBytes(node),
      ),
      of(
        (pod) => pod.ephemeralStorageBytes,
        (view, node) => view.freeEphemeralStorageBytes(node),
      ),
      ...[...extended].sort().map((name) =>
        of(
          (pod) => pod.extended.find(([own]) => own === name)?.[1] ?? 0,
          (view, node) => view.freeExtended(node, name),
        ),
      ),
    ];
  }

  /** How much room a node has for all movers: the least share of them that fills it up in some resource. */
  roominess(view: WorkingPlacement, node: number): number {
    return Math.min(
      ...this.#dimensions.map(({ free, total }) => (total === 0 ? Number.POSITIVE_INFINITY : free(view, node) / total)),
    );
  }

  /** Starts to add up what it takes to block one mover, when `beside` others may each block a node by being there. */
  blocking(pod: PodFacts, beside: number, view: WorkingPlacement): Blocking {
    const wanted = this.#dimensions.filter(({ need }) => need(pod) > 0);
    return new Blocking(pod, wanted, this.#count - 1, beside, view);
  }
}

/**
 * Adds up what it takes to block one pod from node after node. Node n is blocked once more than `slack = free − need` of some
 * resource is taken there. Blocking all of them takes, with each resource given the same weight w in the sum of the shares
 * `taken / total` (at most 1 with weights that add up to 1), more than `Σ min(w · slack / total)`; and at least
 * `Σ (⌊slack / largest⌋ + 1)` pods. Where either is more than the others have, some node is left.
 */
export class Blocking {
  readonly #pod: PodFacts;
  readonly #dimensions: readonly Dimension[];
  readonly #others: number;
  readonly #beside: number;
  readonly #view: WorkingPlacement;
  #share = 0;
  #largestShare = 0;
  #pods = 0;
  #mostPods = 0;

  constructor(pod: PodFacts, dimensions: readonly Dimension[], others: number, beside: number, view: WorkingPlacement) {
    this.#pod = pod;
    this.#dimensions = dimensions;
    this.#others = others;
    this.#beside = beside;
    this.#view = view;
  }

  /** One more node that would take the pod (or several, one of which it will be); true once they cannot all be blocked. */
  add(nodes: readonly number[]): boolean {
    let share = 1;
    let pods = this.#others + 1;
    for (const node of nodes)
      for (const { need, free, total, largest } of this.#dimensions) {
        const own = need(this.#pod);
        const slack = free(this.#view, node) - own;
        if (slack < 0) return false;
        const rest = total - own;
        // A resource that nobody else takes blocks nothing.
        if (rest <= 0) continue;
        share = Math.min(share, slack / rest / this.#dimensions.length);
        pods = Math.min(pods, Math.floor(slack / largest) + 1);
      }
    this.#share += share;
    this.#pods += pods;
    this.#largestShare = Math.max(this.#largestShare, share);
    this.#mostPods = Math.max(this.#mostPods, pods);
    // A pod that blocks by being there takes away the node that is hardest to fill.
    return (
      this.#share - this.#beside * this.#largestShare >= 1 || this.#pods - this.#beside * this.#mostPods > this.#others
    );
  }
}
