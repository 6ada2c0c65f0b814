import type { Action, ActionGroup, ClusterState, Fact, Plan } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { verifyPlan } from '../src/index.js';
import { deployment, takenAtMs } from './support/build.js';
import { codesOf, drained, launchOf, planOf, policy, removalOf, verify } from './support/plan.js';
import { a, b, c, cluster, good } from './support/three-nodes.js';

/** The plan with its first group's actions changed. */
function changed(change: (actions: readonly Action[]) => readonly Action[], plan = good): Plan {
  const [first, ...others] = plan.groups as [ActionGroup, ...ActionGroup[]];
  return { ...plan, groups: [{ ...first, actions: change(first.actions) }, ...others] };
}

function expecting(fact: Fact): Plan {
  return changed((actions) => actions.map((action, at) => (at === 1 ? { ...action, expect: [fact] } : action)));
}

const refusalsOf = (plan: Plan, allowed = policy(), of: ClusterState = cluster) => codesOf(verify(of, plan, allowed));

describe('verifyPlan on structure', () => {
  it('verifies the empty plan', () => {
    expect(verify(cluster, planOf(cluster, []))).toMatchObject({ verdict: 'verified', refusals: [], unknowns: [] });
  });
  it('refuses ids that repeat, and dependencies that are not there or go round', () => {
    expect(refusalsOf({ ...good, groups: [...good.groups, ...good.groups] })).toContain('repeated-id');
    expect(refusalsOf(changed((actions) => actions.slice(1)))).toEqual(['unknown-dependency']);
    const loop = changed((actions) =>
      actions.map((action, at) => (at === 0 ? { ...action, dependsOn: ['g1.a3'] } : action)),
    );
    expect(refusalsOf(loop)).toEqual(['cyclic-dependencies']);
    const groups = good.groups.map((group) => ({ ...group, dependsOn: ['g1'] }));
    expect(refusalsOf({ ...good, groups })).toEqual(['cyclic-dependencies']);
  });
  it('refuses what the state does not have', () => {
    expect(refusalsOf(good, policy(), { ...cluster, nodes: [b, b, c] })).toEqual(['unknown-reference']);
    expect(refusalsOf(planOf(cluster, [removalOf(a, [drained(7, 1)])]))).toEqual(['unknown-reference']);
    expect(refusalsOf({ ...good, clusterId: 'x' }, policy(), { ...cluster, clusterId: 'y' })).toEqual([
      'wrong-cluster',
    ]);
  });
  it('refuses to send pods to a node whose launch the action does not wait for', () => {
    const toNew = { template: 0, count: 1, expected: [{ node: { launch: 'new' }, count: 1 }] };
    const apart = planOf(cluster, [[launchOf('new')], removalOf(a, [toNew])]);
    expect(refusalsOf(apart)).toEqual(['unknown-reference']);
    expect(refusalsOf(planOf(cluster, [[launchOf('new')], removalOf(a, [toNew])], { after: [[], [0]] }))).toEqual([]);
  });
  it('refuses a drain that the cordon does not precede, and lets an empty node go without one', () => {
    expect(refusalsOf(planOf(cluster, [removalOf(c).slice(1)]))).toEqual([]);
    const uncordoned = changed((actions) =>
      actions.slice(1).map((action, at) => (at === 0 ? { ...action, dependsOn: [] } : action)),
    );
    expect(refusalsOf(uncordoned)).toEqual(['not-cordoned']);
    const unordered = changed((actions) => actions.map((action) => ({ ...action, dependsOn: [] })));
    expect(refusalsOf(unordered)).toContain('not-cordoned');
  });
  it('refuses a drain that lists other pods than are there', () => {
    expect(refusalsOf(planOf(cluster, [removalOf(a, [drained(0, 2, b)])]))).toContain('drain-lists-other-pods');
    expect(refusalsOf(planOf(cluster, [removalOf(b, [drained(0, 1, c)])]))).toContain('drain-lists-other-pods');
    expect(refusalsOf(planOf(cluster, [removalOf(a)]))).toContain('node-not-drained');
  });
  it('refuses to remove a node twice, or through another owner', () => {
    expect(refusalsOf(planOf(cluster, [removalOf(c), removalOf(c)]))).toContain('removed-twice');
    const other = { kind: 'karpenter', name: 'other' } as const;
    const wrong = changed((actions) =>
      actions.map((action) => (action.kind === 'delete-nodeclaim' ? { ...action, via: other } : action)),
    );
    expect(refusalsOf(wrong)).toEqual(['wrong-owner']);
  });
  it('refuses expectations that do not add up or lie on nodes that go', () => {
    const uneven = { template: 0, count: 1, expected: [{ node: { uid: b.uid }, count: 2 }] };
    expect(refusalsOf(planOf(cluster, [removalOf(a, [uneven])]))).toContain('expectations-differ');
    const gone = planOf(cluster, [removalOf(a, [drained(0, 1, c)]), removalOf(c)]);
    expect(refusalsOf(gone)).toContain('expected-on-removed-node');
  });
  it.each<[string, Fact, boolean]>([
    ['a node that holds more', { fact: 'node-holds-at-most', node: { uid: a.uid }, pods: [] }, false],
    ['a node that holds as much', { fact: 'node-holds-at-most', node: { uid: a.uid }, pods: [[0, 1]] }, true],
    ['a node that is cordoned by then', { fact: 'node-cordoned', node: { uid: a.uid } }, true],
    ['a node by another name', { fact: 'node-exists', node: { uid: a.uid }, name: 'z' }, false],
    [
      'another generation',
      {
        fact: 'workload-generation',
        workload: { kind: 'Deployment', namespace: 'default', name: 'web' },
        generation: 2,
      },
      false,
    ],
    [
      'the replicas there are',
      { fact: 'workload-replicas', workload: { kind: 'Deployment', namespace: 'default', name: 'web' }, replicas: 3 },
      true,
    ],
    [
      'a price that is lower',
      {
        fact: 'price-at-most',
        offering: { instanceType: 'm5.large', zone: 'us-east-1a', capacityType: 'on-demand' },
        usdPerHour: 0.05,
      },
      false,
    ],
    [
      'a budget that is not there',
      { fact: 'budget-allows', namespace: 'default', budget: 'none', evictions: 1 },
      false,
    ],
    ['no freeze', { fact: 'no-freeze' }, true],
  ])('checks the expectation of %s', (_, fact, holds) => {
    expect(refusalsOf(expecting(fact))).toEqual(holds ? [] : ['facts-differ']);
  });
});

