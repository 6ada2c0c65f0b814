import type { Node, NodeResources, ResourceAmounts } from '@cloudoptim/core';
import { allCpu, allMemory, cpuLeft, memoryLeft, nodeBits, podsLeft, storageLeft } from './node-row.js';

const none: NodeResources = { cpuMillicores: 0, memoryBytes: 0, ephemeralStorageBytes: 0, pods: 0 };

/** Allocatable less what pods occupy, by node index, as plain numbers that filters can read without making objects. */
export class FreeResources {
  /** One a node, as node-row.ts says. Another array after a push: not to be kept. */
  rows: Float64Array;
  /** Every resource that the node advertises or that a pod on it has asked for. */
  readonly extended: (Map<string, number> | undefined)[] = [];

  constructor(nodes: readonly Node[]) {
    this.rows = new Float64Array(Math.max(64, nodes.length) << nodeBits);
    for (let node = 0; node < nodes.length; node++) {
      this.push();
      this.exchange(node, undefined, nodes[node]);
    }
  }

  cpu(node: number): number {
    return this.rows[(node << nodeBits) + cpuLeft] as number;
  }
  memory(node: number): number {
    return this.rows[(node << nodeBits) + memoryLeft] as number;
  }
  pods(node: number): number {
    return this.rows[(node << nodeBits) + podsLeft] as number;
  }
  ephemeral(node: number): number {
    return this.rows[(node << nodeBits) + storageLeft] as number;
  }

  /** A place for one more node, with nothing. */
  push(): void {
    const row = this.extended.length << nodeBits;
    this.extended.push(undefined);
    if (row === this.rows.length) {
      const longer = new Float64Array(2 * row);
      longer.set(this.rows);
      this.rows = longer;
    }
  }

  pop(): void {
    this.extended.pop();
    const row = this.extended.length << nodeBits;
    this.rows.fill(0, row, row + (1 << nodeBits));
  }

  /** The node now offers what `to` has instead of what `from` had. */
  exchange(node: number, from: Node | undefined, to: Node | undefined): void {
    const before = from?.allocatable ?? none;
    const after = to?.allocatable ?? none;
    if (before === after) return;
    if (before !== none) this.take(node, before, 1);
    if (after !== none) this.take(node, after, -1);
    const { rows } = this;
    const row = node << nodeBits;
    // Each of the two was counted as a pod.
    const counted = (before === none ? 0 : 1) - (after === none ? 0 : 1);
    rows[row + podsLeft] = (rows[row + podsLeft] as number) + counted - before.pods + after.pods;
    rows[row + allCpu] = positive(after.cpuMillicores);
    rows[row + allMemory] = positive(after.memoryBytes);
  }

  /** A pod with these amounts comes (1) or goes (-1). */
  take(node: number, amounts: ResourceAmounts, by: 1 | -1): void {
    this.takeSimple(node, amounts.cpuMillicores, amounts.memoryBytes, by);
    const storage = (node << nodeBits) + storageLeft;
    this.rows[storage] = (this.rows[storage] as number) - by * (amounts.ephemeralStorageBytes ?? 0);
    for (const name in amounts.extended) {
      if (!Object.hasOwn(amounts.extended, name)) continue;
      const column = this.extended[node] ?? new Map<string, number>();
      this.extended[node] = column;
      column.set(name, (column.get(name) ?? 0) - by * (amounts.extended[name] as number));
    }
  }

  /** As `take`, for a pod that has nothing but cpu and memory. */
  takeSimple(node: number, cpuMillicores: number, memoryBytes: number, by: 1 | -1): void {
    const { rows } = this;
    const row = node << nodeBits;
    rows[row + cpuLeft] = (rows[row + cpuLeft] as number) - by * cpuMillicores;
    rows[row + memoryLeft] = (rows[row + memoryLeft] as number) - by * memoryBytes;
    rows[row + podsLeft] = (rows[row + podsLeft] as number) - by;
  }

  of(node: number): NodeResources {
    if (node < 0 || node >= this.extended.length) return none;
    const column = this.extended[node];
    const names = column === undefined ? [] : [...column.keys()].sort();
    return {
      cpuMillicores: this.cpu(node),
      memoryBytes: this.memory(node),
      ephemeralStorageBytes: this.ephemeral(node),
      pods: this.pods(node),
      ...(names.length === 0
        ? {}
        : { extended: Object.fromEntries(names.map((name) => [name, column?.get(name) as number])) }),
    };
  }
}

/** What shares are of: infinite instead of nothing, since no share of that is ever free. */
export function positive(allocatable: number): number {
  return allocatable > 0 ? allocatable : Number.POSITIVE_INFINITY;
}
