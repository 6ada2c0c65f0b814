/** Something that is compared by `===`. */
export type Fact = number | string | boolean | undefined;

/**
 * Numbers sequences of facts, equal ones alike. To put all that tells apart 80,000 templates in texts, and to look these up, took longer than
 * to place their pods.
 */
export class Sequences {
  readonly #facts = new Numbers();
  readonly #longer = new PairNumbers();

  /** The number of the sequence that goes on with this fact; 0 is the empty one. */
  after(sequence: number, fact: Fact): number {
    return this.#longer.of(sequence, this.#facts.of(fact)) + 1;
  }
}

/** Numbers facts in the order of their coming. */
export class Numbers {
  readonly #known = new Map<Fact, number>();

  of(fact: Fact): number {
    let number = this.#known.get(fact);
    if (number === undefined) {
      number = this.#known.size;
      this.#known.set(fact, number);
    }
    return number;
  }
}

/** Numbers of a place: both of the pair, and its own plus one, 0 where there is none yet; a fourth makes it a power of two. */
const placeBits = 2;

/**
 * Numbers pairs of small whole numbers in the order of their coming. A Map has no key for two: one made of both is no small number, which
 * V8 allocates for each look. So an open table, at most half full.
 */
class PairNumbers {
  #places = new Int32Array(1024 << placeBits);
  #mask = 1023;
  #count = 0;

  of(first: number, second: number): number {
    const places = this.#places;
    for (let place = mixed(first, second); ; place++) {
      const at = (place & this.#mask) << placeBits;
      const known = places[at + 2] as number;
      if (known === 0) return this.#add(at, first, second);
      if (places[at] === first && places[at + 1] === second) return known - 1;
    }
  }

  #add(at: number, first: number, second: number): number {
    const places = this.#places;
    places[at] = first;
    places[at + 1] = second;
    places[at + 2] = ++this.#count;
    if (2 * this.#count > this.#mask) this.#grow();
    return this.#count - 1;
  }

  #grow(): void {
    const before = this.#places;
    const places = new Int32Array(2 * before.length);
    const mask = 2 * this.#mask + 1;
    for (let from = 0; from < before.length; from += 1 << placeBits) {
      if (before[from + 2] === 0) continue;
      let place = mixed(before[from] as number, before[from + 1] as number) & mask;
      while (places[(place << placeBits) + 2] !== 0) place = (place + 1) & mask;
      places.set(before.subarray(from, from + (1 << placeBits)), place << placeBits);
    }
    this.#places = places;
    this.#mask = mask;
  }
}

/** Spreads pairs over all places: neighbours would crowd (multipliers as in Knuth's and in xxHash's mixing). */
function mixed(first: number, second: number): number {
  const both = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca77);
  return both ^ (both >>> 15);
}
