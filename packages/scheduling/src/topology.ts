import type { Node } from '@cloudoptim/core';
import { labelOf } from './labels.js';

/** Which domain of one topology key each node is in. */
export interface Domains {
  /** By node index; -1 for a node without the label and for a removed node. */
  readonly of: readonly number[];
  readonly count: number;
}

/** Numbers the values of topology keys, so that counting by domain is adding to an array. */
export class Topology {
  /** Grows whenever a node comes, goes, or changes labels or taints; never shrinks, so a stale answer is always noticed. */
  version = 1;
  readonly #domains = new Map<string, { version: number; domains: Domains }>();
  readonly #nodes: readonly (Node | undefined)[];

  constructor(nodes: readonly (Node | undefined)[]) {
    this.#nodes = nodes;
  }

  domains(key: string): Domains {
    const known = this.#domains.get(key);
    if (known?.version === this.version) return known.domains;
    const numbers = new Map<string, number>();
    const of = this.#nodes.map((node) => {
      const value = node === undefined ? undefined : labelOf(node.labels, key);
      if (value === undefined) return -1;
      let number = numbers.get(value);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(value, number);
      }
      return number;
    });
    const domains = { of, count: numbers.size };
    this.#domains.set(key, { version: this.version, domains });
    return domains;
  }
}
