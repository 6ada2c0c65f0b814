import { describe, expect, it } from 'vitest';
import {
  type ClusterState,
  type Decision,
  type Draft,
  defaultPolicy,
  InvalidPlan,
  type Market,
  type Policy,
  sealPlan,
} from '../src/index.js';
import { because, launch, market, node, now, smallCluster, workload } from './fixtures/small-cluster.js';

interface Circumstances {
  readonly cluster?: ClusterState;
  readonly market?: Market;
  readonly policy?: Partial<Policy>;
  readonly seed?: number;
}

function seal(decision: Partial<Decision>, { policy, seed = 0, ...inputs }: Circumstances = {}) {
  return sealPlan({
    engine: { id: 'test', version: '1.0.0', considers: ['nodes'] },
    request: {
      contractVersion: 'v1',
      policy: { ...defaultPolicy, ...policy },
      options: {},
      cluster: smallCluster(),
      market: market(),
      ...inputs,
    },
    decision: { groups: [], rejections: [], ...decision },
    context: { now, seed },
  });
}

const a = { uid: 'uid-a' };
const b = { uid: 'uid-b' };
const web = { kind: 'Deployment', namespace: 'shop', name: 'web' };
const cordon: Draft = { kind: 'cordon-node', node: a, reasons: because };
const drain: Draft = {
  kind: 'drain-node',
  node: a,
  pods: [{ template: 0, count: 1, expected: [{ node: b, count: 1 }] }],
  reasons: because,
};
const terminate: Draft = { kind: 'terminate-node', node: a, via: { kind: 'asg', name: 'group' }, reasons: because };
const removal = [cordon, drain, terminate];

async function issuesOf(sealing: Promise<unknown>): Promise<string[]> {
  const error = await sealing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!InvalidPlan.isInstance(error)) throw new Error('the plan was sealed, or failed otherwise', { cause: error });
  return error.issues.map(({ path, message }) => `${path}: ${message}`);
}

describe('identity and order', () => {
  it('numbers groups and actions, and lets each action wait for the one before', async () => {
    const { groups } = await seal({ groups: [{ actions: removal }] });
    expect(groups.map(({ id }) => id)).toEqual(['g1']);
    expect(groups[0]?.actions.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['g1.a1', []],
      ['g1.a2', ['g1.a1']],
      ['g1.a3', ['g1.a2']],
    ]);
  });

  it('lets a group wait for earlier ones that touch the same node, but not for those that share a destination', async () => {
    const onC = [{ template: 0, count: 1, expected: [{ node: { uid: 'uid-c' }, count: 1 }] }];
    const { groups } = await seal({
      groups: [
        { actions: [{ ...drain, pods: onC } as Draft] },
        { actions: [{ kind: 'drain-node', node: b, pods: onC, reasons: because }] },
        { actions: [{ kind: 'cordon-node', node: { uid: 'uid-c' }, reasons: because }] },
      ],
    });
    expect(groups.map(({ dependsOn }) => dependsOn)).toEqual([[], [], ['g1', 'g2']]);
  });

  it('takes the order that the author gives instead', async () => {
    const { groups } = await seal({
      groups: [
        { actions: [cordon], after: [1] },
        { actions: [drain], after: [] },
      ],
    });
    expect(groups.map(({ dependsOn }) => dependsOn)).toEqual([['g2'], []]);
  });

  it('lets whatever names a launched node wait for its launch, even one in a later group', async () => {
    const onNew: Draft = { kind: 'label-node', node: { launch: 'new' }, labels: { tier: 'web' }, reasons: because };
    const { groups } = await seal({ groups: [{ actions: [onNew], after: [] }, { actions: [launch()] }] });
    expect(groups[0]).toMatchObject({ dependsOn: ['g2'], actions: [{ dependsOn: ['g2.a1'] }] });
  });

  it('refuses an order that runs in a circle', async () => {
    const groups = [
      { actions: [cordon], after: [1] },
      { actions: [drain], after: [0] },
    ];
    expect(await issuesOf(seal({ groups }))).toEqual([
      'groups[0].after: groups[0], groups[1] wait for each other; let one of them start.',
    ]);
  });

  it('refuses a group that waits for itself or for none that exists', async () => {
    expect(await issuesOf(seal({ groups: [{ actions: [cordon], after: [0, 5] }] }))).toHaveLength(2);
  });

  it('gives the same question the same id, and another question another', async () => {
    const ids = await Promise.all([
      seal({}),
      seal({}),
      seal({}, { seed: 1 }),
      seal({}, { policy: { onDemandFloor: 0.5 } }),
      seal({}, { cluster: smallCluster({ clusterId: 'cluster-2' }) }),
      seal({}, { market: { ...market(), asOfMs: 0 } }),
      seal({ truncated: true }),
    ]);
    expect(ids[0]?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(ids[1]?.id).toBe(ids[0]?.id);
    expect(new Set(ids.map(({ id }) => id)).size).toBe(6);
  });
});

