import type { PodTemplate } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, gibibyte, node, state, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, removalOf, verify } from './support/plan.js';

// Found by carrying plans out on a real cluster: a pod that had waited all along was in the queue before those of two DaemonSets, took the
// launched node that it did not fit beside them, and the pod that the plan evicted for that node stayed Pending.
const a = node('a', { cpu: 1, memory: 4 });
const b = node('b', { cpu: 1, memory: 4 });
const oneCore = { cpuMillicores: 1_000, memoryBytes: 4 * gibibyte, ephemeralStorageBytes: 80 * gibibyte, pods: 29 };

/** The waiting pod fits the new node as long as no agent is there, the moved one beside the agent. */
function codesWith(agent: Partial<PodTemplate>, waitingCpu = 900): string[] {
  const of = state({
    nodes: [a, b],
    workloads: [
      deployment('web', 0, { replicas: 2 }),
      deployment('late', 1, { replicas: 1 }),
      deployment('agent', 2, { kind: 'DaemonSet', scalable: false }),
    ],
    podTemplates: [
      template({ cpu: 600 }),
      template({ cpu: waitingCpu }),
      template({ cpu: 200, labels: { app: 'agent' }, ...agent }),
    ],
    pods: [
      { template: 0, workload: 0, node: 0 },
      { template: 0, workload: 0, node: 1 },
      { template: 2, workload: 2, node: 0 },
      { template: 2, workload: 2, node: 1 },
      { template: 1, workload: 1, node: -1 },
    ],
  });
  const launch = launchOf('new', { assumedAllocatable: oneCore });
  return codesOf(verify(of, planOf(of, [[launch, ...removalOf(a, [drained(0, 1)])]])));
}

describe('pods of DaemonSets on a new node', () => {
  it('come after pods that waited for longer, and may then not fit', () => {
    expect(codesWith({})).toContain('daemonset-does-not-fit-new-node');
  });
  it('come first where they tolerate a node that is not Ready', () => {
    expect(codesWith({ tolerations: [{ operator: 'Exists' }] })).toEqual([]);
    expect(codesWith({ tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists' }] })).toEqual([]);
    const evicted = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' } as const;
    expect(codesWith({ tolerations: [evicted] })).toContain('daemonset-does-not-fit-new-node');
  });
  it('come first where they are more important than all that wait', () => {
    expect(codesWith({ priority: 2_000_001_000 })).toEqual([]);
  });
  it('are not in the way of pods that fit nowhere either way', () => {
    expect(codesWith({}, 1_100)).toEqual([]);
  });
});
