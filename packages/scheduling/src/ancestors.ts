/**
 * Which of some numbered things come before one of them: a run of the first ones, and others. In a chain of thousands each has all
 * before it, which as sets would be millions of entries.
 */
export class Ancestors {
  /** All numbers below are in; so no number of `#others` is. */
  #run = 0;
  readonly #others = new Set<number>();

  get size(): number {
    return this.#run + this.#others.size;
  }

  has(number: number): boolean {
    return number < this.#run || this.#others.has(number);
  }

  /** Takes in a parent and what comes before that. */
  add(parent: number, before: Ancestors): void {
    if (before.#run > this.#run) {
      this.#run = before.#run;
      for (const other of this.#others) if (other < this.#run) this.#others.delete(other);
    }
    for (const other of before.#others) if (other >= this.#run) this.#others.add(other);
    if (parent >= this.#run) this.#others.add(parent);
    while (this.#others.delete(this.#run)) this.#run++;
  }
}
