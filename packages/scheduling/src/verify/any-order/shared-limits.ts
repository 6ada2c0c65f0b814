import type { PlanRun, Problem } from '../../run/plan-run.js';
import type { Step } from '../../run/steps.js';
import { budgetsShared } from './budgets-shared.js';
import type { Movers } from './movers.js';
import { quotasShared } from './quotas-shared.js';
import { slotsUnstated } from './slots-unstated.js';

/**
 * What groups take from one another that is counted: evictions that a budget grants, the last Ready pods of what everything
 * needs, quota, and attach slots of nodes to come. All of it is monotone: the more others have done the less is left. So each
 * group is judged with all that may be done beside it done, and only what its ancestors give back given back.
 */
export function sharedLimits(
  run: PlanRun,
  steps: readonly (readonly Step[])[],
  movers: Movers,
  inFlight: number,
): Problem[] {
  return [...budgetsShared(run, steps, movers, inFlight), ...quotasShared(run, movers), ...slotsUnstated(run, movers)];
}
