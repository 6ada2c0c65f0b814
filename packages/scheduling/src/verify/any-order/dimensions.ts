import { attachSlotsLeft, volumesWanted } from '../../filters/node-volume-limits.js';
import type { PodFacts } from '../../pod-facts.js';
import type { WorkingPlacement } from '../../working-placement.js';
import { hasVolumes } from './interference.js';

/** A resource that pods take of nodes, in its own unit. */
interface Dimension {
  readonly need: (pod: PodFacts) => number;
  readonly free: (view: WorkingPlacement, node: number) => number;
  /** What all movers take of it. */
  readonly total: number;
  /** The most that one of them takes. */
  readonly largest: number;
}

/** A resource that one mover asks for. */
interface Wanted extends Pick<Dimension, 'free' | 'largest'> {
  readonly need: number;
  /** What all the others take of it. */
  readonly rest: number;
}

/** So many movers that need the same. */
export interface Alike {
  readonly facts: PodFacts;
  readonly count: number;
}

/** What a set of movers can take of nodes, by resource. */
export class Dimensions {
  readonly #dimensions: readonly Dimension[];
  readonly #count: number;

  constructor(movers: readonly Alike[], placement: WorkingPlacement) {
    const pods = movers.map(({ facts }) => facts);
    const volumes = new Map(pods.filter(hasVolumes).map((pod) => [pod, driversOf(pod, placement)]));
    const drivers = new Set([...volumes.values()].flatMap((counts) => [...counts.keys()]));
    const extended = new Set(pods.flatMap((pod) => pod.extended.map(([name]) => name)));
    const of = (need: Dimension['need'], free: Dimension['free']): Dimension => {
      let [total, largest] = [0, 0];
      for (const { facts, count } of movers) {
        const amount = need(facts);
        total += count * amount;
        largest = Math.max(largest, amount);
      }
      return { need, free, total, largest };
    };
    this.#count = movers.reduce((sum, { count }) => sum + count, 0);
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
      ...[...drivers].sort().map((driver) =>
        of(
          (pod) => volumes.get(pod)?.get(driver) ?? 0,
          (view, node) => attachSlotsLeft(driver, node, view),
        ),
      ),
    ];
  }

  /** How much room a node has for all movers, a share: to look at roomy nodes first. */
  roominess(view: WorkingPlacement, node: number): number {
    const [pods, cpu, memory] = this.#dimensions as [Dimension, Dimension, Dimension, ...Dimension[]];
    return Math.min(
      ...[pods, cpu, memory].map(({ free, total }) =>
        total === 0 ? Number.POSITIVE_INFINITY : free(view, node) / total,
      ),
    );
  }

  /** Starts to add up what it takes to block one mover, when `beside` others may each block a node by being there. */
  blocking(pod: PodFacts, beside: number, view: WorkingPlacement): Blocking {
    const wanted = this.#dimensions.flatMap(({ need, total, ...own }) =>
      need(pod) > 0 ? [{ ...own, need: need(pod), rest: total - need(pod) }] : [],
    );
    return new Blocking(wanted, this.#count - 1, beside, view);
  }
}

/** How many volumes a pod attaches, by driver. */
function driversOf(pod: PodFacts, placement: WorkingPlacement): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const driver of volumesWanted(pod, placement).values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return counts;
}

/**
 * Adds up what it takes to block one pod from node after node. Node n is blocked once more than `slack = free − need` of some
 * resource is taken there. With weights of the resources that add up to 1, the sum of all `weight · taken / total` is at most
 * 1, and blocking all nodes takes more than `Σ min(weight · slack / total)` of it; and at least `Σ (⌊slack / largest⌋ + 1)`
 * pods. Where either is more than the others have, some node is left.
 */
export class Blocking {
  readonly #dimensions: readonly Wanted[];
  readonly #others: number;
  readonly #beside: number;
  readonly #view: WorkingPlacement;
  /** By node, by resource: what share of all that the others take it takes to block the node. */
  readonly #shares: (readonly number[])[] = [];
  #share = 0;
  #largestShare = 0;
  #pods = 0;
  #mostPods = 0;

  constructor(dimensions: readonly Wanted[], others: number, beside: number, view: WorkingPlacement) {
    this.#dimensions = dimensions;
    this.#others = others;
    this.#beside = beside;
    this.#view = view;
  }

  /** One more node that would take the pod (or several, one of which it will be); true once they cannot all be blocked. */
  add(nodes: readonly number[]): boolean {
    let pods = this.#others + 1;
    const shares: number[] = [];
    for (const { need, free, rest, largest } of this.#dimensions) {
      let slack = Number.POSITIVE_INFINITY;
      for (const node of nodes) slack = Math.min(slack, free(this.#view, node) - need);
      if (slack < 0) return false;
      // A resource that nobody else takes, or that is not limited, blocks nothing.
      if (rest <= 0 || slack === Number.POSITIVE_INFINITY) shares.push(Number.POSITIVE_INFINITY);
      else {
        shares.push(slack / rest);
        pods = Math.min(pods, Math.floor(slack / largest) + 1);
      }
    }
    this.#shares.push(shares);
    const share = Math.min(1, Math.min(...shares) / shares.length);
    this.#share += share;
    this.#pods += pods;
    this.#largestShare = Math.max(this.#largestShare, share);
    this.#mostPods = Math.max(this.#mostPods, pods);
    // A pod that blocks by being there takes away the node that is hardest to fill.
    return (
      this.#share - this.#beside * this.#largestShare >= 1 || this.#pods - this.#beside * this.#mostPods > this.#others
    );
  }

  /** Whether other weights show that the nodes so far cannot all be blocked; they climb to where the sum is largest. */
  holdsWithWeights(): boolean {
    const weights = this.#dimensions.map(() => 1 / this.#dimensions.length);
    for (let step = 0; step < weightSteps; step++) {
      let [sum, largest] = [0, 0];
      const gain = weights.map(() => 0);
      for (const shares of this.#shares) {
        const weighted = shares.map((share, at) => share * (weights[at] as number));
        const least = Math.min(1, ...weighted);
        sum += least;
        largest = Math.max(largest, least);
        const at = weighted.indexOf(least);
        if (at !== -1) gain[at] = (gain[at] as number) + (shares[at] as number);
      }
      if (sum - this.#beside * largest >= 1) return true;
      const most = Math.max(...gain);
      if (most === 0) return false;
      for (const [at, own] of gain.entries()) weights[at] = (weights[at] as number) * Math.exp(own / most / 2);
      const total = weights.reduce((all, weight) => all + weight, 0);
      for (const [at, weight] of weights.entries()) weights[at] = weight / total;
    }
    return false;
  }
}

const weightSteps = 24;
