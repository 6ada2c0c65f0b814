import type { ResourceAmounts } from '@cloudoptim/core';
import type { Placement } from '@cloudoptim/scheduling';

/**
 * Free resources of all nodes as columns: a pod is compared with a thousand nodes in microseconds, so that the full rules of
 * kube-scheduler are asked only about nodes that have the room. Nothing here knows taints, affinity, volumes or ports.
 */
export interface Rooms {
  readonly size: number;
  /** Reads the node's free resources again, after its pods changed or the node came or went. */
  refresh(node: number): void;
  /** Whether the node is offered to pods at all. */
  isOpen(node: number): boolean;
  setOpen(node: number, open: boolean): void;
  /** Whether the node has the free resources. */
  holds(node: number, needs: ResourceAmounts): boolean;
  /** Open nodes with the room that `refused` does not exclude, best first; equal ones by index. */
  ranked(needs: ResourceAmounts, rule: PlacementRule, refused: Uint8Array): number[];
  /** The first of `ranked`, -1 when there is none; without putting the others in order. */
  best(needs: ResourceAmounts, rule: PlacementRule, refused: Uint8Array): number;
}

/** What kube-scheduler's NodeResourcesFit scores highest: the emptiest node, or the fullest. */
export type PlacementRule = 'emptiest' | 'fullest';

/** The same steps as in scheduling's score.ts, so that equal there is equal here. */
const steps = 10_000;

export function createRooms(placement: Placement): Rooms {
  let capacity = 0;
  let size = 0;
  let cpu = new Float64Array(0);
  let memory = new Float64Array(0);
  let storage = new Float64Array(0);
  let pods = new Float64Array(0);
  let cpuTotal = new Float64Array(0);
  let memoryTotal = new Float64Array(0);
  let open = new Uint8Array(0);
  /** A column for each extended resource that some node offers. */
  const extended = new Map<string, Float64Array>();

  const grow = (least: number) => {
    capacity = Math.max(least, 2 * capacity);
    const longer = (column: Float64Array) => {
      const copy = new Float64Array(capacity);
      copy.set(column);
      return copy;
    };
    [cpu, memory, storage, pods] = [longer(cpu), longer(memory), longer(storage), longer(pods)];
    [cpuTotal, memoryTotal] = [longer(cpuTotal), longer(memoryTotal)];
    for (const [name, column] of extended) extended.set(name, longer(column));
    const flags = new Uint8Array(capacity);
    flags.set(open);
    open = flags;
  };

  const refresh = (node: number) => {
    if (node >= capacity) grow(node + 1);
    size = Math.max(size, node + 1);
    const free = placement.free(node);
    cpu[node] = free.cpuMillicores;
    memory[node] = free.memoryBytes;
    storage[node] = free.ephemeralStorageBytes ?? 0;
    pods[node] = free.pods;
    for (const column of extended.values()) column[node] = 0;
    for (const [name, amount] of Object.entries(free.extended ?? {})) {
      let column = extended.get(name);
      if (column === undefined) {
        column = new Float64Array(capacity);
        extended.set(name, column);
      }
      column[node] = amount;
    }
    const total = placement.node(node)?.allocatable;
    cpuTotal[node] = total?.cpuMillicores ?? 0;
    memoryTotal[node] = total?.memoryBytes ?? 0;
  };
  grow(placement.nodeCount + 64);
  for (let node = 0; node < placement.nodeCount; node++) {
    refresh(node);
    open[node] = 1;
  }

  const holds = (node: number, needs: ResourceAmounts, devices: readonly Devices[]): boolean => {
    // kube-scheduler compares only what a pod asks for: a pod without requests fits an overcommitted node.
    if ((pods[node] as number) < 1) return false;
    if (needs.cpuMillicores > (cpu[node] as number) && needs.cpuMillicores > 0) return false;
    if (needs.memoryBytes > (memory[node] as number) && needs.memoryBytes > 0) return false;
    const wantedStorage = needs.ephemeralStorageBytes ?? 0;
    if (wantedStorage > (storage[node] as number) && wantedStorage > 0) return false;
    for (let index = 0; index < devices.length; index++) {
      const { column, wanted } = devices[index] as Devices;
      if (column === undefined || wanted > (column[node] as number)) return false;
    }
    return true;
  };

  const devicesOf = ({ extended: wanted }: ResourceAmounts): readonly Devices[] =>
    wanted === undefined
      ? noDevices
      : Object.entries(wanted)
          .filter(([, amount]) => amount > 0)
          .map(([name, amount]) => ({ column: extended.get(name), wanted: amount }));

  /** Free shares of cpu and memory in ten-thousandths, were the pod placed. */
  const freeAfter = (node: number, needs: ResourceAmounts): number =>
    share((cpu[node] as number) - needs.cpuMillicores, cpuTotal[node] as number) +
    share((memory[node] as number) - needs.memoryBytes, memoryTotal[node] as number);

  return {
    get size() {
      return size;
    },
    refresh,
    isOpen: (node) => open[node] === 1,
    setOpen(node, isOpen) {
      open[node] = isOpen ? 1 : 0;
    },
    holds: (node, needs) => holds(node, needs, devicesOf(needs)),
    best(needs, rule, refused) {
      const devices = devicesOf(needs);
      const sign = rule === 'emptiest' ? 1 : -1;
      // The loop that the whole search spends its time in: plain locals, and most nodes fail on the first comparison.
      const [freeCpu, freeMemory, flags, count] = [cpu, memory, open, size];
      const leastCpu = needs.cpuMillicores > 0 ? needs.cpuMillicores : Number.NEGATIVE_INFINITY;
      const leastMemory = needs.memoryBytes > 0 ? needs.memoryBytes : Number.NEGATIVE_INFINITY;
      let best = -1;
      let bestScore = Number.NEGATIVE_INFINITY;
      for (let node = 0; node < count; node++) {
        if ((freeCpu[node] as number) < leastCpu || (freeMemory[node] as number) < leastMemory) continue;
        if (flags[node] === 0 || refused[node] === 1 || !holds(node, needs, devices)) continue;
        const score = sign * freeAfter(node, needs);
        if (score > bestScore) {
          best = node;
          bestScore = score;
        }
      }
      return best;
    },
    ranked(needs, rule, refused) {
      const devices = devicesOf(needs);
      const sign = rule === 'emptiest' ? 1 : -1;
      const nodes: number[] = [];
      for (let node = 0; node < size; node++) {
        if (open[node] === 1 && refused[node] !== 1 && holds(node, needs, devices)) nodes.push(node);
      }
      const scores = new Map(nodes.map((node) => [node, sign * freeAfter(node, needs)]));
      return nodes.sort((a, b) => (scores.get(b) as number) - (scores.get(a) as number) || a - b);
    },
  };
}

/** So much of an extended resource; no column when no node offers it. */
interface Devices {
  readonly column: Float64Array | undefined;
  readonly wanted: number;
}

const noDevices: readonly Devices[] = [];

function share(free: number, total: number): number {
  return total > 0 && free > 0 ? Math.floor((free / total) * steps) : 0;
}
