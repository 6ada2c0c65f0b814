import type { Action, Subject, Workload, WorkloadRef } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import { ordinalOf } from '../ordinal.js';
import type { PlacedAction } from '../plan-index.js';
import { isOrdered } from '../predecessor-reason.js';
import { bind, noPlace, scaleAway, waitForNode } from './evict.js';
import { newReplica } from './new-replica.js';
import type { PlanRun } from './plan-run.js';
import { quotaReason } from './quota.js';
import { endInOrder, findsPlace, hasOrdinals, madeByThen, mayScale } from './scale-order.js';
import { type FoundWorkload, podsOf, waitingOf, workloadOf } from './workload-pods.js';

type OfKind<K extends Action['kind']> = Extract<Action, { kind: K }>;

/**
 * Changes the number of replicas. Who goes is as controllers have it: the highest ordinals of a StatefulSet
 * (pkg/controller/statefulset/stateful_set_control.go), else pods without a node before those with one (ActivePodsWithRanks in
 * pkg/controller/controller_utils.go). On the way up all that are wanted need a place. On the way down nobody waits for a pod that had none
 * before, except a StatefulSet that goes in order: before all that stay are Ready it ends none.
 */
export function scale(run: PlanRun, entry: PlacedAction, ref: WorkloadRef, to: number, from?: number): void {
  const found = workloadOf(run, entry, ref);
  if (found === undefined) return;
  const { index, workload, subject } = found;
  const now = run.state.replicas.get(index) ?? workload.replicas;
  if (from !== undefined && now !== undefined && now !== from)
    run.report(entry, staleReplicas(workload, from, now), subject);
  const isUp = now === undefined || to > now;
  if (isOrdered(workload)) scaleInOrder(run, entry, found, to, isUp);
  else scaleAtOnce(run, entry, found, to, isUp);
  run.toWrite.replicas.set(index, to);
}

function scaleInOrder(run: PlanRun, entry: PlacedAction, found: FoundWorkload, to: number, isUp: boolean): void {
  const { index } = found;
  askQuotas(run, entry, found, to);
  const made = madeByThen(run, index);
  if (isUp || !hasOrdinals(run, index, made, to)) {
    if (!mayScale(run, entry, found, to)) return;
    fill(run, entry, found, to, true);
    if (!endInOrder(run, entry, found, made, to)) return;
  }
  // Those that are yet to be made never are.
  for (const position of unwanted(run, index, 0, to)) run.toWrite.dropped.add(position);
}

function scaleAtOnce(run: PlanRun, entry: PlacedAction, found: FoundWorkload, to: number, needsAll: boolean): void {
  const { index } = found;
  const bound = podsOf(run, index);
  for (const position of unwanted(run, index, bound.length, to)) run.toWrite.dropped.add(position);
  askQuotas(run, entry, found, to);
  for (const pod of goingOf(run, index, bound, to)) scaleAway(run, entry, pod);
  fill(run, entry, found, to, needsAll);
}

/** Of the pods that have a node. */
function goingOf({ placement }: PlanRun, index: number, bound: readonly number[], to: number): readonly number[] {
  if (placement.state.workloads[index]?.kind !== 'StatefulSet') return bound.slice(Math.max(0, to));
  return bound.filter((pod) => ordinalOf(placement.nameOf(pod)) >= to);
}

/** Of the pods that have none, by their positions: the youngest go first, where ordinals do not say it. */
function unwanted(run: PlanRun, index: number, bound: number, to: number): readonly number[] {
  const positions = waitingOf(run, index);
  if (run.placement.state.workloads[index]?.kind !== 'StatefulSet') return positions.slice(Math.max(0, to - bound));
  return positions.filter((position) => ordinalOf(run.waiting[position]?.name ?? '') >= to);
}

/** Makes the pods that are missing of a number as far as quotas let it, and where all are needed gives them and those that wait a place. */
function fill(run: PlanRun, entry: PlacedAction, found: FoundWorkload, to: number, needsAll: boolean): void {
  const { index, workload, subject } = found;
  const { placement, waiting } = run;
  const [bound, positions] = [podsOf(run, index), waitingOf(run, index)];
  const add = (ordinal: number) => {
    const pod = letIn(run, entry, index, subject, ordinal);
    if (pod !== undefined && needsAll) addReplica(run, entry, pod, subject);
  };
  const isOver = (position: number) => ordinalOf(waiting[position]?.name ?? '') >= to;
  if (needsAll)
    for (const position of positions)
      if (workload.kind !== 'StatefulSet' || !isOver(position)) placeWaiting(run, entry, position, found);
  if (workload.kind !== 'StatefulSet') {
    for (let count = bound.length + positions.length; count < to; count++) add(count);
    return;
  }
  const names = new Set<string | undefined>(bound.map((pod) => placement.nameOf(pod)));
  for (const position of positions) names.add(waiting[position]?.name);
  for (let ordinal = 0; ordinal < to; ordinal++) if (!names.has(`${workload.name}-${ordinal}`)) add(ordinal);
}

/** A pod that waited before: where it finds no place it waits as it did. */
function placeWaiting(run: PlanRun, entry: PlacedAction, position: number, found: FoundWorkload): void {
  const pod = run.waiting[position];
  if (pod === undefined || findsPlace(run, entry, position, found)) return;
  run.report(entry, noPlace(run.placement.facts(pod), found.subject), found.subject);
}

