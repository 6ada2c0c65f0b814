import type { Reason, Subject } from '@cloudoptim/core';
import { attachersOf } from '../attachers.js';
import { criticalReason, readyMembers } from '../critical-backends.js';
import type { IncomingPod } from '../incoming-pod.js';
import { namespaceOfPod, ownerOfPod } from '../placed-pod.js';
import type { PlacedAction } from '../plan-index.js';
import type { PodFacts } from '../pod-facts.js';
import { bindWaiting, reportPreemption } from './bind-waiting.js';
import type { PlanRun } from './plan-run.js';
import { quotaReason } from './quota.js';
import { tradePlaces } from './trade-places.js';

/** Pods that a drain evicts: bound, not of a DaemonSet, not of the kubelet itself, and not going anyway. */
export function evictablePods({ placement }: PlanRun, node: number): number[] {
  return placement
    .podsOn(node)
    .filter(
      (pod) =>
        ownerOfPod(placement, pod)?.kind !== 'DaemonSet' &&
        placement.extraOf(pod).mirror !== true &&
        placement.extraOf(pod).deletionAtMs === undefined,
    );
}

/** One eviction: the budget pays, the pod goes, its successor is bound and Ready before anything else happens. */
export function evict(run: PlanRun, entry: PlacedAction, pod: number, preferred: readonly number[]): void {
  const successor = beginEviction(run, entry, pod, preferred);
  if (successor !== -1) run.ready(successor);
}

/**
 * The first half of an eviction: the budget has paid and the successor is bound but not Ready, as while another group acts.
 * Returns the successor's index, -1 when none comes or none finds a place.
 */
export function beginEviction(run: PlanRun, entry: PlacedAction, pod: number, preferred: readonly number[]): number {
  const { placement, budgets } = run;
  askCriticalSets(run, entry, pod);
  const answer = budgets.allowed(pod);
  if (answer.allowed) budgets.evict(pod, answer);
  else run.report(entry, answer.reason, podSubject(run, pod));
  run.evictions++;
  const successor = nextOf(run, pod);
  const cordoned = placement.node(placement.nodeOf(pod))?.unschedulable === true;
  placement.remove(pod);
  bindWaiting(run, { made: cordoned ? 'gap' : 'room', entry, replaced: placement.workloadOf(pod) });
  if ('none' in successor) return -1;
  if ('unknown' in successor) {
    run.report(entry, successor.unknown, podSubject(run, pod));
    return -1;
  }
  const quota = quotaReason(run, successor, placement.templateOf(pod));
  if (quota !== undefined) run.report(entry, quota, podSubject(run, pod));
  return bindSuccessor(run, entry, successor, () => podSubject(run, pod), preferred);
}

/** A pod goes since its workload has one replica less: nobody asks its budgets, and they can spare less from then on. */
export function scaleAway(run: PlanRun, entry: PlacedAction, pod: number): void {
  askCriticalSets(run, entry, pod);
  run.budgets.leave(pod);
  run.placement.remove(pod);
}

function askCriticalSets(run: PlanRun, entry: PlacedAction, pod: number): void {
  const { placement } = run;
  for (const set of run.criticalSets) {
    if (!set.pods.has(pod) && !(pod >= placement.state.pods.count && set.workloads.has(placement.workloadOf(pod))))
      continue;
    if (readyMembers(placement, set, (other) => other === pod || run.starting.has(other)) === 0)
      run.report(entry, criticalReason(set, `pod ${placement.nameOf(pod)}`), podSubject(run, pod));
  }
}

/** The successor with the template that the plan has given its workload by now. */
export function nextOf(run: PlanRun, pod: number) {
  const successor = run.successorOf(pod);
  if (!('template' in successor)) return successor;
  const template = run.state.templates.get(successor.workload);
  return template === undefined ? successor : { ...successor, template };
}

/** Finds a node for the pod that comes in another's place and binds it there, not Ready yet. Returns its index, -1 when it waits. */
function bindSuccessor(
  run: PlanRun,
  entry: PlacedAction,
  pod: IncomingPod,
  subject: () => Subject,
  preferred: readonly number[],
): number {
  const index = bind(run, entry, pod, subject, preferred);
  if (index !== -1) return index;
  const waits = tradePlaces(run, pod);
  if (waits === undefined) waitForNode(run, entry, pod, subject());
  else reportPreemption(run, waits, { made: 'moves', entry });
  return -1;
}

/** Finds a node for a pod and binds it there, not Ready yet. Returns its index, -1 when no node takes it. */
export function bind(
  run: PlanRun,
  entry: PlacedAction,
  pod: IncomingPod,
  subject: () => Subject,
  preferred: readonly number[] = [],
): number {
  const { placement } = run;
  const facts = placement.facts(pod);
  if (facts.unsupported !== undefined) run.report(entry, facts.unsupported, subject());
  const node = run.options.choose(pod, preferred);
  if (node === -1) return -1;
  const object = placement.node(node);
  if (node >= placement.state.nodes.length && object !== undefined) {
    const drivers = new Set(object.csiDrivers?.map((driver) => driver.name));
    for (const driver of attachersOf(facts, placement))
      if (!drivers.has(driver))
        run.report(
          entry,
          {
            code: 'attach-slots-on-new-node',
            message: `How many ${driver} volumes the new node ${object.name} can attach is not stated, and a pod with such a volume goes there. State csiDrivers in the launch's template.`,
          },
          subject(),
        );
  }
  const index = placement.place(pod, node);
  run.starting.add(index);
  return index;
}

/** A pod that no node takes, which did not wait before. */
export function waitForNode(run: PlanRun, entry: PlacedAction, pod: IncomingPod, subject: Subject): void {
  run.toWrite.pending.push(pod);
  run.report(entry, noPlace(run.placement.facts(pod), subject), subject);
}

function podSubject({ placement }: PlanRun, pod: number): Subject {
  return { kind: 'pod', namespace: namespaceOfPod(placement, pod), name: placement.nameOf(pod) };
}

/** No node takes a pod, and where that is since nobody asks one, what keeps it from being asked. */
export function noPlace({ namespace, template: { schedulingGates = [] } }: PodFacts, subject: Subject): Reason {
  const name = subject.kind === 'pod' ? `the successor of pod ${namespace}/${subject.name}` : `a pod of ${namespace}`;
  const gates =
    schedulingGates.length === 0 ? '' : ` while it carries the scheduling gates ${schedulingGates.join(', ')}`;
  return { code: 'pod-without-a-place', message: `No node would take ${name}${gates}.` };
}
