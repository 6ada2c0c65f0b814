import { templateOfPod } from '../placed-pod.js';
import type { PlacedAction } from '../plan-index.js';
import { beginEviction, evictablePods } from './evict.js';
import type { PlanRun } from './plan-run.js';
import { drainMoves, runAction } from './run-action.js';

/** What cannot be interrupted by another group: one eviction of a drain, or another action whole. */
export interface Step {
  readonly entry: PlacedAction;
  /** The pod that goes; undefined for an action that is one step. */
  readonly pod: number | undefined;
  /** Whether the action begins with it. */
  readonly first: boolean;
}

/**
 * The steps of each group, found before any is taken. Nodes that go are cordoned, so what their drains evict does not change;
 * where a pod tolerates the cordon, removing its node reports it.
 */
export function stepsOf(run: PlanRun): readonly (readonly Step[])[] {
  const problems = run.problems.length;
  const steps = run.index.plan.groups.map((_, group) => run.entries(group).flatMap((entry) => expand(run, entry)));
  // What a drain fails to list is reported when it is carried out.
  run.problems.length = problems;
  return steps;
}

function expand(run: PlanRun, entry: PlacedAction): Step[] {
  const { action } = entry;
  if (action.kind === 'drain-node')
    return drainMoves(run, entry, action).map(({ pod }, at) => ({ entry, pod, first: at === 0 }));
  if (action.kind === 'evict-pod') {
    const node = run.resolve(action.node);
    const pod = (node === undefined ? [] : evictablePods(run, node)).find(
      (at) =>
        run.placement.nameOf(at) === action.name &&
        templateOfPod(run.placement, at).namespace === action.namespace &&
        run.placement.templateOf(at) === action.template,
    );
    if (pod !== undefined) return [{ entry, pod, first: true }];
  }
  return [{ entry, pod: undefined, first: true }];
}

/** Takes a step, its pods Ready at the end. */
export function take(run: PlanRun, step: Step): void {
  const bound = begin(run, step);
  if (bound !== -1) run.ready(bound);
}

/** Takes a step up to where its successor is bound and not Ready yet; returns that successor, -1 when there is none. */
export function begin(run: PlanRun, { entry, pod, first }: Step): number {
  if (first) run.options.before?.(entry);
  if (pod === undefined) runAction(run, entry);
  else if (run.placement.nodeOf(pod) !== -1) return beginEviction(run, entry, pod, []);
  return -1;
}
