import { Int32Column } from './int32-column.js';
import { after, before } from './pod-row.js';
import type { PodTable } from './pod-table.js';

const nobody = -1;
const nothing: readonly number[] = [];

/**
 * Which pods are on which node, in the order of their coming, as lists linked by pod. A pod that leaves keeps its neighbours, so
 * putting back the last one that left is exact and quick ("dancing links", Knuth 2000). Arrays by node would be grown 150,000 times.
 */
export class PodsOnNodes {
  readonly #pods: PodTable;
  /** By node. */
  readonly #first = new Int32Column();
  readonly #last = new Int32Column();
  readonly #lists: (readonly number[] | undefined)[] = [];

  constructor(pods: PodTable) {
    this.#pods = pods;
  }

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
    for (let pod = this.#first.values[node] as number; pod !== nobody; pod = this.#pods.get(pod, after)) list.push(pod);
    this.#lists[node] = list;
    return list;
  }

  /** The pod comes last. */
  add(pod: number, node: number): void {
    this.#pods.set(pod, before, this.#last.values[node] as number);
    this.#pods.set(pod, after, nobody);
    this.restore(pod, node);
  }

  remove(pod: number, node: number): void {
    const pods = this.#pods;
    const previous = pods.get(pod, before);
    const next = pods.get(pod, after);
    if (previous === nobody) this.#first.values[node] = next;
    else pods.set(previous, after, next);
    if (next === nobody) this.#last.values[node] = previous;
    else pods.set(next, before, previous);
    this.#lists[node] = undefined;
  }

  /** Puts a pod back between its neighbours: right only when all that happened on the node since it left was taken back. */
  restore(pod: number, node: number): void {
    const pods = this.#pods;
    const previous = pods.get(pod, before);
    const next = pods.get(pod, after);
    if (previous === nobody) this.#first.values[node] = pod;
    else pods.set(previous, after, pod);
    if (next === nobody) this.#last.values[node] = pod;
    else pods.set(next, before, pod);
    this.#lists[node] = undefined;
  }
}
