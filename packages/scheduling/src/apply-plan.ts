import { type ClusterState, InvalidPlan, type Market, type Plan } from '@cloudoptim/core';
import { chooseAsPlanned, chooseByRule } from './run/choose.js';
import { withClaimsToCome } from './run/claims-to-come.js';
import { materialise } from './run/materialise.js';
import { PlanRun } from './run/plan-run.js';
import { preparedState } from './run/prepared-state.js';
import { waitingPods } from './run/waiting-pods.js';
import type { ScoringRule } from './score.js';
import { structureRefusals } from './verify/structure.js';

export interface ApplyOptions {
  /** For the labels of launched instance types. */
  readonly market?: Market;
  /** For pods that find their expected node taken; `leastAllocated` when absent. */
  readonly rule?: ScoringRule;
}

/**
 * The state after all groups of a plan succeeded: launched nodes are there (uid `launch:<plan>:<key>`, the first of their offerings),
 * removed ones are gone, evicted pods are where the plan expects them, or else where the rule puts them; pods that no node
 * takes are Pending, as are those that were before. Budgets, quotas and sizes are recomputed. The same plan and state give the same bytes.
 * Throws InvalidPlan when the plan names what the state does not have, or depends on itself.
 */
export function applyPlan(state: ClusterState, plan: Plan, options: ApplyOptions = {}): ClusterState {
  const issues = structureRefusals(state, plan).map(({ reason, action, group }) => ({
    path: action ?? group ?? 'plan',
    message: reason.message,
  }));
  if (issues.length > 0) throw new InvalidPlan(`Plan ${plan.id} cannot be applied to this state`, issues);
  if (plan.groups.length === 0) return state;
  const run = new PlanRun(withClaimsToCome(state, plan), plan, preparedState, (placement) => ({
    choose: chooseAsPlanned(placement, chooseByRule(placement, options.rule ?? 'leastAllocated')),
    // Who waited waits still, unless the plan itself scales it up.
    late: () => true,
    ...(options.market === undefined ? {} : { market: options.market }),
  }));
  run.waiting = waitingPods(run);
  run.start();
  for (const group of run.index.order ?? []) run.group(group);
  return materialise(run);
}
