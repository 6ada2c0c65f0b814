import type { HorizontalPodAutoscaler, Reason, Workload } from '@cloudoptim/core';

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

/** The autoscalers of each workload, by its index in the state. */
export function autoscalersByWorkload(
  workloads: readonly Workload[],
  autoscalers: readonly HorizontalPodAutoscaler[],
): ReadonlyMap<number, readonly HorizontalPodAutoscaler[]> {
  const index = new Map(workloads.map(({ kind, namespace, name }, at) => [`${kind}/${namespace}/${name}`, at]));
  const found = new Map<number, HorizontalPodAutoscaler[]>();
  for (const autoscaler of autoscalers) {
    const at = index.get(`${autoscaler.target.kind}/${autoscaler.namespace}/${autoscaler.target.name}`);
    if (at === undefined) continue;
    const list = found.get(at);
    if (list === undefined) found.set(at, [autoscaler]);
    else list.push(autoscaler);
  }
  return found;
}
