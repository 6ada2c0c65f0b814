import type { Action, Subject, UpdateStrategy, Workload, WorkloadRef } from '@cloudoptim/core';
import { nodeResourcesFit } from '../filters/node-resources-fit.js';
import type { IncomingPod } from '../incoming-pod.js';
import { ordinalOf } from '../ordinal.js';
import { scaledValue } from '../percent.js';
import type { PlacedAction } from '../plan-index.js';
import { bind, nextOf, scaleAway } from './evict.js';
import { newReplica } from './new-replica.js';
import type { PlanRun } from './plan-run.js';
import { quotaReason } from './quota.js';

type OfKind<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** Changes the number of replicas: the last pods of the table (the highest ordinals) go, new ones look for a place. */
export function scale(run: PlanRun, entry: PlacedAction, ref: WorkloadRef, to: number, from?: number): void {
  const found = workloadOf(run, entry, ref);
  if (found === undefined) return;
  const { index, workload, subject } = found;
  const now = run.state.replicas.get(index) ?? workload.replicas;
  if (from !== undefined && now !== undefined && now !== from)
    run.report(entry, staleReplicas(workload, from, now), subject);
  const pods = podsOf(run, index);
  for (const pod of pods.slice(Math.max(0, to))) scaleAway(run, entry, pod);
  for (let count = pods.length; count < to; count++) addReplica(run, entry, index, subject, count);
  run.toWrite.replicas.set(index, to);
}

/** Pods that an action scales away, as the state stands. */
export function scaledAway(run: PlanRun, action: Action): readonly number[] {
  if (action.kind !== 'scale-workload' && action.kind !== 'suspend-workload') return [];
  const { kind, namespace, name } = action.workload;
  const index = run.workloads.get(`${kind}/${namespace}/${name}`);
  if (index === undefined || kind === 'CronJob') return [];
  return podsOf(run, index).slice(action.kind === 'suspend-workload' ? 0 : Math.max(0, action.to));
}

