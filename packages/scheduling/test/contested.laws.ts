import type { ClusterState, Intent } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { randomNumbers } from '../src/random.js';
import { carryOut } from '../src/run/carry-out.js';
import { preemptorsOf } from '../src/run/preemption.js';
import { stepsOf } from '../src/run/steps.js';
import { waitingPods } from '../src/run/waiting-pods.js';
import { finish } from '../src/turns.js';
import { isContested } from '../src/verify/any-order/contested.js';
import { template } from './support/build.js';
import { clusters } from './support/clusters.js';
import { drainPlan } from './support/drain-plan.js';
import { launchOf } from './support/plan.js';
import { runOf } from './support/run.js';

const chosen = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 });
const small = { cpuMillicores: 200, memoryBytes: 1024 ** 3, ephemeralStorageBytes: 20 * 1024 ** 3, pods: 29 };
const also = fc.record(
  {
    closed: fc.nat({ max: 4 }),
    launch: fc.constantFrom<Intent>(launchOf('new'), launchOf('new', { assumedAllocatable: small })),
  },
  { requiredKeys: [] },
);

interface Waiting {
  readonly cpu: number;
  readonly priority: number;
  /** As if it were of a DaemonSet: for this node alone, and whatever its taints. */
  readonly pinned: number | undefined;
}

const waiting: fc.Arbitrary<Waiting> = fc.record({
  cpu: fc.constantFrom(500, 1_500, 3_500),
  priority: fc.constantFrom(0, 10),
  pinned: fc.oneof(fc.constant(undefined), fc.constant(undefined), fc.nat({ max: 5 })),
});

/** A pod more that waits and asks for room alone, or may preempt others. */
function withWaiting({ podTemplates, pods, ...state }: ClusterState, { cpu, priority, pinned }: Waiting): ClusterState {
  const node = pinned === undefined ? undefined : state.nodes[pinned % state.nodes.length];
  const tolerations = node === undefined ? [] : [{ operator: 'Exists' as const }];
  return {
    ...state,
    podTemplates: [...podTemplates, { ...template({ cpu, tolerations }), priority }],
    pods: {
      count: pods.count + 1,
      name: [...pods.name, 'waits'],
      template: [...pods.template, podTemplates.length],
      workload: [...pods.workload, -1],
      node: [...pods.node, -1],
      createdAtSeconds: [...pods.createdAtSeconds, 0],
      extra: node === undefined ? pods.extra : { ...pods.extra, [pods.count]: { pinnedNode: node.name } },
    },
  };
}

/** The groups of a plan that drains, none of which waits for another. */
function inAnyOrder(state: ClusterState, nodes: readonly number[], more: Parameters<typeof drainPlan>[2]) {
  const plan = drainPlan(state, nodes, more);
  return { ...plan, maxGroupsInFlight: 3, groups: plan.groups.map((group) => ({ ...group, dependsOn: [] })) };
}

describe('pods that wait and are said to contest nothing', () => {
  it('find no place and preempt nobody, in whatever order a plan is carried out and wherever the scheduler puts its pods', () => {
    const seen = { cases: 0, contested: 0, waitInVain: 0 };
    fc.assert(
      fc.property(clusters, waiting, chosen, also, fc.nat(), (drawn, one, nodes, more, seed) => {
        const state = withWaiting(drawn, one);
        const run = runOf(state, inAnyOrder(state, nodes, more));
        run.waiting = waitingPods(run);
        run.preemptors = preemptorsOf(run.placement, run.waiting);
        run.start();
        seen.cases++;
        const { nodeCount } = run.placement;
        const contested = isContested(run);
        expect(run.placement.nodeCount).toBe(nodeCount);
        if (contested) {
          seen.contested++;
          return;
        }
        const random = randomNumbers(seed);
        run.options = {
          choose: (pod) => run.placement.chooseAnyhow(pod, random),
          daemonSetsQueue: () => random() < 0.5,
        };
        const start = run.mark();
        const waits = run.waiting.flatMap((_, position) => (run.stillWaits(position) ? [position] : []));
        if (waits.length > 0) seen.waitInVain++;
        for (let draw = 0; draw < 5; draw++) {
          const course = { inFlight: 3, random, failureChance: 0.2, shuffleDrains: true };
          finish(carryOut(run, stepsOf(run), course));
          expect(waits.filter((position) => !run.stillWaits(position))).toEqual([]);
          expect([...run.state.preempting]).toEqual([]);
          run.rollback(start);
        }
      }),
      lawParameters(500),
    );
    process.stderr.write(`contested: ${JSON.stringify(seen)}\n`);
    if (seen.contested === 0 || seen.waitInVain === 0) throw new Error('the law has looked at nothing');
  });
});
