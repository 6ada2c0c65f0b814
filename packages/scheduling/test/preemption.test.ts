import type { Node, PodTemplate } from '@cloudoptim/core';
import { describe, expect, it, test } from 'vitest';
import { deployment, gibibyte, node, state, takenAtMs, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, removalOf, verify } from './support/plan.js';

const spread = [
  {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule' as const,
    labelSelector: { matchLabels: { app: 'late' } },
  },
];

/**
 * `a` has one pod that spreads by node, and another waits: `b` has none, but is too small, so `a` may have no second one. Once `b` is
 * gone it may, and only `web` takes the room.
 */
function spreading(late: Partial<PodTemplate>, web: Partial<PodTemplate> = {}, cpu = 4) {
  return state({
    nodes: [node('a', { cpu }), node('b', { cpu: 1 })],
    workloads: [deployment('web', 0), deployment('late', 1, { replicas: 2 })],
    podTemplates: [
      { ...template({ cpu: 2_000 }), ...web },
      { ...template({ cpu: 1_500 }), labels: { app: 'late' }, topologySpread: spread, ...late },
    ],
    pods: [
      { template: 0, workload: 0, node: 0 },
      { template: 1, workload: 1, node: 0 },
      { template: 1, workload: 1, node: -1 },
    ],
  });
}

const removingB = (of: ReturnType<typeof spreading>) => verify(of, planOf(of, [removalOf(of.nodes[1] as Node, [])]));

// Found by carrying plans out on a real cluster, once in 211: an empty node was removed, and two pods of a StatefulSet that the plan
// never named lost their places to pods that had waited all along. No budget is asked for that.
describe('a removal that ends what kept a waiting pod from preempting', () => {
  it('is refused, with the pod that waits, its victim and the action', () => {
    const [refusal, ...others] = removingB(spreading({ priority: 10 })).refusals;
    expect(others).toEqual([]);
    expect(refusal?.reason.code).toBe('preemption');
    expect(refusal?.reason.message).toContain('waits with priority 10, and would then preempt pods of a, default/');
    expect(refusal?.reason.numbers).toEqual({ priority: 10, victims: 1 });
    expect(refusal?.subject).toMatchObject({ kind: 'pod', namespace: 'default' });
  });

  test.each([
    { why: 'it has the priority of the others', late: {} },
    { why: 'the others have more', late: { priority: 10 }, web: { priority: 20 } },
    { why: 'it never preempts', late: { priority: 10, preemptionPolicy: 'Never' as const } },
    { why: 'it may do so today, whatever the plan does', late: { priority: 10, topologySpread: [] } },
    { why: 'the node has not the room even then', late: { priority: 10 }, web: template({ cpu: 500 }), cpu: 2.5 },
  ])('is not refused where $why', ({ late, web, cpu }) => {
    expect(codesOf(removingB(spreading(late, web, cpu)))).toEqual([]);
  });
});

// Found by carrying plans out on a real cluster, as above: empty nodes were removed while the pods of a StatefulSet, of high priority, were
// still to be made. They preempted pods on the only node left; they would have had those nodes.
describe('a removal of the room that pods have which are still to be made', () => {
  const toCome = (priority: number, cpu = 4) =>
    state({
      nodes: [node('a', { cpu: 4 }), node('b', { cpu })],
      workloads: [
        deployment('web', 0),
        deployment('late', 1, { replicas: 1, readyReplicas: 0, createdAtMs: takenAtMs }),
      ],
      podTemplates: [template({ cpu: 2_500, priority: 0 }), { ...template({ cpu: 2_000 }), priority }],
      pods: [{ template: 0, workload: 0, node: 0 }],
    });

  it('is refused, since they wait then or preempt others', () => {
    expect(codesOf(removingB(toCome(0)))).toEqual(['pending-pod-without-a-place']);
    expect(codesOf(removingB(toCome(10)))).toContain('preemption');
  });

  it('is not where they have no room today either', () => {
    expect(codesOf(removingB(toCome(10, 1)))).toEqual([]);
  });
});

// What waits comes back after a backoff of up to ten seconds, and then preempts who took the new node in the meantime.
describe('a pod that waits and comes late to a new node', () => {
  const replacing = (priority: number) => {
    const oneCore = { cpuMillicores: 1_000, memoryBytes: 4 * gibibyte, ephemeralStorageBytes: 80 * gibibyte, pods: 29 };
    const of = state({
      nodes: [node('a', { cpu: 1 }), node('b', { cpu: 1, labels: { disk: 'ssd' } })],
      workloads: [deployment('web', 0, { replicas: 2 }), deployment('late', 1)],
      podTemplates: [
        template({ cpu: 500, priority: 0 }),
        { ...template({ cpu: 900, nodeSelector: { disk: 'none' } }), priority },
      ],
      pods: [
        { template: 0, workload: 0, node: 0 },
        { template: 0, workload: 0, node: 1 },
        { template: 1, workload: 1, node: -1 },
      ],
    });
    const launch = launchOf('new', { assumedAllocatable: oneCore });
    const own =
      launch.kind === 'launch-node'
        ? { ...launch, template: { ...launch.template, labels: { disk: 'none' } } }
        : launch;
    return verify(of, planOf(of, [[own], removalOf(of.nodes[0] as Node, [drained(0, 1)])]));
  };

  it('makes the launch refused where it has more priority, and not else', () => {
    expect(codesOf(replacing(0))).toEqual([]);
    expect(codesOf(replacing(10))).toEqual(['preemption']);
    expect(replacing(10).refusals[0]?.group).toBe('g1');
  });
});
