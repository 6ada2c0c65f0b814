import type { Intent, Workload } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { waitingPods } from '../src/run/waiting-pods.js';
import { deployment, gibibyte, node, state, takenAtMs, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, removalOf, verify } from './support/plan.js';
import { runOf } from './support/run.js';

const a = node('a', { cpu: 1, memory: 4 });
const b = node('b', { cpu: 1, memory: 4 });
const oneCore = { cpuMillicores: 1_000, memoryBytes: 4 * gibibyte, ephemeralStorageBytes: 80 * gibibyte, pods: 29 };

/** Two nodes that a pod each fills. */
const cluster = state({
  nodes: [a, b],
  workloads: [deployment('web', 0, { replicas: 2 })],
  podTemplates: [template({ cpu: 900 }), template({ cpu: 900 })],
  pods: [0, 1].map((at) => ({ template: 0, workload: 0, node: at })),
});

/** What is said of replacing one of them, beside a workload whose pods have no room but on the new one. */
function codesOfReplacing(late: Workload, before: readonly Intent[] = []): string[] {
  const of = { ...cluster, workloads: [...cluster.workloads, late] };
  const launch = launchOf('new', { assumedAllocatable: oneCore });
  return codesOf(verify(of, planOf(of, [[...before, launch, ...removalOf(a, [drained(0, 1)])]])));
}

describe('pods that controllers have yet to make', () => {
  // Found by carrying plans out on a real cluster, once in some 2,700 plans that were accepted: a state was read before the controller had
  // made the first pod of a StatefulSet, and the plan removed the empty nodes that its pods would have gone to.
  it('compete for what a plan launches, of a Deployment or a parallel StatefulSet that was just made or changed', () => {
    const counted = { readyReplicas: 0, updatedReplicas: 0, createdAtMs: takenAtMs - 2_000 };
    const missing = (change: Partial<Workload>) => {
      const late = deployment('late', 1, { replicas: 1, ...counted, ...change });
      return codesOfReplacing(late);
    };
    const parallel: Partial<Workload> = { kind: 'StatefulSet', podManagement: 'Parallel' };
    const unseen = { createdAtMs: 0, generation: 2 };
    for (const change of [{}, parallel, unseen]) expect(missing(change)).toContain('pod-without-a-place');
    const others: Partial<Workload>[] = [
      { replicas: 0 },
      { readyReplicas: 1 },
      { updatedReplicas: 1 },
      { kind: 'Job' },
      { successorTemplate: -1 },
      // Its controller has long looked, and is not let make it.
      { createdAtMs: takenAtMs - 3_600_000 },
    ];
    for (const change of others) expect(missing(change), JSON.stringify(change)).not.toContain('pod-without-a-place');
    // Of whose status nothing is known, nobody knows what is missing: an owner may not have been listed.
    const unknown = deployment('late', 1, { replicas: 1, createdAtMs: takenAtMs });
    expect(codesOfReplacing(unknown)).not.toContain('pod-without-a-place');
  });

  it('never come where a plan has scaled them away before', () => {
    for (const kind of ['StatefulSet', 'Deployment'] as const) {
      const late = deployment('late', 1, { kind, replicas: 2, readyReplicas: 0, createdAtMs: takenAtMs - 2_000 });
      const workload = { kind, namespace: late.namespace, name: late.name };
      expect(codesOfReplacing(late)).toContain('pod-without-a-place');
      expect(codesOfReplacing(late, [{ kind: 'scale-workload', workload, from: 2, to: 0 }])).toEqual([]);
    }
  });

  it('are named by the ordinals that a parallel StatefulSet lacks, and replace at once what a Deployment loses', () => {
    const status = { replicas: 3, readyReplicas: 0, updatedReplicas: 0, createdAtMs: takenAtMs };
    const of = state({
      nodes: [a, b],
      podTemplates: [template({ cpu: 100 })],
      workloads: [
        deployment('set', 0, { kind: 'StatefulSet', podManagement: 'Parallel', ...status, replicas: 4 }),
        deployment('web', 0, status),
      ],
      pods: [
        { name: 'set-1', template: 0, workload: 0, node: 0 },
        { name: 'set-2', template: 0, workload: 0, node: 0, extra: { deletionAtMs: 1 } },
        { name: 'web-x', template: 0, workload: 1, node: 0 },
        { name: 'web-y', template: 0, workload: 1, node: 0, extra: { deletionAtMs: 1 } },
        { name: 'web-z', template: 0, workload: 1, node: 0, extra: { phase: 'Failed' } },
      ],
    });
    expect(waitingPods(runOf(of, planOf(of, []))).map(({ workload, name }) => [workload, name])).toEqual([
      [1, undefined],
      [1, undefined],
      [0, 'set-0'],
      [0, 'set-3'],
    ]);
  });

  it('are not a million that come at once, if somebody asked for so many', () => {
    const web = deployment('web', 0, { replicas: 1_000_000, readyReplicas: 2, createdAtMs: takenAtMs });
    const of = { ...cluster, workloads: [web] };
    expect(waitingPods(runOf(of, planOf(of, [])))).toHaveLength(10_000);
    const ordered = { ...of, workloads: [deployment('web', 0, { kind: 'StatefulSet', replicas: 200_000 })] };
    expect(waitingPods(runOf(ordered, planOf(ordered, [])))).toHaveLength(199_998);
  });
});
