import type { Action } from '@cloudoptim/core';
import { termsAgainst } from '../../filters/inter-pod-affinity.js';
import type { PlacedAction } from '../../plan-index.js';
import type { PodFacts } from '../../pod-facts.js';
import { bringNode } from '../../run/launch.js';
import type { PlanRun } from '../../run/plan-run.js';
import { quotaIsKept } from '../../run/quota.js';
import type { Step } from '../../run/steps.js';
import type { View } from '../../view.js';
import type { WorstCases } from './any-order.js';
import { evictionsAreLent } from './budgets-shared.js';
import { hasVolumes } from './interference.js';

/**
 * Whether every replay of a plan is known to end as the first ones did: all pods placed, no limit met, wherever the scheduler
 * puts the pods, in whatever order they go and whichever groups fail. Replays are draws from all that can happen, so where
 * that is known none needs to be made. The worst cases show it of room, and of what groups take from one another; here it is
 * asked of what a group does alone, in any order of its evictions and with each offering of its launches.
 *
 * `false` says that it is not known. Plans that change workloads are left to replays.
 */
export function endIsCertain(
  run: PlanRun,
  steps: readonly (readonly Step[])[],
  { movers, problems, doubtful }: WorstCases,
): boolean {
  const { placement, index } = run;
  return (
    problems.length === 0 &&
    doubtful === undefined &&
    index.actions.every((entry) => isAlwaysTheSame(run, entry)) &&
    movers.movers.every(({ pod, from }) => from !== -1 && quotaIsKept(run, pod, placement.templateOf(from))) &&
    evictionsAreLent(run, steps, movers)
  );
}

/** Whether what the action does is the same whatever went before. Where its evicted pods go is not asked. */
function isAlwaysTheSame(run: PlanRun, entry: PlacedAction): boolean {
  const { action } = entry;
  switch (action.kind) {
    case 'launch-node':
      return daemonSetsAreSure(run, entry, action);
    case 'cordon-node':
    case 'drain-node':
    case 'evict-pod':
    case 'terminate-node':
    case 'delete-nodeclaim':
      // What is on a node to come depends on the scheduler.
      return 'uid' in action.node;
    case 'annotate-node':
    case 'set-node-group-size':
    case 'configure-nodepool':
    case 'configure-nodeoverlay':
    case 'extension':
      return true;
    default:
      return false;
  }
}

/** Whether the pods of DaemonSets fit the new node as each of its offerings, and nobody elsewhere has a say in that. */
function daemonSetsAreSure(
  run: PlanRun,
  entry: PlacedAction,
  action: Extract<Action, { kind: 'launch-node' }>,
): boolean {
  const { placement } = run;
  const mark = run.mark();
  const sure = action.offerings.every((offering) => {
    const node = bringNode(run, entry, action, offering);
    return placement.podsOn(node).every((pod) => !mindsOthers(placement.facts(placement.incoming(pod)), placement));
  });
  const fit = run.problems.length === mark.problems;
  run.rollback(mark);
  return sure && fit;
}

/** Whether pods on other nodes matter to the pod. Ports are of its own node. */
function mindsOthers(facts: PodFacts, view: View): boolean {
  const { spread, affinity, antiAffinity } = facts;
  const own = spread.length + affinity.length + antiAffinity.length;
  return own > 0 || termsAgainst(facts, view).length > 0 || hasVolumes(facts);
}
