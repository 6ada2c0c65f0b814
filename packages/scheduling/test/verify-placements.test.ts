import { describe, expect, it } from 'vitest';
import { verifyPlan } from '../src/index.js';
import { deployment, node, state, takenAtMs, template } from './support/build.js';
import { codesOf, drained, launchOf, market, planOf, policy, removalOf, verify } from './support/plan.js';
import { a, b, c, cluster, good } from './support/three-nodes.js';

describe('verifyPlan on placements that cannot be commanded', () => {
  it('refuses a plan that holds only where its pods go as planned', () => {
    // The small pod of `a` fits both others, the large one of `b` only `c`: spread out, the small one takes its place.
    const tight = state({
      nodes: [node('a'), node('b'), node('c', { cpu: 4 }), node('d', { cpu: 1 })],
      podTemplates: [template({ cpu: 900 }), template({ cpu: 3500 })],
      workloads: [deployment('small', 0, { replicas: 2 }), deployment('large', 1, { replicas: 2 })],
      pods: [
        { template: 0, workload: 0, node: 0 },
        { template: 1, workload: 1, node: 1 },
      ],
    });
    const [first, second, target, small] = tight.nodes as [typeof a, typeof a, typeof a, typeof a];
    const plan = planOf(tight, [removalOf(first, [drained(0, 1, small)]), removalOf(second, [drained(1, 1, target)])]);
    expect(codesOf(verify(tight, plan))).toEqual(['not-robust']);
    const packed = {
      ...tight,
      scheduler: {
        assumed: false,
        profiles: [
          {
            schedulerName: 'default-scheduler',
            scoringStrategy: 'MostAllocated' as const,
            defaultConstraints: 'System' as const,
          },
        ],
      },
    };
    const ordered = planOf(
      tight,
      [removalOf(first, [drained(0, 1, small)]), removalOf(second, [drained(1, 1, target)])],
      { after: [[], [0]] },
    );
    const verification = verify(packed, ordered);
    expect(verification.verdict).toBe('verified');
    expect(verification.robustness).toBeLessThan(1);
    expect(codesOf(verify(packed, ordered, policy({ minRobustness: 1 })))).toEqual(['not-robust']);

    // Where the plan itself expects the small pod on the only node for the large one, the scheduler's scoring is not at fault.
    const expecting = (of: typeof tight) =>
      planOf(of, [removalOf(first, [drained(0, 1, target)]), removalOf(second, [drained(1, 1, target)])], {
        after: [[], [0]],
      });
    const atFault = ['expected-placement-infeasible', 'expected-placements-leave-no-room'];
    expect(codesOf(verify(packed, expecting(packed)))).toEqual(atFault);
    const nowhere = ['expected-placement-infeasible', 'pod-without-a-place'];
    expect(codesOf(verify(tight, expecting(tight)))).toEqual(nowhere);

    const forSearch = { now: takenAtMs, seed: 1, robustness: 'if-it-decides' } as const;
    const strict = policy({ minRobustness: 1 });
    expect(verifyPlan(packed, market, strict, ordered, forSearch)).toEqual(verify(packed, ordered, strict));
    for (const [on, tried] of [
      [packed, ordered],
      [tight, plan],
    ] as const) {
      const searched = verifyPlan(on, market, policy(), tried, forSearch);
      const judged = verify(on, tried);
      expect(searched.refusals).toEqual(judged.refusals);
      expect(searched.verdict).toBe(judged.verdict);
      expect(searched.checked.replays).toBe(judged.checked.replays - 20);
      expect(searched.robustness).toBeUndefined();
    }
  });
  it('refuses a plan one group of which needs the room that an unrelated one brings', () => {
    const full = state({
      nodes: [a, node('b', { unschedulable: true })],
      podTemplates: [template({ labels: { app: 'web' } })],
      workloads: [deployment('web', 0, { replicas: 3 })],
      pods: [{ template: 0, workload: 0, node: 0 }],
    });
    const groups = [[launchOf('new')], removalOf(a, [drained(0, 1)])];
    expect(verify(full, planOf(full, groups)).refusals).toMatchObject([
      {
        reason: { code: 'pod-without-a-place', message: expect.stringMatching(/^When groups begin in the order g2: /) },
        group: 'g2',
        order: ['g2'],
      },
    ]);
    expect(codesOf(verify(full, planOf(full, groups, { after: [[], [0]] })))).toEqual([]);
  });
  it('refuses a planned placement that its node would not take', () => {
    const own = { ...cluster, nodes: [a, { ...b, unschedulable: true }, c] };
    expect(codesOf(verify(own, good))).toEqual(['expected-placement-infeasible']);
  });
  it('cordons all nodes that go before the first eviction', () => {
    const plan = planOf(cluster, [removalOf(a, [drained(0, 1)]), removalOf(b, [drained(0, 2)])]);
    expect(verify(cluster, plan)).toMatchObject({ verdict: 'verified', checked: { evictions: 3 } });
    const nowhere = planOf(cluster, [removalOf(a, [drained(0, 1)]), removalOf(b, [drained(0, 2)]), removalOf(c)]);
    expect(codesOf(verify(cluster, nowhere))).toContain('pod-without-a-place');
  });
  it('gives the same answer for the same seed', () => {
    expect(verify(cluster, good, policy(), 7)).toEqual(verify(cluster, good, policy(), 7));
    expect(market.offerings.length).toBeGreaterThan(0);
  });
});
