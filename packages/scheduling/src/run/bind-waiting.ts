import { termsAgainst } from '../filters/inter-pod-affinity.js';
import { isFeasible } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import type { PlacedAction } from '../plan-index.js';
import type { PodFacts } from '../pod-facts.js';
import { toleratesCordon } from '../tolerates-cordon.js';
import type { View } from '../view.js';
import { mindedChanges } from './minded-changes.js';
import type { PlanRun } from './plan-run.js';
import { nodesWithRoom, preemption } from './preemption.js';

/** What happened since: room was made, or a node came, or a pod left a node that is cordoned, or nodes went and pods took their places. */
type Since = 'room' | 'node' | 'gap' | 'moves';

interface Occasion {
  readonly made: Since;
  /** Whose doing it is; none before the first action. */
  readonly entry?: PlacedAction;
  /** A workload whose pod went and has yet to be made again. */
  readonly replaced?: number;
  /** Whether time passes until nothing more happens by itself: a StatefulSet in order then makes one pod after the other. */
  readonly untilRest?: true;
}

/**
 * Gives waiting pods the places that there are now, before any pod of the plan asks, unless they are late. A gap and moves open no room,
 * but may open a topology domain or end what kept others away, so after them only those are asked for whom that changed; after a node came,
 * also those that it would take. A pod that an ordered StatefulSet has yet to make is made later than those before it found a place, and
 * not while one of them is `replaced` (pkg/controller/statefulset, the monotonic case of updateStatefulSet). Those that no node takes may
 * preempt others, and then the action is at fault.
 */
export function bindWaiting(run: PlanRun, occasion: Occasion): void {
  const { made } = occasion;
  if (run.waitingCount === 0) return;
  const areLate = run.options.late?.() === true;
  if (made === 'room' || (made === 'node' && areLate)) run.hopeless.clear();
  if (areLate) return;
  if (!kindsOf(run).some((facts) => isWorthAsking(run, facts, made))) return;
  let some = bindOnce(run, occasion, true);
  const { replaced: _, ...since } = occasion;
  // One that has found its place may be whom others want to be near.
  while (some) some = bindOnce(run, { ...since, made: made === 'gap' ? made : 'moves' }, false);
}

/**
 * Each in its turn; whether any found a place. Of those that a StatefulSet has yet to make only the next one, and the first time, unless
 * there is time for all.
 */
function bindOnce(run: PlanRun, occasion: Occasion, isFirst: boolean): boolean {
  const { placement, waiting } = run;
  const untilRest = occasion.untilRest === true;
  const before = run.state.arrived.size;
  const hopeless = new Set<PodFacts>();
  const unfinished = new Set([occasion.replaced]);
  for (const [position, pod] of waiting.entries()) {
    if (!run.stillWaits(position)) continue;
    const isMade = pod.createdAtMs !== undefined || ((isFirst || untilRest) && !unfinished.has(pod.workload));
    const node = isMade ? placeFor(run, pod, occasion, hopeless) : -1;
    if (node === -1 || !untilRest) unfinished.add(pod.workload);
    if (node === -1) continue;
    run.starting.add(placement.place(pod, node));
    run.toWrite.arrived.add(position);
  }
  return run.state.arrived.size > before;
}

/** -1 for none. Pods with the same facts as one that found none are not asked about again until something changes for them. */
function placeFor(run: PlanRun, pod: IncomingPod, occasion: Occasion, hopeless: Set<PodFacts>): number {
  const { made } = occasion;
  const facts = run.placement.facts(pod);
  if (hopeless.has(facts) || !isWorthAsking(run, facts, made)) return -1;
  const node = run.options.choose(pod, []);
  if (node !== -1) return node;
  hopeless.add(facts);
  // First this: to empty a node and fill it again is a change too.
  reportPreemption(run, pod, occasion);
  const changes = mindedChanges(facts, run.placement);
  if (changes !== undefined) run.hopeless.set(facts, changes);
  return -1;
}

/** Tells the first chance that a pod which no node takes has to preempt others: what comes after it is no longer as the plan has it. */
export function reportPreemption(
  run: PlanRun,
  pod: IncomingPod,
  { made, entry = run.index.actions[0] }: Occasion,
): void {
  const { placement, preemptors, index } = run;
  const facts = placement.facts(pod);
  const known = run.state.preempting.has(facts) ? undefined : preemptors.get(facts);
  if (known === undefined || entry === undefined) return;
  const found = preemption(placement, facts, pod, made === 'room' ? nodesWithRoom(placement, facts) : known);
  if (found === undefined) return;
  run.toWrite.preempting.add(facts);
  // What fills a new node is the doing of whoever launched it, even if the pod comes late.
  const launch = index.actions.find(
    ({ action }) => action.kind === 'launch-node' && run.state.launched.get(action.key) === found.node,
  );
  run.report(launch ?? entry, found.reason, { kind: 'pod', namespace: facts.namespace, name: pod.name ?? '' });
}

function isWorthAsking({ placement, hopeless }: PlanRun, facts: PodFacts, made: Since): boolean {
  if (facts.unsupported !== undefined || (made === 'gap' && !minds(facts, placement))) return false;
  const known = hopeless.get(facts);
  if (known === undefined || isOther(known, mindedChanges(facts, placement))) return true;
  return made === 'node' && isFeasible(facts, placement.nodeCount - 1, placement);
}

function isOther(changes: readonly number[], now: readonly number[] = []): boolean {
  return changes.length !== now.length || changes.some((change, at) => change !== now[at]);
}

const kinds = new WeakMap<PlanRun['waiting'], readonly PodFacts[]>();

/** Of thousands of pods that wait most are alike, and one look at each kind mostly tells that there is nothing to be asked. */
export function kindsOf({ placement, waiting }: PlanRun): readonly PodFacts[] {
  let known = kinds.get(waiting);
  if (known === undefined) {
    known = [...new Set(waiting.map((pod) => placement.facts(pod)))];
    kinds.set(waiting, known);
  }
  return known;
}

/**
 * Whether a gap on a cordoned node may let the pod in: more than room keeps it waiting, or it tolerates the cordon, and the gap is room.
 */
function minds(facts: PodFacts, view: View): boolean {
  return mindsMoreThanRoom(facts, view) || toleratesCordon(facts, view);
}

/** Whether where other pods are matters to the pod beyond the room that they take, or a volume that only one may use. */
export function mindsMoreThanRoom(facts: PodFacts, view: View): boolean {
  const { spread, affinity, antiAffinity, hostPorts, claims, inlineEbsVolumes } = facts;
  const own = spread.length + affinity.length + antiAffinity.length + hostPorts.length;
  return own + claims.length + inlineEbsVolumes.length > 0 || termsAgainst(facts, view).length > 0;
}
