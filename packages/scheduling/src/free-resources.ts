import type { Node, NodeResources, ResourceAmounts } from '@cloudoptim/core';

const none: NodeResources = { cpuMillicores: 0, memoryBytes: 0, ephemeralStorageBytes: 0, pods: 0 };

/** Allocatable less what pods occupy, by node index, as plain columns that filters can read without making objects. */
export class FreeResources {
  readonly cpu: number[] = [];
  readonly memory: number[] = [];
  readonly ephemeral: number[] = [];
  readonly pods: number[] = [];
  /** Every resource that the node advertises or that a pod on it has asked for. */
  readonly extended: (Map<string, number> | undefined)[] = [];

  constructor(nodes: readonly Node[]) {
    for (const node of nodes) {
      this.push();
      this.exchange(this.cpu.length - 1, undefined, node);
    }
  }

  /** A place for one more node, with nothing. */
  push(): void {
    this.cpu.push(0);
    this.memory.push(0);
    this.ephemeral.push(0);
    this.pods.push(0);
    this.extended.push(undefined);
  }

  pop(): void {
    for (const column of [this.cpu, this.memory, this.ephemeral, this.pods]) column.pop();
    this.extended.pop();
  }

  /** The node now offers what `to` has instead of what `from` had. */
  exchange(node: number, from: Node | undefined, to: Node | undefined): void {
    const [before, after] = [from?.allocatable ?? none, to?.allocatable ?? none];
    if (before === after) return;
    this.take(node, before, 1);
    this.take(node, after, -1);
    this.pods[node] = (this.pods[node] as number) - (before.pods - 1) + (after.pods - 1);
  }

  /** A pod with these amounts comes (1) or goes (-1). */
  take(node: number, amounts: ResourceAmounts, by: 1 | -1): void {
    this.cpu[node] = (this.cpu[node] as number) - by * amounts.cpuMillicores;
    this.memory[node] = (this.memory[node] as number) - by * amounts.memoryBytes;
    this.ephemeral[node] = (this.ephemeral[node] as number) - by * (amounts.ephemeralStorageBytes ?? 0);
    this.pods[node] = (this.pods[node] as number) - by;
    for (const name in amounts.extended) {
      if (!Object.hasOwn(amounts.extended, name)) continue;
      const column = this.extended[node] ?? new Map<string, number>();
      this.extended[node] = column;
      column.set(name, (column.get(name) ?? 0) - by * (amounts.extended[name] as number));
    }
  }

  /** As `take`, for a pod that has nothing but cpu and memory. */
  takeSimple(node: number, cpuMillicores: number, memoryBytes: number, by: 1 | -1): void {
    this.cpu[node] = (this.cpu[node] as number) - by * cpuMillicores;
    this.memory[node] = (this.memory[node] as number) - by * memoryBytes;
    this.pods[node] = (this.pods[node] as number) - by;
  }

  of(node: number): NodeResources {
    const column = this.extended[node];
    const names = column === undefined ? [] : [...column.keys()].sort();
    return {
      cpuMillicores: this.cpu[node] ?? 0,
      memoryBytes: this.memory[node] ?? 0,
      ephemeralStorageBytes: this.ephemeral[node] ?? 0,
      pods: this.pods[node] ?? 0,
      ...(names.length === 0
        ? {}
        : { extended: Object.fromEntries(names.map((name) => [name, column?.get(name) as number])) }),
    };
  }
}
