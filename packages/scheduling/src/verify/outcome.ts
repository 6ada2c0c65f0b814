import type { Policy } from '@cloudoptim/core';
import { ownerOfPod } from '../placed-pod.js';
import type { PlanRun } from '../run/plan-run.js';
import type { Refusal } from '../verification.js';
import { refusePlan } from './refuse.js';

/** What the policy asks of the cluster once the plan is done: headroom, and a floor of capacity that is not interrupted. */
export function outcomeRefusals(run: PlanRun, policy: Policy): Refusal[] {
  return [...headroom(run, policy), ...onDemandFloor(run, policy)];
}

function headroom({ placement }: PlanRun, { headroom: { cpuShare, memoryShare } }: Policy): Refusal[] {
  if (cpuShare <= 0 && memoryShare <= 0) return [];
  const free = { cpu: 0, memory: 0 };
  const all = { cpu: 0, memory: 0 };
  for (let node = 0; node < placement.nodeCount; node++) {
    const object = placement.node(node);
    // What nothing can be scheduled on is no headroom.
    if (object === undefined || object.unschedulable === true || !object.ready) continue;
    free.cpu += Math.max(0, placement.freeCpuMillicores(node));
    free.memory += Math.max(0, placement.freeMemoryBytes(node));
    all.cpu += object.allocatable.cpuMillicores;
    all.memory += object.allocatable.memoryBytes;
  }
  const found: Refusal[] = [];
  const cpu = all.cpu === 0 ? 0 : free.cpu / all.cpu;
  const memory = all.memory === 0 ? 0 : free.memory / all.memory;
  if (cpu < cpuShare) found.push(tooLittle('cpu', cpu, cpuShare));
  if (memory < memoryShare) found.push(tooLittle('memory', memory, memoryShare));
  return found;
}

function tooLittle(resource: string, share: number, asked: number): Refusal {
  return refusePlan(
    'headroom',
    `After the plan ${(share * 100).toFixed(1)} % of ${resource} would be free; policy.headroom asks for ${(asked * 100).toFixed(1)} %.`,
    { share, asked },
  );
}

/** Only workloads whose pods the plan moved: what it did not touch it did not make worse. */
function onDemandFloor({ placement, state }: PlanRun, { onDemandFloor: floor }: Policy): Refusal[] {
  if (floor <= 0) return [];
  const moved = new Set<number>();
  for (let pod = placement.state.pods.count; pod < placement.podCount; pod++) moved.add(placement.workloadOf(pod));
  for (const pod of state.pending) moved.add(pod.workload);
  const counts = new Map<number, { all: number; safe: number }>();
  for (let pod = 0; pod < placement.podCount; pod++) {
    const workload = placement.workloadOf(pod);
    const at = placement.nodeOf(pod);
    if (at < 0 || workload < 0 || !moved.has(workload) || ownerOfPod(placement, pod)?.kind === 'DaemonSet') continue;
    const count = counts.get(workload) ?? { all: 0, safe: 0 };
    count.all++;
    const capacity = placement.node(at)?.capacityType;
    if (capacity === 'on-demand' || capacity === 'reserved') count.safe++;
    counts.set(workload, count);
  }
  return [...counts].flatMap(([workload, { all, safe }]) => {
    const object = placement.state.workloads[workload];
    if (safe >= floor * all - 1e-9 || object === undefined) return [];
    const { kind, namespace, name } = object;
    return [
      {
        ...refusePlan(
          'on-demand-floor',
          `${safe} of ${all} pods of ${kind} ${namespace}/${name} would be on on-demand capacity; policy.onDemandFloor asks for ${floor}.`,
          { safe, all, floor },
        ),
        subject: { kind: 'workload' as const, workload: { kind, namespace, name } },
      },
    ];
  });
}
