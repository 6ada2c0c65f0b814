import type { DomainCounter } from './domain-counter.js';
import type { TopologyKey } from './topology-key.js';

/**
 * The nodes that count for a spread constraint: they have all keys of the pod's constraints and pass this constraint's
 * policies. Constraints that ask the same share it. The verdict is kept by group of nodes, unless it depends on node names.
 */
export class Inclusion {
  readonly key: TopologyKey;
  /** Whether a taint may change the verdict. */
  readonly looksAtTaints: boolean;
  /** Counters that count over these nodes. */
  readonly counters: DomainCounter[] = [];
  /** Nodes that count, by domain. */
  readonly nodes: number[] = [];
  /** Domains with at least one node that counts. */
  domains = 0;
  readonly #test: (node: number) => boolean;
  readonly #groupOf: readonly number[];
  readonly #byGroup: (boolean | undefined)[] | undefined;

  constructor(
    key: TopologyKey,
    looksAtTaints: boolean,
    test: (node: number) => boolean,
    groupOf: readonly number[],
    grouped: boolean,
  ) {
    this.key = key;
    this.looksAtTaints = looksAtTaints;
    this.#test = test;
    this.#groupOf = groupOf;
    this.#byGroup = grouped ? [] : undefined;
  }

  has(node: number): boolean {
    const groups = this.#byGroup;
    if (groups === undefined) return this.#test(node);
    const group = this.#groupOf[node] as number;
    let answer = groups[group];
    if (answer === undefined) {
      answer = this.#test(node);
      groups[group] = answer;
    }
    return answer;
  }

  /** A node that counts came (+1) or goes (-1); its pods are counted after it came, and no longer when it goes. */
  change(node: number, by: 1 | -1): void {
    const domain = this.key.of[node] as number;
    if (domain < 0 || !this.has(node)) return;
    const nodes = (this.nodes[domain] ?? 0) + by;
    this.nodes[domain] = nodes;
    if (by === 1 && nodes === 1) {
      this.domains++;
      for (const counter of this.counters) counter.addDomain(domain);
    } else if (by === -1 && nodes === 0) {
      this.domains--;
      for (const counter of this.counters) counter.dropDomain(domain);
    }
  }
}
