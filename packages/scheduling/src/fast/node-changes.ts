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

  /** Nodes that changed after so many changes, some of them more than once; undefined when it was too long ago to tell. */
  since(count: number): number[] | undefined {
    if (count < 0 || this.count - count > remembered) return undefined;
    const nodes: number[] = [];
    for (let at = count; at < this.count; at++) nodes.push(this.#nodes[at % remembered] as number);
    return nodes;
  }
}
