import { describe, expect, it } from 'vitest';
import type { Draft } from '../src/index.js';
import { a, b, cordon, drain, issuesOf, removal, seal, terminate, web } from './fixtures/sealing.js';
import { because, launch, market, node, now, smallCluster, workload } from './fixtures/small-cluster.js';

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
