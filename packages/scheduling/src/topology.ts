import type { Node } from '@cloudoptim/core';
import { labelOf } from './labels.js';
import type { SpreadInclusion } from './spread-inclusion.js';

/** Which domain of one topology key each node is in. */
export interface Domains {
  /** By node index; -1 for a node without the label and for a removed node. Kept up to date in place. */
  readonly of: readonly number[];
  /** Domains there ever were: one that has lost its last node keeps its number. */
  readonly count: number;
  /** Grows whenever a node that stays is in another domain than before, and its pods with it. */
  readonly moved: number;
}

/** Changes kept for those who follow them: a state is kept for many plans, each carried out hundreds of times. */
const mostKept = 100_000;

/** Numbers the values of topology keys, so that counting by domain is adding to an array. */
export class Topology {
  /** Nodes that came, went, or changed labels or taints, in order, behind the first `forgotten` ones. */
  readonly changes: number[] = [];
  forgotten = 0;
  /** Which nodes count for topology spread constraints, by what these ask of nodes. */
  readonly inclusions = new Map<string, SpreadInclusion>();
  readonly #domains = new Map<string, KeyDomains>();
  readonly #nodes: readonly (Node | undefined)[];

  constructor(nodes: readonly (Node | undefined)[]) {
    this.#nodes = nodes;
  }

  /** Grows with every change of a node and never shrinks, so a stale answer is always noticed. */
  get version(): number {
    return this.forgotten + this.changes.length;
  }

  domains(key: string): Domains {
    let domains = this.#domains.get(key);
    if (domains === undefined) {
      domains = new KeyDomains(key);
      for (const [node, object] of this.#nodes.entries()) domains.set(node, object, false);
      this.#domains.set(key, domains);
    }
    return domains;
  }

  /** A node has come, gone or changed. `stays`: it was there before, so pods may be on it. */
  changed(node: number, stays: boolean): void {
    if (this.changes.length === mostKept) {
      this.forgotten += mostKept;
      this.changes.length = 0;
    }
    this.changes.push(node);
    for (const domains of this.#domains.values()) domains.set(node, this.#nodes[node], stays);
  }
}

class KeyDomains implements Domains {
  readonly of: number[] = [];
  moved = 0;
  readonly #key: string;
  readonly #numbers = new Map<string, number>();

  constructor(key: string) {
    this.#key = key;
  }

  get count(): number {
    return this.#numbers.size;
  }

  set(node: number, object: Node | undefined, stays: boolean): void {
    const value = object === undefined ? undefined : labelOf(object.labels, this.#key);
    if (value !== undefined && !this.#numbers.has(value)) this.#numbers.set(value, this.#numbers.size);
    const domain = value === undefined ? -1 : (this.#numbers.get(value) as number);
    if (stays && this.of[node] !== domain) this.moved++;
    this.of[node] = domain;
  }
}