describe('verifyPlan on money', () => {
  it('refuses figures that state and market do not give', () => {
    expect(refusalsOf({ ...good, currentUsdPerHour: 1 })).toContain('money-differs');
    const rich = { ...good.savingsUsdPerHour, point: 5, lower: 5, upper: 5 };
    expect(refusalsOf({ ...good, savingsUsdPerHour: rich })).toContain('money-differs');
    const groups = good.groups.map((group) => ({ ...group, savingsUsdPerHour: rich }));
    expect(refusalsOf({ ...good, groups })).toContain('money-differs');
  });
  it('never takes a node without a price for free', () => {
    const own = { ...cluster, nodes: [{ ...a, instanceType: 'z9.mystery' }, b, c] };
    expect(refusalsOf(good, policy(), own)).toContain('money-differs');
    const honest = planOf(own, [removalOf(own.nodes[0] as typeof a, [drained(0, 1, b)])]);
    expect(honest.savingsUsdPerHour.point).toBe(0);
    expect(refusalsOf(honest, policy(), own)).toEqual([]);
  });
  it('refuses intervals that are out of order or leave out the dearest offering', () => {
    const { savingsUsdPerHour: savings } = good;
    expect(refusalsOf({ ...good, savingsUsdPerHour: { ...savings, lower: savings.point + 1 } })).toContain(
      'estimate-disordered',
    );
    const offerings = [
      { instanceType: 'm5.large', zone: 'us-east-1a', capacityType: 'on-demand', priceCapUsdPerHour: 1 },
      { instanceType: 'm5.xlarge', zone: 'us-east-1a', capacityType: 'on-demand', priceCapUsdPerHour: 1 },
    ] as const;
    const plan = planOf(cluster, [[launchOf('new', { offerings }), ...removalOf(a, [drained(0, 1, b)])]]);
    expect(refusalsOf(plan, policy({ pricePremiumCap: 1 }))).toContain('estimate-bold');
  });
  it('is conditional without any prices', () => {
    const verification = verifyPlan(cluster, undefined, policy(), good, { now: takenAtMs, seed: 1 });
    expect(verification).toMatchObject({ verdict: 'conditional', unknowns: [{ reason: { code: 'prices-unknown' } }] });
  });
});

