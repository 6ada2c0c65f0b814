import { type ClusterState, isTerminal, isTerminating, podExtra, type Workload } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { queueOrder } from '../queue-order.js';
import { newReplica } from './new-replica.js';
import type { PlanRun } from './plan-run.js';

/**
 * Pods that have no node before the plan, in the order of the scheduling queue: they take the room that a plan makes, and it
 * is no longer there for the pods that the plan moves. Among them are those that controllers have yet to make: an ordered StatefulSet
 * once the pod before has its place, others at any moment after they were made or changed.
 */
export function waitingPods(run: PlanRun): readonly IncomingPod[] {
  const { state } = run.placement;
  const pods: IncomingPod[] = [];
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
      template: state.pods.template[pod] as number,
      workload,
      name: state.pods.name[pod] as string,
      createdAtMs: (state.pods.createdAtSeconds[pod] as number) * 1_000,
      ...(Object.keys(extra).length > 0 && { extra }),
    });
  }
  const inOrder: IncomingPod[] = [];
  for (const [index, workload] of state.workloads.entries()) {
    const own = made[index] as Made;
    if (workload.kind === 'StatefulSet' && workload.podManagement !== 'Parallel')
      inOrder.push(...nextInOrder(run, index, own));
    else for (const pod of madeAtOnce(run, index, own)) pods.push({ ...pod, createdAtMs: state.takenAtMs });
  }
  return [...queueOrder(pods, state).map((position) => pods[position] as IncomingPod), ...inOrder];
}

/** Pods of a workload that have not ended. */
interface Made {
  pods: number;
  terminating: number;
}

/** More than these of one workload fill no more of what a plan makes free; somebody may have asked for a million. */
const mostToCome = 10_000;

function nextInOrder(run: PlanRun, index: number, made: Made): IncomingPod[] {
  const { replicas = 0 } = run.placement.state.workloads[index] as Workload;
  const pods: IncomingPod[] = [];
  const last = Math.min(replicas, made.pods + mostToCome);
  for (let ordinal = made.pods; ordinal < last; ordinal++) pods.push(...replicaToCome(run, index, ordinal));
  return pods;
}

/** Controllers make all that is missing within seconds: what an older workload lacks, a quota or a webhook refuses to let be made. */
const justMadeMs = 5 * 60_000;

/** Kinds whose controllers make every pod that is missing as soon as they look. */
const makersAtOnce: ReadonlySet<string> = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/**
 * What is missing of the replicas. A status that counts more pods than are seen here counts some whose owner is not known, and
 * without a status nobody knows. A Deployment replaces a pod that is terminating at once, a StatefulSet once it is gone.
 */
function madeAtOnce(run: PlanRun, index: number, made: Made): IncomingPod[] {
  const { state } = run.placement;
  const workload = state.workloads[index] as Workload;
  const { kind, name, replicas = 0, readyReplicas, updatedReplicas = 0 } = workload;
  if (!makersAtOnce.has(kind) || readyReplicas === undefined || !isNews(workload, state.takenAtMs)) return [];
  const isNamed = kind === 'StatefulSet';
  const seen = isNamed ? made.pods : made.pods - made.terminating;
  let missing = Math.min(mostToCome, replicas - Math.max(readyReplicas, updatedReplicas, seen));
  if (missing <= 0) return [];
  const names = isNamed ? namesOf(state, index) : undefined;
  const pods: IncomingPod[] = [];
  for (let ordinal = 0; missing > 0; ordinal++) {
    if (names?.has(`${name}-${ordinal}`)) continue;
    pods.push(...replicaToCome(run, index, ordinal));
    missing--;
  }
  return pods;
}

/** Whether its controller may not have looked yet at what is asked for. */
function isNews({ createdAtMs = 0, generation = 0, observedGeneration = 0 }: Workload, now: number): boolean {
  return observedGeneration < generation || now - createdAtMs < justMadeMs;
}

function namesOf({ pods }: ClusterState, workload: number): ReadonlySet<string> {
  return new Set(pods.name.filter((_, pod) => pods.workload[pod] === workload));
}

/** None when the template is not known. */
function replicaToCome(run: PlanRun, index: number, ordinal: number): IncomingPod[] {
  const pod = newReplica(run, index, ordinal);
  return pod === undefined ? [] : [withKnownClaims(run, pod)];
}

/** Claims that are made with the pod do not keep it off any node that is known of: it competes everywhere. */
function withKnownClaims({ placement }: PlanRun, pod: IncomingPod): IncomingPod {
  const namespace = placement.state.podTemplates[pod.template]?.namespace ?? '';
  const { claims, ...extra } = pod.extra ?? {};
  const known = (claims ?? []).filter((claim) => placement.lookups.claim(namespace, claim) !== undefined);
  return { ...pod, extra: known.length === 0 ? extra : { ...extra, claims: known } };
}
