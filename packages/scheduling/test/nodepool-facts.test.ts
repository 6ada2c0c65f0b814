import type { Action, Draft, JsonValue } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { changesNothing, knownOf } from '../src/verify/nodepool-patch.js';
import { node, state } from './support/build.js';
import { codesOf, planOf, verify } from './support/plan.js';

const requirement = { key: 'kubernetes.io/arch', operator: 'In' as const, values: ['amd64'] };
const cluster = state({
  nodes: [node('a')],
  nodePools: [{ name: 'default', weight: 10, requirements: [requirement] }],
});
const because = [{ code: 'test', message: 'A test.' }] as const;
const narrow = { spec: { template: { spec: { requirements: [requirement, { key: 'x', operator: 'Exists' }] } } } };
const today = { spec: { template: { spec: { requirements: [{ ...requirement, values: ['amd64'] }] } } } };

const configure = (patch: JsonValue, prior: JsonValue, nodePool = 'default'): Draft => ({
  kind: 'configure-nodepool',
  nodePool,
  patch,
  prior,
  reasons: because,
});

/** With the expectations that core gives each action. */
function plan(...drafts: readonly Draft[]) {
  const sealed = planOf(
    cluster,
    drafts.map((draft) => [draft]),
    { after: drafts.map((_, at) => (at === 0 ? [] : [at - 1])) },
  );
  const expecting = (action: Action): Action =>
    action.kind === 'configure-nodepool'
      ? { ...action, expect: [{ fact: 'nodepool-unchanged-by', nodePool: action.nodePool, patch: action.prior }] }
      : action;
  return { ...sealed, groups: sealed.groups.map((group) => ({ ...group, actions: group.actions.map(expecting) })) };
}

describe('what a plan expects of a NodePool', () => {
  it('holds where the pool is as the plan says, and after the plan’s own change', () => {
    expect(codesOf(verify(cluster, plan(configure(narrow, today), configure(today, narrow))))).toEqual([]);
  });

  it('differs where the pool was configured otherwise, or is gone', () => {
    const other = { spec: { template: { spec: { requirements: [{ ...requirement, values: ['arm64'] }] } } } };
    expect(codesOf(verify(cluster, plan(configure(narrow, other))))).toContain('facts-differ');
    expect(codesOf(verify(cluster, plan(configure(narrow, today, 'gone'))))).toContain('facts-differ');
  });

  it('is not held against a pool that was not listed', () => {
    const forbidden = cluster.coverage.map((entry) =>
      entry.kind === 'NodePool' ? { ...entry, state: 'forbidden' as const } : entry,
    );
    const unlisted = { ...cluster, nodePools: [], coverage: forbidden };
    expect(codesOf(verify(unlisted, plan(configure(narrow, today))))).not.toContain('facts-differ');
  });

  it('differs where the plan’s own change is taken back to what it never was', () => {
    expect(codesOf(verify(cluster, plan(configure(narrow, today), configure(today, today))))).toContain('facts-differ');
  });

  it('is not held against a pool where the state does not tell', () => {
    const [pool] = cluster.nodePools;
    if (pool === undefined) throw new Error('There is a pool.');
    const known = knownOf(pool);
    expect(changesNothing({ spec: { limits: { cpu: '10' } } }, known)).toBe(true);
    expect(changesNothing({ spec: { weight: 10 } }, known)).toBe(true);
    expect(changesNothing({ spec: { weight: null } }, known)).toBe(false);
    expect(changesNothing({ spec: { weight: 11 } }, known)).toBe(false);
  });
});
