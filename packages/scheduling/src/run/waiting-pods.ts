import { isTerminal, isTerminating, podExtra } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { queueOrder } from '../queue-order.js';
import type { PlanRun } from './plan-run.js';
import { type Made, podsToCome } from './pods-to-come.js';

/** A pod without a node. */
export interface WaitingPod extends IncomingPod {
  /** Its index in the state; none for one that is yet to be made. */
  readonly row?: number;
}

/**
 * Pods that have no node before the plan, in the order of the scheduling queue: they take the room that a plan makes, and it
 * is no longer there for the pods that the plan moves. Among them are those that controllers have yet to make: an ordered StatefulSet
 * once the pod before has its place, others at any moment after they were made or changed.
 */
export function waitingPods(run: PlanRun): readonly WaitingPod[] {
  const { state } = run.placement;
  const pods: WaitingPod[] = [];
  const made = state.workloads.map((): Made => ({ pods: 0, terminating: 0 }));
  for (let pod = 0; pod < state.pods.count; pod++) {
    if (isTerminal(state, pod)) continue;
    const workload = state.pods.workload[pod] as number;
    const own = made[workload];
    const terminates = isTerminating(state, pod);
    if (own !== undefined) own.pods++;
    if (own !== undefined && terminates) own.terminating++;
    if (state.pods.node[pod] !== -1 || terminates) continue;
    const extra = podExtra(state, pod);
    pods.push({
      row: pod,
      template: state.pods.template[pod] as number,
      workload,
      name: state.pods.name[pod] as string,
      createdAtMs: (state.pods.createdAtSeconds[pod] as number) * 1_000,
      ...(Object.keys(extra).length > 0 && { extra }),
    });
  }
  const { atOnce, inOrder } = podsToCome(run, made);
  const now = [...pods, ...atOnce];
  return [...queueOrder(now, state).map((position) => now[position] as WaitingPod), ...inOrder];
}