describe('facts, deadlines and undo', () => {
  it('expects of a drain that the node is there, cordoned, holds no more, and that every budget of its pods allows one', async () => {
    const { groups } = await seal({ groups: [{ actions: removal }] });
    expect(groups[0]?.actions[1]?.expect).toEqual([
      { fact: 'node-exists', node: a, name: 'a' },
      { fact: 'node-cordoned', node: a },
      { fact: 'node-holds-at-most', node: a, pods: [[0, 1]] },
      { fact: 'budget-allows', namespace: 'shop', budget: 'web', evictions: 1 },
      { fact: 'no-freeze' },
    ]);
    expect(groups[0]?.actions[2]?.expect).toContainEqual({ fact: 'node-holds-at-most', node: a, pods: [] });
  });

  it('finds a budget that selects by a label only the pod itself has', async () => {
    const base = smallCluster();
    const cluster = smallCluster({
      pods: { ...base.pods, extra: { 0: { labels: { 'apps.kubernetes.io/pod-index': '0' } } } },
      podDisruptionBudgets: [
        { namespace: 'shop', name: 'first', selector: { matchLabels: { 'apps.kubernetes.io/pod-index': '0' } } },
        { namespace: 'shop', name: 'second', selector: { matchLabels: { 'apps.kubernetes.io/pod-index': '1' } } },
        { namespace: 'shop', name: 'none' },
        { namespace: 'shop', name: 'all', selector: {} },
        { namespace: 'other', name: 'elsewhere', selector: {} },
      ],
    });
    const { groups } = await seal({ groups: [{ actions: [drain] }] }, { cluster });
    const budgets = groups[0]?.actions[0]?.expect.flatMap((fact) => (fact.fact === 'budget-allows' ? fact.budget : []));
    expect(budgets).toEqual(['first', 'all']);
  });

  it('waits for a launched node to offer what was assumed before it takes pods', async () => {
    const toNew: Draft = {
      ...drain,
      pods: [{ template: 0, count: 1, expected: [{ node: { launch: 'new' }, count: 1 }] }],
    } as Draft;
    const { groups } = await seal({ groups: [{ actions: [launch(), cordon, toNew, terminate] }] });
    expect(groups[0]?.actions[0]?.expect).toEqual([
      {
        fact: 'price-at-most',
        offering: { instanceType: 't3.large', zone: 'us-east-1a', capacityType: 'on-demand' },
        usdPerHour: 0.09,
      },
      {
        fact: 'price-at-most',
        offering: { instanceType: 'm5.large', zone: 'us-east-1a', capacityType: 'on-demand' },
        usdPerHour: 0.1,
      },
      { fact: 'no-freeze' },
    ]);
    expect(groups[0]?.actions[2]).toMatchObject({ dependsOn: ['g1.a2', 'g1.a1'] });
    expect(groups[0]?.actions[2]?.expect).toContainEqual({
      fact: 'node-ready',
      node: { launch: 'new' },
      allocatableAtLeast: { cpuMillicores: 1900, memoryBytes: 6 * 2 ** 30, pods: 20 },
    });
  });

  it('expects the generation of the snapshot only until the plan itself changes the workload', async () => {
    const down: Draft = { kind: 'scale-workload', workload: web, from: 2, to: 1, reasons: because };
    const up: Draft = { kind: 'scale-workload', workload: web, from: 1, to: 3, reasons: because };
    const { groups } = await seal({ groups: [{ actions: [down] }, { actions: [up] }] });
    expect(groups[0]?.actions[0]?.expect).toContainEqual({ fact: 'workload-generation', workload: web, generation: 7 });
    expect(groups[1]?.actions[0]?.expect).toEqual([
      { fact: 'workload-replicas', workload: web, replicas: 1 },
      { fact: 'no-freeze' },
    ]);
  });

  it('expects of a NodePool that putting back would change nothing: nobody configured it otherwise meanwhile', async () => {
    const narrow: Draft = {
      kind: 'configure-nodepool',
      nodePool: 'default',
      patch: { spec: { weight: 50 } },
      prior: { spec: { weight: 10 } },
      reasons: because,
    };
    const { groups } = await seal({ groups: [{ actions: [narrow] }] });
    expect(groups[0]?.actions[0]?.expect).toEqual([
      { fact: 'nodepool-unchanged-by', nodePool: 'default', patch: { spec: { weight: 10 } } },
      { fact: 'no-freeze' },
    ]);
  });

  it('refuses to scale from replicas that the workload will not have at that step', async () => {
    const again: Draft = { kind: 'scale-workload', workload: web, from: 2, to: 1, reasons: because };
    expect(await issuesOf(seal({ groups: [{ actions: [again] }, { actions: [again] }] }))).toEqual([
      'groups[1].actions[0].from: is 2, but Deployment/shop/web has 1 replicas at that step.',
    ]);
  });

  it('adds grace and readiness of pods under a budget up, and never exceeds the limit of the policy', async () => {
    const three = { ...drain, pods: [{ template: 0, count: 3, expected: [{ node: b, count: 3 }] }] } as Draft;
    const deadline = async (draft: Draft, circumstances: Circumstances = {}) =>
      (await seal({ groups: [{ actions: [draft] }] }, circumstances)).groups[0]?.actions[0]?.deadlineSeconds;
    expect(await deadline(drain)).toBe(60 + 60);
    expect(await deadline(three)).toBe(60 + 3 * 60);
    expect(await deadline(three, { cluster: smallCluster({ podDisruptionBudgets: [] }) })).toBe(60 + 60);
    expect(await deadline(three, { policy: { drainDeadlineSeconds: 90 } })).toBe(90);
  });

  it('stops the whole plan when a removal fails, and only its group otherwise', async () => {
    const { groups } = await seal({ groups: [{ actions: removal }] });
    expect(groups[0]?.actions.map(({ onFailure }) => onFailure)).toEqual(['stop-group', 'stop-group', 'stop-plan']);
  });

  const cluster = smallCluster({
    nodes: [
      node('a', {
        unschedulable: true,
        labels: { tier: 'old' },
        taints: [{ key: 'team', value: 'red', effect: 'NoSchedule' }],
      }),
      node('b'),
    ],
    podTemplates: smallCluster().podTemplates,
  });
  const undos: readonly (readonly [string, Draft, unknown])[] = [
    ['uncordons', { kind: 'cordon-node', node: b, reasons: because }, { kind: 'uncordon-node', node: b }],
    ['leaves cordoned what was cordoned before', cordon, undefined],
    [
      'restores labels, removing those that were not there',
      { kind: 'label-node', node: a, labels: { tier: 'new', extra: 'x' }, reasons: because },
      { kind: 'label-node', node: a, labels: { tier: 'old', extra: null } },
    ],
    [
      'removes a taint that was not there',
      { kind: 'taint-node', node: b, taint: { key: 'k', effect: 'NoExecute' }, reasons: because },
      { kind: 'taint-node', node: b, taint: { key: 'k', effect: 'NoExecute' }, remove: true },
    ],
    [
      'restores the taint that ours replaced',
      { kind: 'taint-node', node: a, taint: { key: 'team', value: 'blue', effect: 'NoSchedule' }, reasons: because },
      { kind: 'taint-node', node: a, taint: { key: 'team', value: 'red', effect: 'NoSchedule' } },
    ],
    [
      'scales back',
      { kind: 'scale-workload', workload: web, from: 2, to: 0, reasons: because },
      { kind: 'scale-workload', workload: web, from: 0, to: 2 },
    ],
    [
      'resizes back',
      {
        kind: 'resize-workload',
        workload: web,
        method: 'in-place',
        containers: [
          {
            name: 'web',
            requests: { cpuMillicores: 100, memoryBytes: 1 },
            prior: { requests: { cpuMillicores: 500, memoryBytes: 2 }, limits: { cpuMillicores: 900, memoryBytes: 3 } },
          },
        ],
        reasons: because,
      },
      {
        kind: 'resize-workload',
        workload: web,
        method: 'in-place',
        containers: [
          {
            name: 'web',
            requests: { cpuMillicores: 500, memoryBytes: 2 },
            limits: { cpuMillicores: 900, memoryBytes: 3 },
            prior: { requests: { cpuMillicores: 100, memoryBytes: 1 } },
          },
        ],
      },
    ],
    [
      'resumes with the replicas of before',
      { kind: 'suspend-workload', workload: web, priorReplicas: 2, reasons: because },
      { kind: 'resume-workload', workload: web, replicas: 2 },
    ],
    [
      'never resumes to zero',
      { kind: 'suspend-workload', workload: web, priorReplicas: 0, reasons: because },
      undefined,
    ],
    [
      'restores the bounds of an autoscaler',
      {
        kind: 'set-autoscaler-bounds',
        autoscaler: { kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'web' },
        minReplicas: 0,
        maxReplicas: 1,
        prior: { minReplicas: 2, maxReplicas: 9 },
        reasons: because,
      },
      {
        kind: 'set-autoscaler-bounds',
        autoscaler: { kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'web' },
        minReplicas: 2,
        maxReplicas: 9,
        prior: { minReplicas: 0, maxReplicas: 1 },
      },
    ],
    [
      'removes a NodeOverlay that was not there',
      {
        kind: 'configure-nodeoverlay',
        nodeOverlay: 'discount',
        spec: { price: '0.05' },
        prior: null,
        reasons: because,
      },
      { kind: 'configure-nodeoverlay', nodeOverlay: 'discount', spec: null, prior: { price: '0.05' } },
    ],
  ];
  it.each(undos)('%s', async (_, draft, undo) => {
    const plan = await seal({ groups: [{ actions: [draft] }] }, { cluster });
    expect(plan.groups[0]?.actions[0]?.undo).toEqual(undo);
  });
});

