import type { Node } from '@cloudoptim/core';
import { labelOf } from '../labels.js';

/** The domains of one topology key, numbered once and for all: a number never changes its meaning, also not in a rollback. */
export class TopologyKey {
  readonly name: string;
  /** Domain by node; -1 for a node without the label and for a removed node. */
  readonly of: number[] = [];
  /** Whether the key tells apart more domains than are looked at one by one, as the hostname does. */
  readonly wide: boolean;
  /** Nodes by domain, kept for wide keys only. */
  readonly nodesIn: number[][] = [];
  /** Whether no domain ever had two nodes: what happens on a node then bears on no other through this key. */
  oneNodeEach: boolean;
  readonly #numbers = new Map<string, number>();

  /** With at most `mostNarrow` values the key is narrow: its domains are looked at one by one, and nodes grouped by them. */
  constructor(name: string, nodes: readonly (Node | undefined)[], mostNarrow: number) {
    this.name = name;
    const values = new Set<string>();
    for (const node of nodes) {
      const value = node === undefined ? undefined : labelOf(node.labels, name);
      if (value !== undefined) values.add(value);
      if (values.size > mostNarrow) break;
    }
    this.wide = values.size > mostNarrow;
    this.oneNodeEach = this.wide;
    for (let index = 0; index < nodes.length; index++) this.set(index, nodes[index]);
  }

  /** Domains ever seen. */
  get count(): number {
    return this.#numbers.size;
  }

  /** The node's object is now this one. */
  set(node: number, object: Node | undefined): void {
    const before = this.of[node] ?? -1;
    const value = object === undefined ? undefined : labelOf(object.labels, this.name);
    const domain = value === undefined ? -1 : this.#number(value);
    this.of[node] = domain;
    if (!this.wide || before === domain) return;
    if (before >= 0) {
      const list = this.nodesIn[before] as number[];
      list.splice(list.indexOf(node), 1);
    }
    if (domain < 0) return;
    const list = this.nodesIn[domain];
    if (list === undefined) this.nodesIn[domain] = [node];
    else if (list.push(node) > 1) this.oneNodeEach = false;
  }

  /** The last node index is given up. */
  pop(): void {
    this.set(this.of.length - 1, undefined);
    this.of.pop();
  }

  #number(value: string): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }
}
