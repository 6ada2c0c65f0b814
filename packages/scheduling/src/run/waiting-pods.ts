import { isTerminal, isTerminating, podExtra } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { queueOrder } from '../queue-order.js';
import { newReplica } from './new-replica.js';
import type { PlanRun } from './plan-run.js';

/**
 * Pods that have no node before the plan, in the order of the scheduling queue: they take the room that a plan makes, and it
 * is no longer there for the pods that the plan moves. Among them are those that an ordered StatefulSet has yet to make, once
 * the pod before has its place.
 */
export function waitingPods(run: PlanRun): readonly IncomingPod[] {
  const { state } = run.placement;
  const pods: IncomingPod[] = [];
  const count = state.workloads.map(() => 0);
  for (let pod = 0; pod < state.pods.count; pod++) {
    if (isTerminal(state, pod)) continue;
    const workload = state.pods.workload[pod] as number;
    if (workload >= 0) count[workload] = (count[workload] as number) + 1;
    if (state.pods.node[pod] !== -1 || isTerminating(state, pod)) continue;
    const extra = podExtra(state, pod);
    pods.push({
      template: state.pods.template[pod] as number,
      workload,
      name: state.pods.name[pod] as string,
      createdAtMs: (state.pods.createdAtSeconds[pod] as number) * 1_000,
      ...(Object.keys(extra).length > 0 && { extra }),
    });
  }
  const order = queueOrder(pods, state);
  const queue = order.map((position) => pods[position] as IncomingPod);
  for (const [index, { kind, podManagement, replicas = 0 }] of state.workloads.entries()) {
    if (kind !== 'StatefulSet' || podManagement === 'Parallel') continue;
    for (let ordinal = count[index] as number; ordinal < replicas; ordinal++) {
      const pod = newReplica(run, index, ordinal);
      if (pod !== undefined) queue.push(withKnownClaims(run, pod));
    }
  }
  return queue;
}

/** Claims that are made with the pod do not keep it off any node that is known of: it competes everywhere. */
function withKnownClaims({ placement }: PlanRun, pod: IncomingPod): IncomingPod {
  const namespace = placement.state.podTemplates[pod.template]?.namespace ?? '';
  const { claims, ...extra } = pod.extra ?? {};
  const known = (claims ?? []).filter((claim) => placement.lookups.claim(namespace, claim) !== undefined);
  return { ...pod, extra: known.length === 0 ? extra : { ...extra, claims: known } };
}
