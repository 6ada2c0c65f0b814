/** Changes that are remembered one by one. */
const remembered = 1 << 12;

/** Which nodes changed lately, so that whoever remembers something by node asks those again and not all 5,000. */
export class NodeChanges {
  /** Changes so far. */
  count = 0;
  readonly #nodes = new Int32Array(remembered);

  /** The node changed, or who is on it. */
  note(node: number): void {
    this.#nodes[this.count % remembered] = node;
    this.count++;
  }

  /** Whether it can be told which nodes changed after so many changes. */
  remembersSince(count: number): boolean {
    return count >= 0 && this.count - count <= remembered;
  }

  /** The node of one of the changes that are remembered; the first one is number 0. */
  at(change: number): number {
    return this.#nodes[change % remembered] as number;
  }
}
