import type { ResourceQuota } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { inUseOf } from '../src/run/quota-use.js';
import { deployment, node, state, template } from './support/build.js';
import { codesOf, drained, planOf, removalOf, verify } from './support/plan.js';

// Found by carrying plans out on a real cluster: the quota said 24 pods of 28 where there were 34, since DaemonSets had just come.
const [a, b] = [node('a'), node('b')];
const of = (quota: Partial<ResourceQuota>) =>
  state({
    nodes: [a, b],
    podTemplates: [template({ cpu: 100 }), { ...template({ cpu: 100 }), namespace: 'other' }],
    workloads: [deployment('web', 0, { replicas: 4 }), deployment('far', 1, { replicas: 1, namespace: 'other' })],
    pods: [
      { template: 0, workload: 0, node: 0 },
      { template: 0, workload: 0, node: 1 },
      { template: 0, workload: 0, node: -1 },
      { template: 0, workload: 0, node: 1, extra: { phase: 'Failed' } },
      { template: 0, workload: 0, node: 1, extra: { deletionAtMs: 0 } },
      { template: 1, workload: 1, node: 1 },
    ],
    resourceQuotas: [{ namespace: 'default', name: 'q', hard: { pods: 2 }, used: { pods: 1 }, ...quota }],
  });
const inUse = (quota: Partial<ResourceQuota>, resource = 'pods') => {
  const cluster = of(quota);
  return inUseOf(cluster, cluster.resourceQuotas[0] as ResourceQuota, resource);
};

describe('what is in use of a quota', () => {
  it('is at least what the pods of its namespace come to, placed or waiting', () => {
    expect(inUse({})).toBe(3);
    expect(inUse({}, 'requests.cpu')).toBe(300);
    expect(inUse({ namespace: 'other' })).toBe(1);
  });

  it('is what the status says where that is more, as where pods were not all listed', () => {
    expect(inUse({ used: { pods: 7 } })).toBe(7);
  });

  it('is what the status says where the quota counts some pods only', () => {
    expect(inUse({ scopes: ['BestEffort'] })).toBe(1);
    expect(inUse({ scoped: true })).toBe(1);
  });

  it('refuses a plan whose evicted pod would not be made again', () => {
    const codes = (quota: Partial<ResourceQuota>) =>
      codesOf(verify(of(quota), planOf(of(quota), [removalOf(a, [drained(0, 1)])])));
    expect(codes({})).toContain('quota-refuses-successor');
    expect(codes({ hard: { pods: 3 } })).not.toContain('quota-refuses-successor');
  });
});
