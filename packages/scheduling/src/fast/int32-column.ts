/**
 * Whole numbers by index, as many as come. Ordinary arrays are copied more often while they grow and take twice the room: for
 * 150,000 pods that made 20 MiB of garbage.
 */
export class Int32Column {
  /** Entries from `length` on mean nothing. Another array after a push: not to be kept. */
  values: Int32Array;
  length: number;

  constructor(from: ArrayLike<number> = []) {
    this.values = new Int32Array(Math.max(64, Math.ceil(from.length * 1.5)));
    this.values.set(from);
    this.length = from.length;
  }

  push(value: number): void {
    if (this.length === this.values.length) this.#grow();
    this.values[this.length++] = value;
  }

  /** Sets the entry of an index, which may lie beyond the end: what is between means nothing. */
  set(index: number, value: number): void {
    while (index >= this.values.length) this.#grow();
    if (index >= this.length) this.length = index + 1;
    this.values[index] = value;
  }

  /** Takes the last entry away and returns it; undefined when there is none. */
  pop(): number | undefined {
    return this.length === 0 ? undefined : this.values[--this.length];
  }

  /** The entry of an index; undefined outside. */
  at(index: number): number | undefined {
    return index < this.length ? this.values[index] : undefined;
  }

  #grow(): void {
    const longer = new Int32Array(2 * this.values.length);
    longer.set(this.values);
    this.values = longer;
  }
}
