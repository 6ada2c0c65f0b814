import type { ClusterState, HorizontalPodAutoscaler, Reason, Workload } from '@cloudoptim/core';
import { workloadIndex } from './resized-templates.js';

/** Why a workload must not be disturbed right now because its controllers are busy with it. */
export function busyReason(workload: Workload, autoscalers: readonly HorizontalPodAutoscaler[]): Reason | undefined {
  const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
  const moving = autoscalers.find(
    ({ currentReplicas, desiredReplicas }) =>
      currentReplicas !== undefined && desiredReplicas !== undefined && currentReplicas !== desiredReplicas,
  );
  if (moving !== undefined)
    return {
      code: 'hpa-moving',
      message: `The HorizontalPodAutoscaler ${moving.namespace}/${moving.name} is changing the replicas of ${name}; wait until it has.`,
      numbers: { current: moving.currentReplicas as number, desired: moving.desiredReplicas as number },
    };
  // A paused rollout that stopped half-way leaves two revisions; which of them a successor gets is not ours to guess.
  const halfway =
    workload.rollout === 'paused' &&
    workload.updatedReplicas !== undefined &&
    workload.replicas !== undefined &&
    workload.updatedReplicas !== workload.replicas;
  if (workload.rollout === 'in-progress' || halfway)
    return {
      code: 'rollout-in-progress',
      message: `${name} is being rolled out; moving its pods now could take it below what its strategy allows.`,
      numbers: { replicas: workload.replicas ?? 0, updated: workload.updatedReplicas ?? 0 },
    };
  return undefined;
}

const autoscalersOf = new WeakMap<ClusterState, ReadonlyMap<number, readonly HorizontalPodAutoscaler[]>>();

/** The autoscalers of each workload, by its index in the state. Worked out once: each pod that is evicted asks. */
export function autoscalersByWorkload(state: ClusterState): ReadonlyMap<number, readonly HorizontalPodAutoscaler[]> {
  let found = autoscalersOf.get(state);
  if (found === undefined) {
    found = groupedByWorkload(state);
    autoscalersOf.set(state, found);
  }
  return found;
}

function groupedByWorkload(state: ClusterState): ReadonlyMap<number, readonly HorizontalPodAutoscaler[]> {
  const index = workloadIndex(state);
  const found = new Map<number, HorizontalPodAutoscaler[]>();
  for (const autoscaler of state.horizontalPodAutoscalers) {
    const at = index.get(`${autoscaler.target.kind}/${autoscaler.namespace}/${autoscaler.target.name}`);
    if (at === undefined) continue;
    const list = found.get(at);
    if (list === undefined) found.set(at, [autoscaler]);
    else list.push(autoscaler);
  }
  return found;
}
