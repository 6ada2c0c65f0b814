import type { Node } from '@cloudoptim/core';
import { labelOf } from './labels.js';

/** Which domain of one topology key each node is in. */
export interface Domains {
  /** By node index; -1 for a node without the label and for a removed node. Kept up to date in place. */
  readonly of: readonly number[];
  /** Domains there ever were: one that has lost its last node keeps its number. */
  readonly count: number;
}

/** Numbers the values of topology keys, so that counting by domain is adding to an array. */
export class Topology {
  /** Grows whenever a node comes, goes, or changes labels or taints; never shrinks, so a stale answer is always noticed. */
  version = 1;
  readonly #domains = new Map<string, KeyDomains>();
  readonly #nodes: readonly (Node | undefined)[];

  constructor(nodes: readonly (Node | undefined)[]) {
    this.#nodes = nodes;
  }

  domains(key: string): Domains {
    let domains = this.#domains.get(key);
    if (domains === undefined) {
      domains = new KeyDomains(key);
      for (const [node, object] of this.#nodes.entries()) domains.set(node, object);
      this.#domains.set(key, domains);
    }
    return domains;
  }

  /** A node has come, gone or changed. */
  changed(node: number): void {
    this.version++;
    for (const domains of this.#domains.values()) domains.set(node, this.#nodes[node]);
  }
}

class KeyDomains implements Domains {
  readonly of: number[] = [];
  readonly #key: string;
  readonly #numbers = new Map<string, number>();

  constructor(key: string) {
    this.#key = key;
  }

  get count(): number {
    return this.#numbers.size;
  }

  set(node: number, object: Node | undefined): void {
    const value = object === undefined ? undefined : labelOf(object.labels, this.#key);
    if (value !== undefined && !this.#numbers.has(value)) this.#numbers.set(value, this.#numbers.size);
    this.of[node] = value === undefined ? -1 : (this.#numbers.get(value) as number);
  }
}
