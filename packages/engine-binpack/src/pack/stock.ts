import type { BoundProblem } from '@cloudoptim/scheduling';
import type { Held } from './packing.js';
import type { PodKinds } from './pod-kinds.js';

/** The pods that are still to be placed, counted by class, kind and exclusive group. */
export class Stock {
  readonly left: Int32Array;
  readonly ofKind: Int32Array;
  readonly ofGroup: Int32Array;
  total = 0;
  /** Another one after each change. */
  version = 0;
  readonly #kinds: PodKinds;
  readonly #groupOf: Int32Array;
  readonly #listed: Uint8Array;
  #list: number[] = [];
  #isSorted = true;
  #listedAt = -1;

  constructor({ classes }: BoundProblem, kinds: PodKinds) {
    this.#kinds = kinds;
    this.#groupOf = Int32Array.from(classes, ({ group }) => group);
    this.left = new Int32Array(classes.length);
    this.ofKind = new Int32Array(kinds.count);
    this.#listed = new Uint8Array(kinds.count);
    this.ofGroup = new Int32Array(1 + this.#groupOf.reduce((most, group) => Math.max(most, group), -1));
  }

  /** All pods of the problem. */
  static of(problem: BoundProblem, kinds: PodKinds): Stock {
    const stock = new Stock(problem, kinds);
    for (const [index, { count }] of problem.classes.entries()) stock.add(index, count);
    return stock;
  }

  /** Adds pods; a negative number takes them away. */
  add(index: number, count: number): void {
    this.version++;
    this.left[index] = (this.left[index] as number) + count;
    const kind = this.#kinds.ofClass[index] as number;
    this.ofKind[kind] = (this.ofKind[kind] as number) + count;
    if (this.#listed[kind] === 0) {
      this.#listed[kind] = 1;
      this.#list.push(kind);
      this.#isSorted = false;
    }
    const group = this.#groupOf[index] as number;
    if (group >= 0) this.ofGroup[group] = (this.ofGroup[group] as number) + count;
    this.total += count;
  }

  /** Adds what so many equal nodes hold; a negative number takes it away. */
  addAll(holds: readonly Held[], times: number): void {
    for (const [index, count] of holds) this.add(index, count * times);
  }

  /** Kinds that have pods left, ascending: of a thousand kinds, the few nodes that are packed anew hold some dozens. */
  kinds(): readonly number[] {
    if (this.#listedAt === this.version) return this.#list;
    this.#listedAt = this.version;
    this.#list = this.#list.filter((kind) => {
      const isLeft = (this.ofKind[kind] as number) > 0;
      if (!isLeft) this.#listed[kind] = 0;
      return isLeft;
    });
    if (!this.#isSorted) this.#list.sort((a, b) => a - b);
    this.#isSorted = true;
    return this.#list;
  }

  groupOf(index: number): number {
    return this.#groupOf[index] as number;
  }

  /** How many nodes can hold the same at most. */
  timesLeft(holds: readonly Held[]): number {
    let times = Number.MAX_SAFE_INTEGER;
    for (const [index, count] of holds) times = Math.min(times, Math.floor((this.left[index] as number) / count));
    return times;
  }
}
