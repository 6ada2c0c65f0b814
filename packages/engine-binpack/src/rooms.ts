import type { NodeResources, ResourceAmounts } from '@cloudoptim/core';
import type { Placement } from '@cloudoptim/scheduling';

/**
 * Free resources of all nodes as columns: a pod is compared with a thousand nodes in microseconds, so that the full rules of
 * kube-scheduler are asked only about nodes that have the room.
 */
export interface Rooms {
  readonly size: number;
  /** Reads the node's free resources again, after its pods changed. */
  refresh(node: number): void;
  /** Whether the node has the free resources. It says nothing about taints, affinity, volumes and ports. */
  holds(node: number, needs: ResourceAmounts): boolean;
  /** Free shares of cpu and memory in ten-thousandths, were the pod placed: what LeastAllocated maximises. */
  freeAfter(node: number, needs: ResourceAmounts): number;
}

/** The same steps as in scheduling's score.ts, so that equal there is equal here. */
const steps = 10_000;

export function createRooms(placement: Placement): Rooms {
  const cpu: number[] = [];
  const memory: number[] = [];
  const storage: number[] = [];
  const pods: number[] = [];
  const extended: (Readonly<Record<string, number>> | undefined)[] = [];
  const cpuTotal: number[] = [];
  const memoryTotal: number[] = [];

  const refresh = (node: number) => {
    const free: NodeResources = placement.free(node);
    cpu[node] = free.cpuMillicores;
    memory[node] = free.memoryBytes;
    storage[node] = free.ephemeralStorageBytes ?? 0;
    pods[node] = free.pods;
    extended[node] = free.extended;
    const total = placement.node(node)?.allocatable;
    cpuTotal[node] = total?.cpuMillicores ?? 0;
    memoryTotal[node] = total?.memoryBytes ?? 0;
  };
  for (let node = 0; node < placement.nodeCount; node++) refresh(node);

  return {
    get size() {
      return cpu.length;
    },
    refresh,
    holds(node, needs) {
      // kube-scheduler compares only what a pod asks for: a pod without requests fits an overcommitted node.
      if ((pods[node] as number) < 1) return false;
      if (needs.cpuMillicores > 0 && needs.cpuMillicores > (cpu[node] as number)) return false;
      if (needs.memoryBytes > 0 && needs.memoryBytes > (memory[node] as number)) return false;
      const wantedStorage = needs.ephemeralStorageBytes ?? 0;
      if (wantedStorage > 0 && wantedStorage > (storage[node] as number)) return false;
      if (needs.extended === undefined) return true;
      const offered = extended[node];
      for (const name of Object.keys(needs.extended)) {
        const wanted = needs.extended[name] as number;
        const free = offered !== undefined && Object.hasOwn(offered, name) ? (offered[name] as number) : 0;
        if (wanted > 0 && wanted > free) return false;
      }
      return true;
    },
    freeAfter(node, needs) {
      const cpuAfter = share((cpu[node] as number) - needs.cpuMillicores, cpuTotal[node] as number);
      const memoryAfter = share((memory[node] as number) - needs.memoryBytes, memoryTotal[node] as number);
      return cpuAfter + memoryAfter;
    },
  };
}

function share(free: number, total: number): number {
  return total > 0 && free > 0 ? Math.floor((free / total) * steps) : 0;
}
