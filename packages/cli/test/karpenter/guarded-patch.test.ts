import { expect, it } from 'vitest';
import { guardedPatch } from '../../src/karpenter/guarded-patch.js';

it('each field that changes is asked about before it is changed, taken away or brought', () => {
  const patch = { spec: { weight: 5, limits: { 'a/b': null }, template: { requirements: [1] }, fresh: 'x' } };
  const prior = { spec: { weight: 1, limits: { 'a/b': '4' }, template: { requirements: [2, 3] }, fresh: null } };
  expect(guardedPatch(patch, prior)).toEqual([
    { op: 'test', path: '/spec/weight', value: 1 },
    { op: 'replace', path: '/spec/weight', value: 5 },
    { op: 'test', path: '/spec/limits/a~1b', value: '4' },
    { op: 'remove', path: '/spec/limits/a~1b' },
    { op: 'test', path: '/spec/template/requirements', value: [2, 3] },
    { op: 'replace', path: '/spec/template/requirements', value: [1] },
    { op: 'add', path: '/spec/fresh', value: 'x' },
  ]);
  expect(guardedPatch(prior, patch)).toContainEqual({ op: 'remove', path: '/spec/fresh' });
});

it('a field that is absent and stays so is not spoken of', () => {
  expect(guardedPatch({ spec: { weight: null } }, { spec: { weight: null } })).toEqual([]);
});
