import type { Intent, Plan, ResourceQuota } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { inUseOf } from '../src/run/quota-use.js';
import { deployment, node, state, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, policy, removalOf, verify } from './support/plan.js';

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

// Seen on a real cluster: a plan launched six nodes, the pods of two DaemonSets on them filled a quota, and an evicted pod of a StatefulSet in
// the same namespace was not made again. The plan had been accepted, since a pod of the same size had left.
describe('a quota that DaemonSets share with the pods that a plan moves', () => {
  interface Options {
    readonly change?: Partial<Plan>;
    readonly after?: readonly (readonly number[])[];
    /** Namespace of the DaemonSet. */
    readonly namespace?: string;
  }
  const verified = (pods: number, groups: readonly (readonly Intent[])[], options: Options = {}) => {
    const { change = {}, after = [], namespace = 'default' } = options;
    const shared = state({
      nodes: [a, b, node('c')],
      podTemplates: [template({ cpu: 100 }), { ...template({ cpu: 100 }), namespace }],
      workloads: [deployment('web', 0, { replicas: 2 }), deployment('agent', 1, { kind: 'DaemonSet', namespace })],
      pods: [
        { template: 0, workload: 0, node: 0 },
        { template: 0, workload: 0, node: 1 },
        ...[0, 1, 2].map((at) => ({ template: 1, workload: 1, node: at, name: `agent-${at}` })),
      ],
      resourceQuotas: [{ namespace: 'default', name: 'q', hard: { pods }, used: { pods: 5 } }],
    });
    const allowed = policy({ maxGroupsInFlight: change.maxGroupsInFlight ?? 1 });
    return verify(shared, planOf(shared, groups, { change, after }), allowed);
  };
  const codes = (...given: Parameters<typeof verified>) => codesOf(verified(...given));
  const [launch, move] = [launchOf('new'), removalOf(a, [drained(0, 1)])];

  it('refuses the successor where theirs on a launched node may come first', () => {
    expect(codes(5, [[launch, ...move]])).toContain('quota-refuses-successor');
    expect(codes(6, [[launch, ...move]])).toEqual([]);
    expect(codes(5, [[...move]])).toEqual([]);
  });

  it('counts what those of a node that went have left', () => {
    expect(codes(5, [[...removalOf(node('c')), launch, ...move]])).toEqual([]);
  });

  it('does not count those of other namespaces', () => {
    expect(codes(5, [[launch, ...move]], { namespace: 'other' })).toEqual([]);
    expect(codes(5, [move, [launch]], { namespace: 'other', change: { maxGroupsInFlight: 2 } })).toEqual([]);
  });

  it('leaves it to replays whether the end is certain', () => {
    expect(verified(9, [[launch, ...move]]).checked.replays).toBeGreaterThan(2);
    expect(verified(9, [[launch, ...move]], { namespace: 'other' }).checked.replays).toBe(2);
    expect(verified(9, [move]).checked.replays).toBe(2);
  });

  it('counts those of a launch that may come first in another group, and of one that does', () => {
    const change = { maxGroupsInFlight: 2 };
    const beside = (pods: number, groups: readonly (readonly Intent[])[], after: Options['after'] = []) =>
      verified(pods, groups, { change, after }).refusals.map(({ reason }) => reason.message);
    const shared = expect.stringContaining('groups beside this one');
    expect(beside(5, [move, [launch]])).toContainEqual(shared);
    expect(beside(6, [move, [launch]])).toEqual([]);
    const three = [[launch], move, [launchOf('other')]];
    expect(beside(6, three, [[], [0], []])).toContainEqual(shared);
    expect(beside(7, three, [[], [0], []])).toEqual([]);
  });
});

describe('a quota and a pod that waits', () => {
  const room = state({
    nodes: [node('a', { cpu: 1 })],
    podTemplates: [template({ cpu: 100 }), template({ cpu: 950 })],
    workloads: [deployment('web', 0, { replicas: 1 }), deployment('late', 1, { replicas: 1 })],
    pods: [
      { template: 0, workload: 0, node: 0 },
      { name: 'late-x', template: 1, workload: 1, node: -1 },
    ],
  });
  const scaled = (name: string, from: number, to: number): Intent => ({
    kind: 'scale-workload',
    workload: { kind: 'Deployment', namespace: 'default', name },
    ...{ from, to },
  });
  const codes = (pods: number, intents: readonly Intent[]) => {
    const held = { ...room, resourceQuotas: [{ namespace: 'default', name: 'q', hard: { pods }, used: { pods: 2 } }] };
    return codesOf(verify(held, planOf(held, [intents])));
  };

  it('counts it once, before it has a node and then', () => {
    const up = scaled('web', 1, 2);
    expect(codes(3, [launchOf('new'), up])).toEqual([]);
    expect(codes(2, [launchOf('new'), up])).toEqual(['quota-refuses-successor']);
    expect(codes(2, [up])).toEqual(['quota-refuses-successor']);
  });

  it('no longer counts it once it is scaled away', () => {
    expect(codes(2, [scaled('late', 1, 0), scaled('web', 1, 2)])).toEqual([]);
    expect(codes(2, [scaled('late', 1, 0), scaled('web', 1, 3)])).toEqual(['quota-refuses-successor']);
  });
});
