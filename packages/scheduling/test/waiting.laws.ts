import type { ClusterState, Plan } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { isFeasible } from '../src/fits.js';
import { PlanRun } from '../src/run/plan-run.js';
import { LentHalves } from '../src/run/prepared-state.js';
import { begin, stepsOf } from '../src/run/steps.js';
import { waitingPods } from '../src/run/waiting-pods.js';
import { clusters } from './support/clusters.js';
import { drainPlan } from './support/drain-plan.js';
import { launchOf } from './support/plan.js';

const chosen = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 });

const also = fc.record({ closed: fc.nat({ max: 4 }), launch: fc.constant(launchOf('new')) }, { requiredKeys: [] });

function runOf(state: ClusterState, plan: Plan) {
  const prepare = (planned: ClusterState) => new LentHalves().of(planned);
  return new PlanRun(state, plan, prepare, (placement) => ({
    choose: (pod) => placement.choose(pod, 'leastAllocated'),
  }));
}

/** Pods that wait and have a place, by the plain filters. */
function overlooked({ waiting, state, placement }: ReturnType<typeof runOf>): string[] {
  return waiting.flatMap((pod, position) => {
    const facts = placement.facts(pod);
    const isMade = pod.createdAtMs !== undefined;
    if (!isMade || state.arrived.has(position) || facts.unsupported !== undefined) return [];
    for (let node = 0; node < placement.nodeCount; node++)
      if (placement.node(node) !== undefined && isFeasible(facts, node, placement)) return [`${pod.name} on ${node}`];
    return [];
  });
}

// All that wait were asked about after each eviction: a plan of 50 groups took 40 seconds where a thousand kinds of pods waited. Now only
// those are for whom something changed.
describe('a pod that waits', () => {
  it('gets each place that a plan opens for it, before anything else happens', () => {
    const seen = { cases: 0, waiting: 0, laterPlaced: 0 };
    fc.assert(
      fc.property(clusters, chosen, also, (state, nodes, more) => {
        const run = runOf(state, drainPlan(state, nodes, more));
        run.waiting = waitingPods(run);
        const check = () => {
          const [first] = overlooked(run);
          if (first !== undefined) throw new Error(`a place was overlooked: ${first}`);
        };
        const { choose } = run.options;
        run.options = {
          choose(pod, preferred) {
            // Whoever was evicted asks after those that wait.
            if (!run.waiting.includes(pod)) check();
            return choose(pod, preferred);
          },
        };
        run.start();
        check();
        const before = run.state.arrived.size;
        const steps = stepsOf(run);
        const mark = run.mark();
        for (const own of steps)
          for (const step of own) {
            const held = begin(run, step);
            if (step.pod === undefined) check();
            if (held !== -1) run.ready(held);
          }
        seen.cases++;
        if (run.waiting.length > 0) seen.waiting++;
        if (run.state.arrived.size > before) seen.laterPlaced++;
        run.rollback(mark);
        check();
      }),
      lawParameters(),
    );
    process.stderr.write(`waiting: ${JSON.stringify(seen)}\n`);
    if (seen.laterPlaced === 0) throw new Error('the law has looked at nothing');
  });
});
