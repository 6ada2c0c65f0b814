import type { PodKinds } from './pod-kinds.js';

/** What share of the best score makes a kind one of the better ones. */
const better = 0.8;

/**
 * The kinds that may yet go on the node that is being filled, each at a place, and which of them scores most. Read some thousand
 * times a node, so what is read lies together: the needs of all kinds for one row next to each other.
 */
export class KindList {
  /** Kinds looked at since this was last set to zero. */
  looked = 0;
  readonly #kinds: PodKinds;
  #size = 0;
  readonly #kind: Int32Array;
  /** By row, and there by place. */
  readonly #needs: readonly Float64Array[];
  readonly #merit: Float64Array;
  readonly #favour: Float64Array;
  /** Of the last look at all: how far pods point along the room; below zero where there is no room for one. */
  readonly #along: Float64Array;
  readonly #score: Float64Array;
  /** Places of the better ones. */
  readonly #better: Int32Array;
  #betterSize = 0;

  constructor(kinds: PodKinds) {
    this.#kinds = kinds;
    const numbers = () => new Float64Array(kinds.count);
    this.#kind = new Int32Array(kinds.count);
    this.#needs = kinds.rows.map(numbers);
    this.#merit = numbers();
    this.#favour = numbers();
    this.#along = numbers();
    this.#score = numbers();
    this.#better = new Int32Array(kinds.count);
  }

  /** Kinds that are listed. */
  get size(): number {
    return this.#size;
  }

  /** Kinds among the better ones. */
  get betterSize(): number {
    return this.#betterSize;
  }

  clear(): void {
    this.#size = this.#betterSize = 0;
  }

  /** A kind, and what its score is weighed with. */
  add(kind: number, merit: number, favour: number): void {
    const { needs, rows } = this.#kinds;
    const place = this.#size++;
    for (let at = 0; at < rows.length; at++)
      (this.#needs[at] as Float64Array)[place] = needs[kind * rows.length + at] as number;
    this.#merit[place] = merit;
    this.#favour[place] = favour;
    this.#kind[place] = kind;
  }

  kind(place: number): number {
    return this.#kind[place] as number;
  }

  /** The node takes no more of the kind at this place: there is no room for it any more. */
  end(place: number): void {
    (this.#needs[0] as Float64Array)[place] = Number.POSITIVE_INFINITY;
  }

  /**
   * The place of the kind that scores most, or -1: those without room drop out of the list, others move up. Which are the better
   * ones is found anew.
   */
  best(room: readonly number[], pull: Float64Array): number {
    this.looked += this.#size;
    this.#along.fill(0, 0, this.#size);
    for (const [at, needs] of this.#needs.entries())
      addAlong(this.#along, needs, room[at] as number, pull[at] as number, this.#size);
    this.#closeRanks();
    const [score, along, merit, favour] = [this.#score, this.#along, this.#merit, this.#favour];
    let [best, most] = [-1, -1];
    for (let place = 0; place < this.#size; place++) {
      const own = (along[place] as number) * (merit[place] as number) * (favour[place] as number);
      score[place] = own;
      if (own > most) [most, best] = [own, place];
    }
    this.#betterSize = 0;
    for (let place = 0; place < this.#size; place++)
      if ((score[place] as number) >= most * better) this.#better[this.#betterSize++] = place;
    return best;
  }

  /** The same among the better ones. */
  bestOfBetter(room: readonly number[], pull: Float64Array): number {
    this.looked += this.#betterSize;
    let [best, most, write] = [-1, -1, 0];
    for (let read = 0; read < this.#betterSize; read++) {
      const place = this.#better[read] as number;
      let along = 0;
      for (let at = 0; at < pull.length; at++) {
        const need = (this.#needs[at] as Float64Array)[place] as number;
        along += need > (room[at] as number) ? Number.NEGATIVE_INFINITY : need * (pull[at] as number);
      }
      if (along < 0) continue;
      this.#better[write++] = place;
      const score = along * (this.#merit[place] as number) * (this.#favour[place] as number);
      if (score > most) [most, best] = [score, place];
    }
    this.#betterSize = write;
    return best;
  }

  /** Drops what has no room. */
  #closeRanks(): void {
    const [kind, along, merit, favour, needs] = [this.#kind, this.#along, this.#merit, this.#favour, this.#needs];
    let write = 0;
    for (let read = 0; read < this.#size; read++) {
      if ((along[read] as number) < 0) continue;
      if (write < read) {
        kind[write] = kind[read] as number;
        along[write] = along[read] as number;
        merit[write] = merit[read] as number;
        favour[write] = favour[read] as number;
        for (const plane of needs) plane[write] = plane[read] as number;
      }
      write++;
    }
    this.#size = write;
  }
}

/** One row for all places; apart from the others, it is a loop without a branch. */
function addAlong(along: Float64Array, needs: Float64Array, room: number, pull: number, size: number): void {
  for (let place = 0; place < size; place++) {
    const need = needs[place] as number;
    along[place] = (along[place] as number) + (need > room ? Number.NEGATIVE_INFINITY : need * pull);
  }
}
