/** Kinds of change. */
export const removed = 0;
export const placed = 1;
export const exchanged = 2;
export const added = 3;

/** Numbers that are kept of a change: its kind, the pod and the node. */
const entry = 3;

/** The changes of a placement in their order, as plain numbers: 150,000 objects or functions would be garbage to walk through. */
export class ChangeLog {
  /** Changes so far. */
  length = 0;
  #numbers = new Int32Array(64 * entry);

  push(kind: number, pod: number, node: number): void {
    const at = this.length++ * entry;
    if (at === this.#numbers.length) {
      const longer = new Int32Array(2 * at);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[at] = kind;
    this.#numbers[at + 1] = pod;
    this.#numbers[at + 2] = node;
  }

  /** Gives up the last change; its numbers can still be read as those of index `length`. */
  pop(): void {
    this.length--;
  }

  kind(index: number): number {
    return this.#numbers[index * entry] as number;
  }
  pod(index: number): number {
    return this.#numbers[index * entry + 1] as number;
  }
  node(index: number): number {
    return this.#numbers[index * entry + 2] as number;
  }
}
