import { ordinalOf } from '../ordinal.js';
import { isPodReady } from '../placed-pod.js';
import type { PlacedAction } from '../plan-index.js';
import { bindWaiting } from './bind-waiting.js';
import { bind, scaleAway } from './evict.js';
import type { PlanRun } from './plan-run.js';
import { type FoundWorkload, podsOf, waitingOf } from './workload-pods.js';

/**
 * Whether nothing that stays keeps a StatefulSet that goes in order from coming to a number of replicas: it neither makes nor ends any while
 * one of those is not Ready (processReplica in pkg/controller/statefulset/stateful_set_control.go). Those without a node are for the
 * scheduler to tell. What does is reported.
 */
export function mayScale(run: PlanRun, entry: PlacedAction, found: FoundWorkload, to: number): boolean {
  const [first] = bound(run, found.index).filter(({ ordinal, isReady }) => ordinal < to && !isReady);
  if (first === undefined) return true;
  report(run, entry, found, to, first.name);
  return false;
}

/** Whether a StatefulSet has just the pods of a number of replicas: then nothing is to be done, whatever state they are in. */
export function hasOrdinals(run: PlanRun, index: number, made: Made, count: number): boolean {
  const there = ownPods(run, index, made);
  return there.length === count && there.every(({ ordinal }) => ordinal < count);
}

/**
 * Ends those that a StatefulSet in order has too many, the highest first. One that is not Ready is ended only where no other is before it
 * (processCondemned), and each that goes may leave its room to one that waits. False where that ends before all are gone, which is reported.
 */
export function endInOrder(run: PlanRun, entry: PlacedAction, found: FoundWorkload, made: Made, to: number): boolean {
  let own = ownPods(run, found.index, made);
  for (;;) {
    const last = own[own.length - 1];
    if (last === undefined || last.ordinal < to) return true;
    const first = own.find(({ isReady }) => !isReady);
    if (first !== undefined && first !== last && !last.isReady) {
      if (![first, last].some((one) => 'position' in one && findsPlace(run, entry, one.position, found))) {
        report(run, entry, found, to, first.name);
        return false;
      }
      own = ownPods(run, found.index, made);
      continue;
    }
    if ('pod' in last) scaleAway(run, entry, last.pod);
    else run.toWrite.dropped.add(last.position);
    own.pop();
    const waited = run.waitingCount;
    bindWaiting(run, { made: 'room', entry });
    // Read anew only then: a large one is ended without going through all of its pods for each of them.
    if (run.waitingCount !== waited) own = ownPods(run, found.index, made);
  }
}

function ownPods(run: PlanRun, index: number, made: Made) {
  return [...bound(run, index), ...waiting(run, index, made)].sort((a, b) => a.ordinal - b.ordinal);
}

/** The scheduler may come to a pod that waits later than to others, but it comes. */
export function findsPlace(run: PlanRun, entry: PlacedAction, position: number, { subject }: FoundWorkload): boolean {
  const pod = run.waiting[position];
  const bound = pod === undefined ? -1 : bind(run, entry, pod, () => subject);
  if (bound === -1) return false;
  run.toWrite.arrived.add(position);
  return true;
}

interface Own {
  readonly name: string;
  readonly ordinal: number;
  readonly isReady: boolean;
}

function bound(run: PlanRun, index: number): (Own & { readonly pod: number })[] {
  const { placement } = run;
  return podsOf(run, index).map((pod) => ({
    ...named(placement.nameOf(pod)),
    pod,
    isReady: isPodReady(placement, pod) && placement.extraOf(pod).deletionAtMs === undefined,
  }));
}

/** Positions of pods that wait and that the controller has made. */
type Made = ReadonlySet<number>;

/**
 * Those that are there, and the next one where all before it are Ready: its controller has made it by the time anybody scales. Asked before
 * anything is done, since from then on it makes those of the new number only.
 */
export function madeByThen(run: PlanRun, index: number): Made {
  const unready = bound(run, index).flatMap(({ ordinal, isReady }) => (isReady ? [] : [ordinal]));
  const own = waitingOf(run, index)
    .map((position) => ({ position, ordinal: ordinalOf(run.waiting[position]?.name ?? '') }))
    .sort((a, b) => a.ordinal - b.ordinal);
  const made = own.filter(({ position, ordinal }, at) => {
    if (run.waiting[position]?.row !== undefined) return true;
    return at === 0 && unready.every((other) => other > ordinal);
  });
  return new Set(made.map(({ position }) => position));
}

function waiting(run: PlanRun, index: number, made: Made): (Own & { readonly position: number })[] {
  return waitingOf(run, index)
    .filter((position) => made.has(position))
    .map((position) => ({ ...named(run.waiting[position]?.name ?? ''), position, isReady: false }));
}

function named(name: string) {
  return { name, ordinal: ordinalOf(name) };
}

function report(
  run: PlanRun,
  entry: PlacedAction,
  { workload, subject }: FoundWorkload,
  to: number,
  pod: string,
): void {
  const { namespace, name } = workload;
  const message = `StatefulSet ${namespace}/${name} makes and ends its pods in order, and does not come to ${to} replicas while ${pod} is not Ready. Get that one to run first.`;
  run.report(entry, { code: 'predecessor-not-ready', message, numbers: { to } }, subject);
}
