import { type ClusterState, isReady, isTerminating, type Reason, type Workload } from '@cloudoptim/core';
import { ordinalOf } from './ordinal.js';

/**
 * Why nothing would bring back this pod of a StatefulSet: one with a lower ordinal has no node or is not Ready, and with podManagementPolicy
 * OrderedReady the controller makes no pod before all that precede it are (processReplica and `monotonic` in
 * pkg/controller/statefulset/stateful_set_control.go). Pods that a plan moves are no such predecessors: they come back first.
 */
export function predecessorReason(state: ClusterState, index: number, pod: string): Reason | undefined {
  const workload = state.workloads[index];
  if (workload === undefined || !isOrdered(workload)) return undefined;
  const first = firstWaiting(state).get(index);
  if (first === undefined || ordinalOf(pod) <= ordinalOf(first)) return undefined;
  const { namespace, name } = workload;
  return {
    code: 'predecessor-not-ready',
    message: `Pod ${namespace}/${pod} would not come back: StatefulSet ${name} makes its pods in order, and ${first} is not Ready. Get that one to run first.`,
  };
}

/** Whether a StatefulSet makes and ends its pods one by one. */
export function isOrdered({ kind, podManagement }: Pick<Workload, 'kind' | 'podManagement'>): boolean {
  return kind === 'StatefulSet' && podManagement !== 'Parallel';
}

const found = new WeakMap<ClusterState, ReadonlyMap<number, string>>();

/** By workload, the pod of the lowest ordinal that is not Ready. Worked out once: each pod of a StatefulSet asks. */
function firstWaiting(state: ClusterState): ReadonlyMap<number, string> {
  const known = found.get(state);
  if (known !== undefined) return known;
  const first = new Map<number, string>();
  for (let pod = 0; pod < state.pods.count; pod++) {
    const index = state.pods.workload[pod] as number;
    const workload = state.workloads[index];
    if (workload === undefined || !isOrdered(workload) || isRunning(state, pod)) continue;
    const name = state.pods.name[pod] as string;
    const other = first.get(index);
    if (other === undefined || ordinalOf(name) < ordinalOf(other)) first.set(index, name);
  }
  found.set(state, first);
  return first;
}

function isRunning(state: ClusterState, pod: number): boolean {
  return isReady(state, pod) && !isTerminating(state, pod);
}
