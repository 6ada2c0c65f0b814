import { Int32Column } from './int32-column.js';
import { leastShare, mostCpu, rowBits, Summaries } from './summaries.js';

/** Nodes that are alike, of a family that differs in nothing but domains and labels, and what each of them has. */
export interface Kind {
  readonly group: number;
  readonly family: number;
  readonly cpu: number;
  readonly memory: number;
}

/**
 * Stretches of nodes that are equal but for their domains and labels, summed up once more: few pods ask for a zone or a label, and for the
 * others a third of what is compared will do where a pool spans three zones.
 */
export class Families {
  /** By index: what the nodes of all of its stretches have at best. */
  readonly best = new Summaries();
  /** By index: its stretches. */
  readonly stretchesOf: number[][] = [];
  /** By stretch: its family's index. */
  readonly #of = new Int32Column();
  readonly #indexOf = new Map<number, number>();
  /** Indices of families that have no stretch any more. */
  readonly #unused: number[] = [];

  /** The stretch, which has no nodes yet, is now for nodes of this kind. */
  join(stretch: number, { family, cpu, memory }: Kind): void {
    let index = this.#indexOf.get(family);
    if (index === undefined) {
      index = this.#unused.pop();
      if (index === undefined) index = this.best.push(family, cpu, memory);
      else this.best.set(index, family, cpu, memory);
      this.#indexOf.set(family, index);
      this.stretchesOf[index] = [];
    }
    this.#of.set(stretch, index);
    (this.stretchesOf[index] as number[]).push(stretch);
  }

  /** The stretch, which has no nodes any more, is of no family. */
  leave(stretch: number, parts: Summaries): void {
    const index = this.#of.values[stretch] as number;
    const stretches = this.stretchesOf[index] as number[];
    stretches.splice(stretches.indexOf(stretch), 1);
    for (let place = mostCpu; place <= leastShare; place++) this.#combine(index, place, parts);
    this.#combineNodes(index, parts);
    if (stretches.length > 0) return;
    this.#indexOf.delete(this.best.group[index] as number);
    this.#unused.push(index);
  }

  /** Something more is free in the stretch than anywhere so far, or less. */
  widen(stretch: number, place: number, value: number): void {
    this.best.widen(this.#of.values[stretch] as number, place, value);
  }

  /** Sums up one number again, after it changed in the stretch. */
  combine(stretch: number, place: number, parts: Summaries): void {
    this.#combine(this.#of.values[stretch] as number, place, parts);
  }

  /** Which nodes there are, after that changed in the stretch. */
  combineNodes(stretch: number, parts: Summaries): void {
    this.#combineNodes(this.#of.values[stretch] as number, parts);
  }

  #combineNodes(index: number, parts: Summaries): void {
    const stretches = this.stretchesOf[index] as readonly number[];
    this.best.clearNodes(index);
    for (let at = 0; at < stretches.length; at++) this.best.addNodes(index, parts, stretches[at] as number);
  }

  #combine(index: number, place: number, { rows }: Summaries): void {
    const stretches = this.stretchesOf[index] as readonly number[];
    const { best } = this;
    best.rows[(index << rowBits) + place] = place === leastShare ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    for (let at = 0; at < stretches.length; at++)
      best.widen(index, place, rows[((stretches[at] as number) << rowBits) + place] as number);
  }
}
