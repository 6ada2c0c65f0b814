import type { ClusterState, Plan } from '@cloudoptim/core';
import { PlanRun } from '../../src/run/plan-run.js';
import { LentHalves } from '../../src/run/prepared-state.js';
import type { TwoHalves } from '../../src/run/two-halves.js';

/** A plan about to be carried out on paper, each pod where most is free. */
export function runOf(state: ClusterState, plan: Plan): PlanRun<TwoHalves> {
  return new PlanRun(
    state,
    plan,
    (planned) => new LentHalves().of(planned),
    (placement) => ({ choose: (pod) => placement.choose(pod, 'leastAllocated') }),
  );
}