describe('verifyPlan on policy', () => {
  it.each([
    ['frozen', { freeze: true }],
    ['max-disruption', { maxDisruption: { evictions: 0 } }],
    ['max-disruption', { maxDisruption: { nodes: 0 } }],
    ['min-savings', { minSavings: { usdPerHour: 1 } }],
    ['min-savings', { minSavings: { usdPerHourPerEviction: 1 } }],
    ['disruption-budget', { disruptionBudgets: [{ nodes: 0 }] }],
    ['disruption-budget', { disruptionBudgets: [{ nodes: '0%', pool: 'default' }] }],
    ['headroom', { headroom: { cpuShare: 0.9 } }],
    ['drain-deadline', { drainDeadlineSeconds: 10 }],
  ])('refuses %s (%#)', (code, change) => {
    expect(refusalsOf(good, policy(change))).toContain(code);
  });
  it('asks no savings of a plan that leaves the nodes as they are: replicas and requests save nothing by themselves', () => {
    const plan = planOf(cluster, [
      [{ kind: 'extension', name: 'acme/tag', subject: { kind: 'cluster' }, payload: null }],
    ]);
    const asking = policy({ extensions: ['acme/tag'], minSavings: { usdPerHour: 1 } });
    expect(refusalsOf(plan, asking)).toEqual([]);
  });
  it('leaves nodes of other pools out of a budget for one', () => {
    expect(refusalsOf(good, policy({ disruptionBudgets: [{ nodes: 0, pool: 'other' }] }))).toEqual([]);
  });
  it('refuses to take a workload below its floor of on-demand capacity', () => {
    const own = { ...cluster, nodes: [a, { ...b, capacityType: 'spot' as const }, { ...c, unschedulable: true }] };
    const plan = planOf(own, [removalOf(a, [drained(0, 1, b)])]);
    expect(refusalsOf(plan, policy({ onDemandFloor: 0.3 }), own)).toContain('on-demand-floor');
    expect(refusalsOf(plan, policy(), own)).toEqual([]);
  });
  it('refuses extensions that the policy does not name, and a plan that is no longer valid', () => {
    const plan = planOf(cluster, [
      [{ kind: 'extension', name: 'acme/tag', subject: { kind: 'cluster' }, payload: null }],
    ]);
    expect(refusalsOf(plan)).toEqual(['extension-not-allowed']);
    expect(refusalsOf(plan, policy({ extensions: ['acme/tag'] }))).toEqual([]);
    expect(refusalsOf({ ...good, validUntilMs: takenAtMs - 1 })).toEqual(['plan-expired']);
  });
  it('refuses more groups at once than the policy', () => {
    const several = {
      ...good,
      groups: [...good.groups, ...planOf(cluster, [[], removalOf(c)]).groups.slice(1)],
      maxGroupsInFlight: 2,
    };
    expect(refusalsOf(several)).toContain('too-many-groups-in-flight');
    const two = planOf(cluster, [removalOf(a, [drained(0, 1, b)]), removalOf(c)], { change: { maxGroupsInFlight: 2 } });
    expect(verify(cluster, two, policy({ maxGroupsInFlight: 2 })).verdict).toBe('verified');
  });
});

describe('verifyPlan on coverage', () => {
  const without = (kind: string, as: 'absent' | 'forbidden' | 'partial' = 'absent') => ({
    ...cluster,
    coverage: [
      ...cluster.coverage.filter((entry) => entry.kind !== kind),
      ...(as === 'absent' ? [] : [{ kind, state: as }]),
    ],
  });
  it.each(['Pod', 'DaemonSet', 'PodDisruptionBudget', 'PersistentVolumeClaim', 'Deployment', 'ResourceQuota'])(
    'is conditional where %s was not listed, and says what lists it',
    (kind) => {
      const verification = verify(without(kind), good);
      expect(verification.verdict).toBe('conditional');
      expect(verification.unknowns).toMatchObject([
        { reason: { code: 'absent-kind' }, remedy: expect.stringContaining('kubectl get') },
      ]);
      expect(verify(without(kind), planOf(cluster, [])).verdict).toBe('verified');
    },
  );
  it('tells what was partly listed or forbidden from what nobody asked for', () => {
    expect(verify(without('Pod', 'forbidden'), good).unknowns[0]?.reason.code).toBe('forbidden-kind');
    expect(verify(without('Pod', 'partial'), good).unknowns[0]?.reason.code).toBe('partial-kind');
  });
  it('asks for budgets only where pods are evicted', () => {
    expect(verify(without('PodDisruptionBudget'), planOf(cluster, [removalOf(c)])).verdict).toBe('verified');
  });
  it('adds up namespaces only when all of them are known', () => {
    const own = {
      ...without('PodDisruptionBudget'),
      namespaces: [{ name: 'default' }, { name: 'other' }],
    };
    const listed = (...names: string[]) => ({
      ...own,
      coverage: [
        ...own.coverage,
        ...names.map((namespace) => ({ kind: 'PodDisruptionBudget', namespace, state: 'listed' as const })),
      ],
    });
    expect(verify(listed('default'), good).verdict).toBe('conditional');
    expect(verify(listed('default', 'other'), good).verdict).toBe('verified');
  });
  it('is conditional on limits of a node group that nobody told, with the aws line', () => {
    const grouped = { ...a, owner: { kind: 'managed-node-group' as const, name: 'workers' } };
    const own = { ...cluster, nodes: [grouped, b, c] };
    const verification = verify(own, planOf(own, [removalOf(grouped, [drained(0, 1, b)])]));
    expect(verification).toMatchObject({
      verdict: 'conditional',
      unknowns: [{ remedy: expect.stringContaining('aws eks describe-nodegroup') }],
    });
  });
  it('is conditional on rollouts of owners that were not seen', () => {
    const own = { ...cluster, workloads: [deployment('web', 0, { replicas: 3, rollout: 'unknown' })] };
    expect(verify(own, good).unknowns).toMatchObject([{ reason: { code: 'rollout-unknown' } }]);
  });
});
