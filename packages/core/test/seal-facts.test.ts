import { describe, expect, it } from 'vitest';
import type { Draft } from '../src/index.js';
import {
  a,
  b,
  type Circumstances,
  cordon,
  drain,
  issuesOf,
  removal,
  seal,
  terminate,
  web,
} from './fixtures/sealing.js';
import { because, launch, node, smallCluster } from './fixtures/small-cluster.js';

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
