import { Int32Column } from './int32-column.js';

const nobody = -1;
const nothing: readonly number[] = [];

/**
 * Which pods are on which node, in the order of their coming, as lists linked by pod. A pod that leaves keeps its neighbours, so
 * putting back the last one that left is exact and quick ("dancing links", Knuth 2000). Arrays by node would be grown 150,000 times.
 */
export class PodsOnNodes {
  /** By node. */
  readonly #first = new Int32Column();
  readonly #last = new Int32Column();
  readonly #lists: (readonly number[] | undefined)[] = [];
  /** By pod. */
  readonly #before = new Int32Column();
  readonly #after = new Int32Column();

  /** The next node index, without pods. */
  push(): void {
    this.#first.push(nobody);
    this.#last.push(nobody);
    this.#lists.push(nothing);
  }

  /** Gives up the last node index, which has no pods. */
  pop(): void {
    this.#first.pop();
    this.#last.pop();
    this.#lists.pop();
  }

  /** The pods of a node; the array stays as it is when they change. */
  of(node: number): readonly number[] {
    if (node < 0 || node >= this.#first.length) return nothing;
    const known = this.#lists[node];
    if (known !== undefined) return known;
    const list: number[] = [];
    for (let pod = this.#first.values[node] as number; pod !== nobody; pod = this.#after.values[pod] as number)
      list.push(pod);
    this.#lists[node] = list;
    return list;
  }

  /** The pod comes last. */
  add(pod: number, node: number): void {
    const before = this.#last.values[node] as number;
    this.#before.set(pod, before);
    this.#after.set(pod, nobody);
    this.restore(pod, node);
  }

  remove(pod: number, node: number): void {
    const before = this.#before.values[pod] as number;
    const after = this.#after.values[pod] as number;
    if (before === nobody) this.#first.values[node] = after;
    else this.#after.values[before] = after;
    if (after === nobody) this.#last.values[node] = before;
    else this.#before.values[after] = before;
    this.#lists[node] = undefined;
  }

  /** Puts a pod back between its neighbours: right only when all that happened on the node since it left was taken back. */
  restore(pod: number, node: number): void {
    const before = this.#before.values[pod] as number;
    const after = this.#after.values[pod] as number;
    if (before === nobody) this.#first.values[node] = pod;
    else this.#after.values[before] = pod;
    if (after === nobody) this.#last.values[node] = pod;
    else this.#before.values[after] = pod;
    this.#lists[node] = undefined;
  }
}
