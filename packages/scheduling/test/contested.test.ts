import type { Intent, PodTemplate } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, node, state, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, policy, removalOf, verify } from './support/plan.js';

const empty = Array.from({ length: 12 }, (_, at) => node(`n${at}`));
const full = node('full', { cpu: 1 });
const open = node('open', { cpu: 8 });
const large = template({ cpu: 64_000 });
const many = policy({ disruptionBudgets: [], maxGroupsInFlight: 3 });

/**
 * Twelve empty nodes and one with a pod, which a plan removes in any order: more states than are gone through. Beside them a pod waits for
 * a node.
 */
function codesOfRemoving(
  waits: PodTemplate | undefined,
  other: readonly Intent[] = [],
  beside = large,
  pinned?: string,
): string[] {
  const cluster = state({
    nodes: [...empty, full, open, node('spare', { cpu: 2 }), node('full-and-stays', { cpu: 1 })],
    podTemplates: [template({ cpu: 900 }), waits ?? large, beside, template({ cpu: 1_000 })],
    workloads: [
      deployment('web', 0, { replicas: 3 }),
      deployment('late', 1, { replicas: 1 }),
      deployment('beside', 2, { replicas: 1 }),
      deployment('agent', 3, { kind: 'DaemonSet' }),
    ],
    pods: [
      { template: 0, workload: 0, node: 12 },
      { template: 0, workload: 0, node: 13 },
      { template: 0, workload: 0, node: 15 },
      ...(waits === undefined
        ? []
        : [
            {
              name: 'late',
              template: 1,
              workload: pinned === undefined ? 1 : 3,
              node: -1,
              ...(pinned !== undefined && { extra: { pinnedNode: pinned } }),
            },
            { name: 'beside', template: 2, workload: 2, node: -1 },
          ]),
    ],
    nodePools: [{ name: 'default', budgets: [{ nodes: '100%' }] }],
  });
  const groups = [...empty.map((own) => removalOf(own, [])), removalOf(full, [drained(0, 1)])];
  return codesOf(verify(cluster, planOf(cluster, other.length === 0 ? groups : [...groups, other], inFlight), many));
}
const evicted: Intent = {
  kind: 'evict-pod',
  node: { uid: 'uid-open' },
  namespace: 'default',
  name: 'pod-1',
  template: 0,
};
const spread = {
  ...template({ cpu: 100 }),
  topologySpread: [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'DoNotSchedule' as const,
      labelSelector: { matchLabels: { app: 'x' } },
    },
  ],
};
const inFlight = { change: { maxGroupsInFlight: 3 } };

// Any pod that waited made such a plan refused, were it one that nobody lets be scheduled, or of a DaemonSet on a full node that stays.
describe('a pod that waits beside a plan whose groups come in any order', () => {
  it('does not stand in its way where it fits nowhere, and never will', () => {
    expect(codesOfRemoving(large)).toEqual([]);
    expect(codesOfRemoving({ ...template({ cpu: 100 }), schedulingGates: ['example.com/not-yet'] })).toEqual([]);
    expect(codesOfRemoving(large, [launchOf('new')])).toEqual([]);
    const ofDaemonSet = template({ cpu: 1_000, tolerations: [{ operator: 'Exists' }] });
    expect(codesOfRemoving(ofDaemonSet, [], large, 'full-and-stays')).toEqual([]);
    // One that found a node right away waits no more.
    expect(codesOfRemoving(large, [], spread)).toEqual([]);
    expect(codesOfRemoving(undefined, [evicted])).toEqual([]);
  });

  it('does where a node to come may take it, where room is made, and where more than room keeps it waiting', () => {
    const eight = {
      cpuMillicores: 8_000,
      memoryBytes: 32 * 1024 ** 3,
      ephemeralStorageBytes: 20 * 1024 ** 3,
      pods: 29,
    };
    const ofEight = template({ cpu: 7_900 });
    expect(codesOfRemoving(ofEight, [launchOf('new', { assumedAllocatable: eight })])).toContain('not-robust');
    expect(codesOfRemoving(ofEight, [evicted])).toContain('not-robust');
    const ofDaemonSet = template({ cpu: 1_000, tolerations: [{ operator: 'Exists' }] });
    expect(codesOfRemoving(ofDaemonSet, [], large, 'full')).toContain('not-robust');
    expect(codesOfRemoving({ ...ofDaemonSet, needs: ofEight.needs })).toContain('not-robust');
    expect(codesOfRemoving({ ...spread, needs: large.needs })).toContain('not-robust');
  });
});
