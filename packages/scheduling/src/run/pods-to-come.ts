import type { ClusterState, Workload } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { isOrdered } from '../predecessor-reason.js';
import { newReplica } from './new-replica.js';
import type { PlanRun } from './plan-run.js';

/** Pods of a workload that have not ended. */
export interface Made {
  pods: number;
  terminating: number;
}

/**
 * Pods that controllers have yet to make, by what they have `made` of each workload: those that they make as soon as they look, and those
 * that an ordered StatefulSet makes one after the other.
 */
export function podsToCome(
  run: PlanRun,
  made: readonly Made[],
): { readonly [K in 'atOnce' | 'inOrder']: IncomingPod[] } {
  const { workloads, takenAtMs } = run.placement.state;
  const atOnce: IncomingPod[] = [];
  const inOrder: IncomingPod[] = [];
  for (const [index, workload] of workloads.entries()) {
    const own = made[index] as Made;
    // One by one: as many as somebody asked for are too many arguments for one call.
    if (isOrdered(workload)) for (const pod of nextInOrder(run, index, own)) inOrder.push(pod);
    else for (const pod of madeAtOnce(run, index, own)) atOnce.push({ ...pod, createdAtMs: takenAtMs });
  }
  return { atOnce, inOrder };
}

/** As many as are missing, of the lowest ordinals that nothing has. */
function nextInOrder(run: PlanRun, index: number, made: Made): IncomingPod[] {
  const { replicas = 0 } = run.placement.state.workloads[index] as Workload;
  return missingOrdinals(run, index, replicas - made.pods);
}

function missingOrdinals(run: PlanRun, index: number, count: number): IncomingPod[] {
  const { state } = run.placement;
  const names = namesOf(state, index);
  const pods: IncomingPod[] = [];
  for (let ordinal = 0, missing = count; missing > 0; ordinal++) {
    if (names.has(`${state.workloads[index]?.name}-${ordinal}`)) continue;
    pods.push(...replicaToCome(run, index, ordinal));
    missing--;
  }
  return pods;
}

/** Controllers make all that is missing within seconds: what an older workload lacks, a quota or a webhook refuses to let be made. */
const justMadeMs = 5 * 60_000;

/** More of one workload are not looked at: somebody may have asked for a million. */
const mostAtOnce = 10_000;

/** Kinds whose controllers make every pod that is missing as soon as they look. */
const makersAtOnce: ReadonlySet<string> = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/**
 * What is missing of the replicas. A status that counts more pods than are seen here counts some whose owner is not known, and
 * without a status nobody knows. A Deployment replaces a pod that is terminating at once, a StatefulSet once it is gone.
 */
function madeAtOnce(run: PlanRun, index: number, made: Made): IncomingPod[] {
  const { state } = run.placement;
  const workload = state.workloads[index] as Workload;
  const { kind, replicas = 0, readyReplicas, updatedReplicas = 0 } = workload;
  if (!makersAtOnce.has(kind) || readyReplicas === undefined || !isNews(workload, state.takenAtMs)) return [];
  const isNamed = kind === 'StatefulSet';
  const seen = isNamed ? made.pods : made.pods - made.terminating;
  const missing = Math.min(mostAtOnce, replicas - Math.max(readyReplicas, updatedReplicas, seen));
  if (isNamed) return missingOrdinals(run, index, missing);
  return Array.from({ length: Math.max(0, missing) }, () => replicaToCome(run, index, 0)).flat();
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
