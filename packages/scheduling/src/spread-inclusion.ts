import type { Domains } from './topology.js';

/** Which nodes count for topology spread constraints that ask the same of nodes, kept up as nodes come, go and change. */
export class SpreadInclusion {
  /** By node. */
  readonly counts: boolean[] = [];
  /** By domain: how many nodes there count. */
  readonly nodes: number[] = [];
  readonly #domains: Domains;
  readonly #keys: readonly Domains[];
  readonly #included: (node: number) => boolean;
  /** By node that counts: its domain as it was then. */
  readonly #of: number[] = [];
  /** Changes of nodes that were looked at. */
  #followed = 0;
  #seen = 0;

  /** `keys` are those that a node must have to count; `included` tells what else is asked of it. */
  constructor(domains: Domains, keys: readonly Domains[], included: (node: number) => boolean) {
    this.#domains = domains;
    this.#keys = keys;
    this.#included = included;
  }

  /** Looks at the nodes that have changed since it last did. */
  follow(changes: readonly number[], nodeCount: number): void {
    if (this.#seen === 0 || changes.length - this.#followed > nodeCount) {
      const all = Math.max(nodeCount, this.#seen);
      for (let node = 0; node < all; node++) this.#look(node);
    } else for (let at = this.#followed; at < changes.length; at++) this.#look(changes[at] as number);
    this.#followed = changes.length;
    this.#seen = Math.max(this.#seen, nodeCount);
  }

  #look(node: number): void {
    if (this.counts[node] === true) this.#add(this.#of[node] as number, -1);
    const domain = this.#domains.of[node] ?? -1;
    const counts = this.#keys.every(({ of }) => (of[node] ?? -1) !== -1) && this.#included(node);
    this.counts[node] = counts;
    if (!counts) return;
    this.#of[node] = domain;
    this.#add(domain, 1);
  }

  #add(domain: number, by: 1 | -1): void {
    this.nodes[domain] = (this.nodes[domain] ?? 0) + by;
  }
}
