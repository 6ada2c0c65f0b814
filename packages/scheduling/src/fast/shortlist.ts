/** The nodes that score highest for a size of pods among all with the room, whoever is on them, as the blocks of nodes knew them. */
export class Shortlist {
  /** The highest score first, and the lowest index among equals. */
  readonly nodes: Int32Array;
  readonly #scores: Float64Array;
  length = 0;
  /** State of the blocks that it was made of, or that it was last asked for in. */
  version = -1;
  /** How often it was asked for in that state. */
  asked = 0;
  isMade = false;

  constructor(most: number) {
    this.nodes = new Int32Array(most);
    this.#scores = new Float64Array(most);
  }

  /** Whether there may be others that have the room. */
  get isFull(): boolean {
    return this.length === this.nodes.length;
  }

  /** The last one's score. */
  get leastScore(): number {
    return this.#scores[this.length - 1] as number;
  }

  clear(): void {
    this.length = 0;
    this.asked = 0;
    this.isMade = false;
  }

  /** Puts the node where it belongs; of too many the last one goes. */
  offer(node: number, score: number): void {
    const { nodes } = this;
    const scores = this.#scores;
    if (!this.isFull) this.length++;
    else if (isBefore(scores, nodes, this.length - 1, score, node)) return;
    let at = this.length - 1;
    while (at > 0 && !isBefore(scores, nodes, at - 1, score, node)) {
      nodes[at] = nodes[at - 1] as number;
      scores[at] = scores[at - 1] as number;
      at--;
    }
    nodes[at] = node;
    scores[at] = score;
  }
}

function isBefore(scores: Float64Array, nodes: Int32Array, at: number, score: number, node: number): boolean {
  const other = scores[at] as number;
  return other > score || (other === score && (nodes[at] as number) < node);
}
