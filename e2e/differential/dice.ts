/** Draws from a seed: the same seed gives the same draws on every machine (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError('There is nothing to pick from.');
    return from[Math.floor(this.next() * from.length)] as T;
  }

  /** Different entries, `least` to `most` of them, in the order of `from`. */
  some<T>(from: readonly T[], least: number, most: number): T[] {
    const wanted = Math.min(from.length, this.int(least, most));
    const left = from.map((_, index) => index);
    const taken: number[] = [];
    while (taken.length < wanted) taken.push(...left.splice(Math.floor(this.next() * left.length), 1));
    return taken.sort((a, b) => a - b).map((index) => from[index] as T);
  }

  /** A seed for dice of its own, so that one part may draw more often without changing the others. */
  seed(): number {
    return Math.floor(this.next() * 2 ** 32);
  }
}