describe('money', () => {
  it('saves the price of removed nodes, and is certain of it', async () => {
    const plan = await seal({ groups: [{ actions: removal }] });
    expect(plan.currentUsdPerHour).toBe(0.288);
    expect(plan.savingsUsdPerHour).toMatchObject({ point: 0.096, lower: 0.096, upper: 0.096, confidence: 1 });
    expect(plan.projectedUsdPerHour).toMatchObject({ point: 0.192, lower: 0.192, upper: 0.192 });
    expect(plan.pricesAsOfMs).toBe(now - 60_000);
  });

  it('counts a launch at its first offering, between its cheapest and its dearest cap', async () => {
    const plan = await seal({ groups: [{ actions: [launch(), ...removal] }] });
    expect(plan.savingsUsdPerHour).toMatchObject({ point: 0.0128, lower: -0.004, upper: 0.0128, confidence: 0.95 });
    expect(plan.projectedUsdPerHour).toMatchObject({ point: 0.2752, lower: 0.2752, upper: 0.292 });
  });

  it('promises nothing of what is left to Karpenter, which may not act', async () => {
    const plan = await seal({ groups: [{ actions: [launch(), ...removal], executor: 'karpenter' }] });
    expect(plan.groups[0]?.executor).toBe('karpenter');
    expect(plan.savingsUsdPerHour).toMatchObject({ point: 0.0128, lower: -0.004, upper: 0.0128 });
    const removed = await seal({ groups: [{ actions: removal, executor: 'karpenter' }] });
    expect(removed.savingsUsdPerHour).toMatchObject({ point: 0.096, lower: 0, upper: 0.096 });
    expect(removed.projectedUsdPerHour).toMatchObject({ point: 0.192, lower: 0.192, upper: 0.288 });
  });

  it('saves nothing in its totals by removing a node whose price nobody knows, and lists it', async () => {
    const cluster = smallCluster({ nodes: [node('a', { instanceType: 'x9.large' }), node('b')] });
    const plan = await seal({ groups: [{ actions: removal }] }, { cluster });
    expect(plan).toMatchObject({ currentUsdPerHour: 0.096, savingsUsdPerHour: { point: 0 } });
    expect(plan.unpriced).toMatchObject([
      { reason: { code: 'unpriced-node' }, subjects: [{ kind: 'node', uid: 'uid-a', name: 'a' }] },
    ]);
    expect(plan.unpriced[0]?.reason.message).toContain('no price for x9.large in us-east-1a as on-demand');
  });

  it('refuses a launch that has no known price, and one whose cap is below its price', async () => {
    const unknown = {
      instanceType: 'x9.large',
      zone: 'us-east-1a',
      capacityType: 'spot',
      priceCapUsdPerHour: 1,
    } as const;
    const tooLow = {
      instanceType: 'm5.large',
      zone: 'us-east-1a',
      capacityType: 'on-demand',
      priceCapUsdPerHour: 0.01,
    } as const;
    const issues = await issuesOf(seal({ groups: [{ actions: [launch({ offerings: [unknown, tooLow] })] }] }));
    expect(issues[0]).toMatch(/offerings\[0\]: x9.large in us-east-1a as spot has no known price/);
    expect(issues[1]).toMatch(/offerings\[1\].priceCapUsdPerHour: 0.01 is below the 0.096 USD/);
  });

  it('refuses to save the same node twice', async () => {
    const issues = await issuesOf(seal({ groups: [{ actions: removal }, { actions: [terminate] }] }));
    expect(issues).toEqual([
      'groups[1].actions[0].node: is removed by groups[0].actions[2] already; its price is saved once.',
    ]);
  });

  it('says that nobody can price a change of a group size', async () => {
    const shrink: Draft = {
      kind: 'set-node-group-size',
      group: { kind: 'managed-node-group', name: 'workers' },
      from: 3,
      to: 2,
      reasons: because,
    };
    const plan = await seal({ groups: [{ actions: [shrink] }] });
    expect(plan.savingsUsdPerHour.point).toBe(0);
    expect(plan.unpriced).toMatchObject([
      { reason: { code: 'unpriced-node-group-size' }, subjects: [{ name: 'workers' }] },
    ]);
  });
});

