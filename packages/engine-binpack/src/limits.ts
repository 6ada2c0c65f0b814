import { isTerminal, type Policy, type Reason } from '@cloudoptim/core';
import type { WorkingCluster } from './working-cluster.js';

/** What the policy wants of the cluster once a plan is done. Returns the first limit that the working cluster breaks. */
export function brokenLimit(cluster: WorkingCluster, { headroom }: Policy, floor: OnDemandFloor): Reason | undefined {
  if (headroom.cpuShare > 0 || headroom.memoryShare > 0) {
    const free = freeShares(cluster);
    if (free.cpu < headroom.cpuShare || free.memory < headroom.memoryShare) {
      return {
        code: 'headroom',
        message: `Without this node less than ${percent(headroom.cpuShare)} of CPU or ${percent(headroom.memoryShare)} of memory would stay free in the cluster (policy.headroom).`,
        numbers: { cpuShare: headroom.cpuShare, memoryShare: headroom.memoryShare },
      };
    }
  }
  return floor.broken(cluster);
}

/** Watches that workloads keep their share of pods on on-demand (or reserved) nodes. */
export interface OnDemandFloor {
  broken(cluster: WorkingCluster): Reason | undefined;
}

/** `policy.onDemandFloor`, held against today: a workload that is below already must not sink further. */
export function createOnDemandFloor(cluster: WorkingCluster, share: number): OnDemandFloor {
  if (share <= 0) return { broken: () => undefined };
  const today = onDemandShares(cluster);
  return {
    broken(now) {
      // Without spot nobody's share can sink, and to see that takes all pods, at each removal.
      if (!hasSpot(now)) return undefined;
      for (const [workload, after] of onDemandShares(now)) {
        const least = Math.min(share, today.get(workload) ?? 1);
        if (after < least - 1e-9) {
          const { namespace, name } = now.state.workloads[workload] ?? { namespace: '', name: '' };
          return {
            code: 'on-demand-floor',
            message: `Too few pods of ${namespace}/${name} would stay on on-demand nodes: policy.onDemandFloor asks for ${percent(share)}.`,
            numbers: { share: after, floor: share },
          };
        }
      }
      return undefined;
    },
  };
}

function hasSpot({ placement }: WorkingCluster): boolean {
  for (let node = 0; node < placement.nodeCount; node++) if (placement.node(node)?.capacityType === 'spot') return true;
  return false;
}

function onDemandShares({ state, placement }: WorkingCluster): Map<number, number> {
  const counts = new Map<number, { all: number; stable: number }>();
  for (let pod = 0; pod < placement.podCount; pod++) {
    const node = placement.nodeOf(pod);
    const workload = placement.workloadOf(pod);
    if (node < 0 || workload < 0 || (pod < state.pods.count && isTerminal(state, pod))) continue;
    if (state.workloads[workload]?.kind === 'DaemonSet') continue;
    const count = counts.get(workload) ?? { all: 0, stable: 0 };
    count.all++;
    if (placement.node(node)?.capacityType !== 'spot') count.stable++;
    counts.set(workload, count);
  }
  return new Map([...counts].map(([workload, { all, stable }]) => [workload, stable / all]));
}

function freeShares({ placement, isOpen }: WorkingCluster): { readonly cpu: number; readonly memory: number } {
  let [cpu, memory, cpuTotal, memoryTotal] = [0, 0, 0, 0];
  for (let index = 0; index < placement.nodeCount; index++) {
    const node = placement.node(index);
    if (node === undefined || !isOpen(index) || node.unschedulable === true || !node.ready) continue;
    const free = placement.free(index);
    cpu += Math.max(0, free.cpuMillicores);
    memory += Math.max(0, free.memoryBytes);
    cpuTotal += node.allocatable.cpuMillicores;
    memoryTotal += node.allocatable.memoryBytes;
  }
  return { cpu: cpuTotal > 0 ? cpu / cpuTotal : 1, memory: memoryTotal > 0 ? memory / memoryTotal : 1 };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