/** Zero replicas, or a Job or CronJob that makes no more pods. */
export function suspend(run: PlanRun, entry: PlacedAction, ref: WorkloadRef): void {
  const found = workloadOf(run, entry, ref);
  if (found === undefined) return;
  if (found.workload.kind !== 'CronJob') {
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
  for (let count = action.from; count < action.to; count++) addReplica(run, entry, index, subject, count);
  for (const pod of old.slice(0, action.to - action.from)) run.placement.remove(pod);
}

/**
 * New requests (or preferences) for a workload's pods. In place, each pod must find the room on its own node; else the pods
 * are rolled out as the strategy says, each new one finding its place before, or where surge is not allowed after, an old one goes.
 */
export function resize(run: PlanRun, entry: PlacedAction, action: OfKind<'resize-workload' | 'prefer-capacity'>): void {
  const found = workloadOf(run, entry, action.workload);
  const template = run.planned.byAction.get(action.id);
  if (found === undefined || template === undefined) return;
  const { index, workload, subject } = found;
  run.toWrite.templates.set(index, template);
  const pods = podsOf(run, index);
  if (action.kind === 'resize-workload' && action.method === 'in-place')
    resizeInPlace(run, entry, pods, template, subject);
  else rollOut(run, entry, pods, template, workload, subject);
}

function resizeInPlace(
  run: PlanRun,
  entry: PlacedAction,
  pods: readonly number[],
  template: number,
  subject: Subject,
): void {
  const { placement } = run;
  for (const pod of pods) {
    const node = placement.nodeOf(pod);
    const mark = placement.mark();
    const { occupies: _, ...extra } = placement.extraOf(pod);
    const resized: IncomingPod = {
      template,
      workload: placement.workloadOf(pod),
      name: placement.nameOf(pod),
      createdAtMs: placement.createdAtMsOf(pod),
      ...(Object.keys(extra).length === 0 ? {} : { extra }),
    };
    placement.remove(pod);
    const refused = nodeResourcesFit(placement.facts(resized), node, placement);
    if (refused === undefined) {
      placement.place(resized, node);
      continue;
    }
    placement.rollback(mark);
    run.report(
      entry,
      {
        code: 'resize-does-not-fit',
        message: `Pod ${placement.nameOf(pod)} cannot be resized where it is: ${refused.join(', ')}.`,
      },
      subject,
    );
  }
}

function rollOut(
  run: PlanRun,
  entry: PlacedAction,
  pods: readonly number[],
  template: number,
  workload: Workload,
  subject: Subject,
): void {
  const { placement } = run;
  const { surge, unavailable } = rolloutRoom(workload, pods.length);
  for (const pod of pods) {
    const next = nextOf(run, pod);
    if (!('template' in next)) continue;
    const successor: IncomingPod = { ...next, template };
    const mark = placement.mark();
    // A surge needs room, and a quota that allows one more, while the old pod is still there.
    const fitsBeside =
      surge > 0 && quotaReason(run, successor) === undefined && run.options.choose(successor, []) !== -1;
    if (!fitsBeside) placement.remove(pod);
    const node = run.options.choose(successor, []);
    if (node === -1 || (!fitsBeside && unavailable === 0)) {
      placement.rollback(mark);
      run.report(
        entry,
        {
          code: 'rollout-surge-does-not-fit',
          message: `Rolling out ${workload.kind} ${workload.namespace}/${workload.name} gets stuck: a new pod finds no place beside the old ones (maxSurge ${surge}, maxUnavailable ${unavailable}).`,
          numbers: { surge, unavailable },
        },
        subject,
      );
      return;
    }
    placement.place(successor, node);
    if (fitsBeside) placement.remove(pod);
  }
}

/** How many pods a rollout may have too many or too few; a StatefulSet replaces one at a time, Recreate all at once. */
function rolloutRoom({ kind, strategy }: Workload, replicas: number): { surge: number; unavailable: number } {
  if (kind === 'StatefulSet') return { surge: 0, unavailable: 1 };
  const { type, maxSurge = '25%', maxUnavailable = '25%' }: UpdateStrategy = strategy ?? { type: 'RollingUpdate' };
  if (type === 'Recreate') return { surge: 0, unavailable: replicas };
  const surge = scaledValue(maxSurge, replicas, 'up') ?? 0;
  const unavailable = scaledValue(maxUnavailable, replicas, 'down') ?? 0;
  // As the Deployment controller does, or else nothing could ever move.
  return surge === 0 && unavailable === 0 ? { surge: 0, unavailable: 1 } : { surge, unavailable };
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

function addReplica(run: PlanRun, entry: PlacedAction, index: number, subject: Subject, ordinal: number): void {
  const pod = newReplica(run, index, ordinal);
  if (pod === undefined) {
    const workload = run.placement.state.workloads[index] as Workload;
    const message = `The template of ${workload.kind} ${workload.namespace}/${workload.name} is not known.`;
    run.report(entry, { code: 'unknown-successor', message }, subject);
    return;
  }
  const quota = quotaReason(run, pod);
  if (quota !== undefined) run.report(entry, quota, subject);
  const bound = bind(run, entry, pod, () => subject);
  if (bound !== -1) run.ready(bound);
}

/** Bound pods of a workload in table order. A StatefulSet's are in the order of their ordinals. */
export function podsOf({ placement }: PlanRun, index: number): number[] {
  const pods: number[] = [];
  for (let pod = 0; pod < placement.podCount; pod++)
    if (placement.workloadOf(pod) === index && placement.nodeOf(pod) >= 0) pods.push(pod);
  if (placement.state.workloads[index]?.kind !== 'StatefulSet') return pods;
  const ordinal = (pod: number) => ordinalOf(placement.nameOf(pod));
  return pods.sort((a, b) => ordinal(a) - ordinal(b));
}

function workloadOf(run: PlanRun, entry: PlacedAction, ref: WorkloadRef) {
  const index = run.workloads.get(`${ref.kind}/${ref.namespace}/${ref.name}`);
  const subject: Subject = { kind: 'workload', workload: ref };
  const workload = index === undefined ? undefined : run.placement.state.workloads[index];
  if (index !== undefined && workload !== undefined) return { index, workload, subject };
  const message = `There is no ${ref.kind} ${ref.namespace}/${ref.name} in the state.`;
  run.report(entry, { code: 'no-such-workload', message }, subject);
  return undefined;
}

function staleReplicas({ kind, namespace, name }: Workload, from: number, now: number) {
  return {
    code: 'facts-differ',
    message: `${kind} ${namespace}/${name} has ${now} replicas at that step, not ${from}.`,
    numbers: { from, now },
  };
}