/** Whether quotas let one be made that is yet to come, and so each of them: they are alike. Those that are there were let in. */
function askQuotas(run: PlanRun, entry: PlacedAction, { index, subject }: FoundWorkload, to: number): void {
  const pod = waitingOf(run, index)
    .map((position) => run.waiting[position])
    .find((one) => one?.row === undefined && !(ordinalOf(one?.name ?? '') >= to));
  const quota = pod === undefined ? undefined : quotaReason(run, pod);
  if (quota !== undefined) run.report(entry, quota, subject);
}

/** Pods that an action scales away, as the state stands. */
export function scaledAway(run: PlanRun, action: Action): readonly number[] {
  if (action.kind !== 'scale-workload' && action.kind !== 'suspend-workload') return [];
  const { kind, namespace, name } = action.workload;
  const index = run.workloads.get(`${kind}/${namespace}/${name}`);
  if (index === undefined || kind === 'CronJob') return [];
  return goingOf(run, index, podsOf(run, index), action.kind === 'suspend-workload' ? 0 : action.to);
}

/** Zero replicas, or a Job or CronJob that makes no more pods. */
export function suspend(run: PlanRun, entry: PlacedAction, ref: WorkloadRef): void {
  const found = workloadOf(run, entry, ref);
  if (found === undefined) return;
  if (found.workload.kind !== 'CronJob') {
    for (const position of waitingOf(run, found.index)) run.toWrite.dropped.add(position);
    for (const pod of podsOf(run, found.index)) scaleAway(run, entry, pod);
    if (found.workload.kind !== 'Job') run.toWrite.replicas.set(found.index, 0);
  }
  run.toWrite.suspended.set(found.index, true);
}

export function resume(run: PlanRun, entry: PlacedAction, ref: WorkloadRef, replicas: number | undefined): void {
  const found = workloadOf(run, entry, ref);
  if (found === undefined) return;
  run.toWrite.suspended.set(found.index, false);
  if (replicas !== undefined) scale(run, entry, ref, replicas);
}

/** One pod more, Ready, then the old one on the node goes, by scaling down and not by eviction. */
export function surge(run: PlanRun, entry: PlacedAction, action: OfKind<'surge-workload'>): void {
  const found = workloadOf(run, entry, action.workload);
  const node = run.resolve(action.node);
  if (found === undefined) return;
  const { index, workload, subject } = found;
  const now = run.state.replicas.get(index) ?? workload.replicas;
  if (now !== undefined && now !== action.from) run.report(entry, staleReplicas(workload, action.from, now), subject);
  const old = podsOf(run, index).filter((pod) => run.placement.nodeOf(pod) === node);
  fill(run, entry, found, action.to, true);
  for (const pod of old.slice(0, action.to - action.from)) run.placement.remove(pod);
}

export function setBounds(run: PlanRun, entry: PlacedAction, action: OfKind<'set-autoscaler-bounds'>): void {
  const { horizontalPodAutoscalers, workloads } = run.placement.state;
  const { kind, namespace, name } = action.autoscaler;
  const at = run.placement.lookups.autoscalerIndex(namespace, name);
  if (kind !== 'HorizontalPodAutoscaler' || at === -1) {
    const message = `There is no ${kind} ${namespace}/${name} in the state.`;
    run.report(entry, { code: 'no-such-autoscaler', message }, { kind: 'object', objectKind: kind, namespace, name });
    return;
  }
  const { minReplicas, maxReplicas } = action;
  run.toWrite.autoscalers.set(at, { minReplicas, maxReplicas });
  const target = horizontalPodAutoscalers[at]?.target as WorkloadRef;
  const index = run.workloads.get(`${target.kind}/${target.namespace}/${target.name}`);
  const now = index === undefined ? undefined : (run.state.replicas.get(index) ?? workloads[index]?.replicas);
  // An autoscaler leaves a workload at zero alone, and brings any other within its bounds.
  if (now === undefined || now === 0) return;
  const within = Math.min(Math.max(now, minReplicas), maxReplicas);
  if (within !== now) scale(run, entry, target, within);
}

/** The next pod of a workload; what keeps its controller from making it is reported. */
function letIn(run: PlanRun, entry: PlacedAction, index: number, subject: Subject, ordinal: number) {
  const pod = newReplica(run, index, ordinal);
  if (pod === undefined) {
    const workload = run.placement.state.workloads[index] as Workload;
    const message = `The template of ${workload.kind} ${workload.namespace}/${workload.name} is not known.`;
    run.report(entry, { code: 'unknown-successor', message }, subject);
    return undefined;
  }
  const quota = quotaReason(run, pod);
  if (quota !== undefined) run.report(entry, quota, subject);
  return pod;
}

function addReplica(run: PlanRun, entry: PlacedAction, pod: IncomingPod, subject: Subject): void {
  const bound = bind(run, entry, pod, () => subject);
  if (bound === -1) waitForNode(run, entry, pod, subject);
  else run.ready(bound);
}

function staleReplicas({ kind, namespace, name }: Workload, from: number, now: number) {
  return {
    code: 'facts-differ',
    message: `${kind} ${namespace}/${name} has ${now} replicas at that step, not ${from}.`,
    numbers: { from, now },
  };
}