describe('what an author may get wrong', () => {
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    [
      'a node that is not there',
      { ...cordon, node: { uid: 'a' } },
      /node\.uid: the cluster has no node with uid "a"; use Node.uid/,
    ],
    ['a launch that is not there', { ...cordon, node: { launch: 'x' } }, /no launch-node of this plan has the key "x"/],
    [
      'a workload that is not there',
      { kind: 'suspend-workload', workload: { ...web, name: 'gone' }, reasons: because },
      /the cluster has no workload Deployment\/shop\/gone/,
    ],
    [
      'a template that is not there',
      { ...drain, pods: [{ template: 4, count: 1, expected: [{ node: b, count: 1 }] }] },
      /pods\[0\]\.template: 4 is beyond the 1 templates/,
    ],
    [
      'counts that do not add up',
      { ...drain, pods: [{ template: 0, count: 2, expected: [{ node: b, count: 1 }] }] },
      /expected: places 1 pods and count is 2/,
    ],
    ['no reasons', { ...cordon, reasons: [] }, /reasons/],
    [
      'a reason without a stable code',
      { ...cordon, reasons: [{ code: 'because of it', message: 'x' }] },
      /reasons\[0\]\.code: must be kebab-case.*found "because of it"/,
    ],
    [
      'a number that is none',
      { ...cordon, reasons: [{ code: 'x', message: 'x', numbers: { share: Number.NaN } }] },
      /numbers\.share: NaN is not a number that JSON can carry/,
    ],
    [
      'resuming to zero',
      { kind: 'resume-workload', workload: web, replicas: 0, reasons: because },
      /replicas: must be at least 1; found 0/,
    ],
    [
      'a change that changes nothing',
      { kind: 'scale-workload', workload: web, from: 2, to: 2, reasons: because },
      /changes nothing/,
    ],
    [
      'an unknown kind',
      { kind: 'reboot-node', node: a, reasons: because },
      /kind: must be one of .*"launch-node".*; found "reboot-node"/,
    ],
    [
      'an extension that the policy does not allow',
      { kind: 'extension', name: 'example.com/x', subject: { kind: 'cluster' }, payload: null, reasons: because },
      /name: "example.com\/x" is not allowed; the user has to add it to policy.extensions/,
    ],
    [
      'a payload that JSON cannot carry',
      {
        kind: 'extension',
        name: 'example.com/x',
        subject: { kind: 'cluster' },
        payload: { at: new Date(0) },
        reasons: because,
      },
      /payload\.at: a Date does not survive JSON/,
    ],
  ];
  it.each(wrong)('%s', async (_, draft, message) => {
    const issues = await issuesOf(seal({ groups: [{ actions: [draft as Draft] }] }));
    expect(issues.join('\n')).toMatch(message);
    expect(issues.join('\n')).toMatch(/groups\[0\]\.actions\[0\]/);
  });

  it('names its engine and every place', async () => {
    await expect(seal({ groups: [{ actions: [{ ...cordon, node: { uid: 'nope' } } as Draft] }] })).rejects.toThrow(
      /^Plan of engine test: groups\[0\]\.actions\[0\]\.node\.uid: /,
    );
  });

  it('two launches under one key', async () => {
    expect((await issuesOf(seal({ groups: [{ actions: [launch(), launch()] }] })))[0]).toMatch(/actions\[1\]\.key/);
  });

  it('a launch that comes after its use', async () => {
    const early: Draft = { kind: 'cordon-node', node: { launch: 'new' }, reasons: because };
    expect((await issuesOf(seal({ groups: [{ actions: [early, launch()] }] })))[0]).toMatch(/put the launch first/);
  });

  it('subjects and validity that make no sense', async () => {
    const rejections = [{ reason: because[0], subjects: [{ kind: 'workload' } as never] }];
    expect(await issuesOf(seal({ rejections }))).toEqual([
      'rejections[0].subjects[0].workload: is missing; must be an object',
    ]);
    expect(await issuesOf(seal({ validForMs: Number.NaN }))).toHaveLength(1);
  });
});

