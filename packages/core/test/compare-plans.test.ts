import { expect, it } from 'vitest';
import {
  comparePlans,
  type Decision,
  type Draft,
  defaultPolicy,
  type Plan,
  type Rejection,
  sealPlan,
} from '../src/index.js';
import { because, launch, market, now, smallCluster } from './fixtures/small-cluster.js';

function planOf(decision: Partial<Decision>): Promise<Plan> {
  return sealPlan({
    engine: { id: 'test', version: '1', considers: ['nodes'] },
    request: { contractVersion: 'v1', policy: defaultPolicy, options: {}, cluster: smallCluster(), market: market() },
    decision: { groups: [], rejections: [], ...decision },
    context: { now, seed: 0 },
  });
}

const cordon = (name: string): Draft => ({ kind: 'cordon-node', node: { uid: `uid-${name}` }, reasons: because });
const terminate = (name: string): Draft => {
  return { kind: 'terminate-node', node: { uid: `uid-${name}` }, via: { kind: 'asg', name: 'g' }, reasons: because };
};
const drainTo = (key: string): Draft => ({
  kind: 'drain-node',
  node: { uid: 'uid-a' },
  pods: [{ template: 0, count: 1, expected: [{ node: { launch: key }, count: 1 }] }],
  reasons: because,
});
const remove = (name: string) => ({ actions: [cordon(name), terminate(name)] });

it('finds no difference between plans that differ only in ids, launch keys and the order of groups', async () => {
  const replace = (key: string) => ({ actions: [launch({ key }), cordon('a'), drainTo(key), terminate('a')] });
  const before = await planOf({ groups: [replace('first'), remove('b')] });
  const after = await planOf({ groups: [remove('b'), replace('other')] });
  expect(comparePlans(before, after)).toMatchObject({ same: true, groups: [], rejections: [], sentences: [] });
});

it('tells groups that are new, gone and changed, with exact savings', async () => {
  const before = await planOf({ groups: [remove('a'), remove('b')] });
  const after = await planOf({ groups: [{ actions: [launch(), ...remove('b').actions] }, remove('c')] });
  const comparison = comparePlans(before, after);
  expect(comparison.savingsUsdPerHour).toEqual({ before: 0.192, after: 0.1088, difference: -0.0832 });
  expect(comparison.groups.map(({ change, before, after }) => [change, before, after])).toEqual([
    ['changed', 'g2', 'g1'],
    ['added', undefined, 'g2'],
    ['removed', 'g1', undefined],
  ]);
  expect(comparison.sentences).toEqual([
    'Savings: 0.192 to 0.1088 USD an hour (-0.0832).',
    'New: launch-node t3.large us-east-1a on-demand.',
    'Changed: cordon-node b (dependsOn).',
    'New: cordon-node c.',
    'New: terminate-node c.',
    'Gone: cordon-node a.',
    'Gone: terminate-node a.',
  ]);
});

it('names the fields of an action that changed', async () => {
  const scale = (to: number): Draft => {
    const workload = { kind: 'Deployment', namespace: 'shop', name: 'web' };
    return { kind: 'scale-workload', workload, from: 2, to, reasons: because };
  };
  const [before, after] = [
    await planOf({ groups: [{ actions: [scale(1)] }] }),
    await planOf({ groups: [{ actions: [scale(0)] }] }),
  ];
  expect(comparePlans(before, after).sentences).toEqual(['Changed: scale-workload Deployment/shop/web (to, undo).']);
});

it('compares rejections subject by subject, however they are grouped', async () => {
  const subject = (name: string) => ({ kind: 'node' as const, uid: `uid-${name}`, name });
  const rejection = (code: string, ...names: string[]): Rejection => {
    return { reason: { code, message: code }, subjects: names.map(subject) };
  };
  const before = await planOf({ rejections: [rejection('too-full', 'a', 'b'), rejection('pinned', 'b')] });
  const after = await planOf({
    rejections: [rejection('pinned', 'b'), rejection('too-full', 'b'), rejection('pinned', 'c')],
  });
  expect(comparePlans(before, after).rejections).toMatchObject([
    { change: 'removed', subject: subject('a'), before: ['too-full'], after: [] },
    { change: 'added', subject: subject('c'), before: [], after: ['pinned'] },
  ]);
  const other = await planOf({ rejections: [rejection('too-full', 'a', 'b'), rejection('budget', 'b')] });
  expect(comparePlans(before, other).sentences).toEqual([
    'node uid-b is left alone for budget, too-full instead of pinned, too-full.',
  ]);
});
