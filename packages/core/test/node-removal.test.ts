import { expect, it } from 'vitest';
import { actsInNamespace, defaultPolicy, nodeRemoval, type Reason } from '../src/index.js';

const reasons: readonly [Reason] = [{ code: 'empty', message: 'No pod runs on it.' }];

it('a node of Karpenter goes by its NodeClaim, cordoned first', () => {
  const owner = { kind: 'karpenter', name: 'default', nodeClaim: 'claim-1' } as const;
  expect(nodeRemoval({ uid: 'u1', owner }, reasons)).toEqual([
    { kind: 'cordon-node', node: { uid: 'u1' }, reasons },
    { kind: 'delete-nodeclaim', node: { uid: 'u1' }, nodeClaim: 'claim-1', via: owner, reasons },
  ]);
});

it('a node of a group is terminated through the group, after its pods have moved', () => {
  const owner = { kind: 'managed-node-group', name: 'workers' } as const;
  const pods = [{ template: 0, count: 1, expected: [{ node: { uid: 'u2' }, count: 1 }] }];
  expect(nodeRemoval({ uid: 'u1', owner }, reasons, pods).map(({ kind }) => kind)).toEqual([
    'cordon-node',
    'drain-node',
    'terminate-node',
  ]);
});

it.each([
  [[], [], true],
  [['shop'], [], true],
  [['bank'], [], false],
  [[], ['shop'], false],
  [['shop'], ['shop'], false],
])('of namespaces that include %j and exclude %j, plans may act in shop: %s', (include, exclude, may) => {
  expect(actsInNamespace({ ...defaultPolicy, namespaces: { include, exclude } }, 'shop')).toBe(may);
});