describe('what ends up in a plan', () => {
  it('keeps of a workload or an offering that was passed whole only what refers to it', async () => {
    const whole = workload('web', { uid: 'w', labels: { secret: 'x' } });
    const plan = await seal({
      groups: [{ actions: [{ kind: 'suspend-workload', workload: whole, priorReplicas: 2, reasons: because }] }],
      rejections: [
        { reason: because[0], subjects: [{ kind: 'workload', workload: whole }] },
        { reason: because[0], subjects: market().offerings.map((offering) => ({ kind: 'pool', offering })) },
      ],
    });
    expect(plan.groups[0]?.actions[0]).toMatchObject({ workload: { ...web, uid: 'w' } });
    expect(JSON.stringify(plan)).not.toMatch(/secret|successorTemplate|priceUsdPerHour/);
  });

  it('writes negative zero as zero and keeps keys named like parts of objects', async () => {
    const numbers = JSON.parse('{"__proto__": 1, "constructor": -0, "gain": -0}') as Record<string, number>;
    const plan = await seal({ rejections: [{ reason: { code: 'x', message: 'x', numbers }, subjects: [] }] });
    const kept = plan.rejections[0]?.reason.numbers ?? {};
    expect(Object.entries(kept)).toEqual([
      ['__proto__', 1],
      ['constructor', 0],
      ['gain', 0],
    ]);
    expect(Object.is(kept.gain, 0)).toBe(true);
  });

  it('is valid as long as the policy or the author says', async () => {
    expect((await seal({})).validUntilMs).toBe(now + 3_600_000);
    expect((await seal({ validForMs: 5 })).validUntilMs).toBe(now + 5);
    expect((await seal({}, { policy: { maxGroupsInFlight: 4 } })).maxGroupsInFlight).toBe(4);
  });
});
