import type { Subject, Workload, WorkloadRef } from '@cloudoptim/core';
import { ordinalOf } from '../ordinal.js';
import type { PlacedAction } from '../plan-index.js';
import type { PlanRun } from './plan-run.js';

/**
 * Bound pods of a workload in table order. A StatefulSet's are in the order of their ordinals; of others those on their way out do not
 * count any more, and their controllers have made others by now.
 */
export function podsOf({ placement }: PlanRun, index: number): number[] {
  const isStateful = placement.state.workloads[index]?.kind === 'StatefulSet';
  const pods: number[] = [];
  for (const pod of placement.podsOfWorkload(index))
    if (placement.nodeOf(pod) >= 0 && (isStateful || placement.extraOf(pod).deletionAtMs === undefined)) pods.push(pod);
  if (!isStateful) return pods;
  const ordinal = (pod: number) => ordinalOf(placement.nameOf(pod));
  return pods.sort((a, b) => ordinal(a) - ordinal(b));
}

/** Positions in `waiting` of a workload's pods that still wait, in the order of the queue. */
export function waitingOf(run: PlanRun, index: number): readonly number[] {
  return run.waiting.flatMap(({ workload }, position) =>
    workload === index && run.stillWaits(position) ? [position] : [],
  );
}

export interface FoundWorkload {
  readonly index: number;
  readonly workload: Workload;
  readonly subject: Subject;
}

export function workloadOf(run: PlanRun, entry: PlacedAction, ref: WorkloadRef): FoundWorkload | undefined {
  const index = run.workloads.get(`${ref.kind}/${ref.namespace}/${ref.name}`);
  const subject: Subject = { kind: 'workload', workload: ref };
  const workload = index === undefined ? undefined : run.placement.state.workloads[index];
  if (index !== undefined && workload !== undefined) return { index, workload, subject };
  const message = `There is no ${ref.kind} ${ref.namespace}/${ref.name} in the state.`;
  run.report(entry, { code: 'no-such-workload', message }, subject);
  return undefined;
}
