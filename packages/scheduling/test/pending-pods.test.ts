import type { ClusterState, Intent, Node, PodTemplate, Workload } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { deployment, node, type PodSpec, state, takenAtMs, template } from './support/build.js';
import { codesOf, drained, launchOf, planOf, removalOf, verify } from './support/plan.js';

const code = 'pending-pod-without-a-place';
const late: PodTemplate = template({ cpu: 900 });
/** Its controller has yet to make its pod. */
const isNew = { replicas: 1, readyReplicas: 0, createdAtMs: takenAtMs - 2_000 };
const waits: PodSpec = { name: 'late-0', template: 0, workload: 0, node: -1 };

interface Case {
  /** Cores of the node that stays. */
  readonly cpu?: number;
  readonly workload?: Partial<Workload>;
  readonly pods?: readonly PodSpec[];
  readonly pod?: PodTemplate;
  /** Other workloads, of a pod that waits each. */
  readonly others?: readonly string[];
}

/** An empty node a that the plan removes, and node b. */
function clusterOf({ cpu = 0.5, workload = {}, pods = [], pod = late, others = [] }: Case): ClusterState {
  return state({
    nodes: [node('a', { cpu: 1 }), node('b', { cpu })],
    podTemplates: [pod],
    workloads: [
      deployment('late', 0, { kind: 'StatefulSet', replicas: 1, ...workload }),
      ...others.map((name) => deployment(name, 0, { replicas: 1 })),
    ],
    pods: [...pods, ...others.map((name, at) => ({ name: `${name}-x`, template: 0, workload: at + 1, node: -1 }))],
  });
}

function refusals(of: ClusterState, before: readonly Intent[] = []) {
  return verify(of, planOf(of, [[...before, ...removalOf(of.nodes[0] as Node)]])).refusals;
}

const codes = (one: Case, before: readonly Intent[] = []) =>
  codesOf({ refusals: refusals(clusterOf(one), before) } as ReturnType<typeof verify>);

// Seen on a real cluster: a state was read before the controller of a StatefulSet had made its pod; a plan that was accepted removed the
// empty nodes that it would have gone to, and it waited for ever.
describe('a pod that has no node yet', () => {
  it('keeps the only node that takes it', () => {
    expect(codes({ workload: isNew })).toEqual([code]);
    expect(codes({ workload: { ...isNew, kind: 'Deployment' } })).toEqual([code]);
    expect(codes({ pods: [waits] })).toEqual([code]);
  });

  it('is named with that node, and the action that takes the node is at fault', () => {
    const [refusal] = refusals(clusterOf({ pods: [waits] }));
    expect(refusal).toMatchObject({ group: 'g1', action: 'g1.a2', subject: { kind: 'workload' } });
    expect(refusal?.reason.message).toMatch(/StatefulSet default\/late .*\(a\)/);
    const bare = clusterOf({ pods: [{ ...waits, workload: -1 }] });
    expect(refusals(bare)[0]?.subject).toEqual({ kind: 'pod', namespace: 'default', name: 'late-0' });
    // Two such nodes: each is kept for its own.
    const two = state({
      nodes: ['a', 'b'].map((name) => node(name, { cpu: 1 })),
      podTemplates: ['a', 'b'].map((name) => template({ cpu: 900, nodeSelector: { 'kubernetes.io/hostname': name } })),
      pods: [0, 1].map((at) => ({ name: `late-${at}`, template: at, node: -1 })),
    });
    const plan = planOf(two, [two.nodes.flatMap((one) => removalOf(one))]);
    const actions = verify(two, plan).refusals.filter(({ reason }) => reason.code === code);
    expect(actions.map(({ action, subject }) => [action, 'name' in subject && subject.name])).toEqual([
      ['g1.a2', 'late-0'],
      ['g1.a4', 'late-1'],
    ]);
  });

  it('keeps no node where another one takes it, one that stays or one that the plan launches', () => {
    expect(codes({ cpu: 1, pods: [waits] })).toEqual([]);
    expect(codes({ pods: [waits] }, [launchOf('new')])).not.toContain(code);
  });

  it('keeps no node that does not take it, nor one where it only belongs', () => {
    expect(codes({ pods: [waits], pod: template({ cpu: 9_000 }) })).toEqual([]);
    const pinned = { ...waits, extra: { pinnedNode: 'a' } };
    expect(codes({ workload: { kind: 'DaemonSet' }, pods: [pinned] })).not.toContain(code);
  });

  it('keeps no node once the plan has scaled it away', () => {
    const workload = { kind: 'StatefulSet', namespace: 'default', name: 'late' };
    const down: Intent = { kind: 'scale-workload', workload, from: 1, to: 0 };
    expect(codes({ pods: [waits] }, [down])).not.toContain(code);
  });

  it('keeps it also where the one that stays takes another that waits', () => {
    for (const others of [['web'], ['a-web', 'web']]) expect(codes({ cpu: 1, pods: [waits], others })).toEqual([code]);
    const two = { kind: 'Deployment', replicas: 2 } as const;
    const large = { ...waits, name: 'late-1' };
    expect(codes({ cpu: 1, workload: two, pods: [waits, large] })).toEqual([code]);
  });

  // Seen on a real cluster: of a StatefulSet in order one pod waited, and the plan removed the empty node that the one after it went to.
  it('keeps it also where an ordered StatefulSet makes it after others', () => {
    const workload = { replicas: 3, readyReplicas: 0 };
    const of = (stay: number, go: number, own: Partial<Workload> = {}, pods = [waits]) => {
      const nodes = Array.from({ length: go + stay }, (_, at) => node(`n${at}`, { cpu: 1 }));
      const workloads = [deployment('late', 0, { kind: 'StatefulSet', ...workload, ...own })];
      return state({ nodes, podTemplates: [late], workloads, pods });
    };
    const isKept = (cluster: ClusterState, go: number, last: readonly Intent[] = []) => {
      const { refusals } = verify(
        cluster,
        planOf(cluster, [[...cluster.nodes.slice(0, go).flatMap((one) => removalOf(one)), ...last]]),
      );
      return refusals.some(({ reason }) => reason.code === code);
    };
    expect(isKept(of(3, 1), 1)).toBe(false);
    expect(isKept(of(2, 1), 1)).toBe(true);
    expect(isKept(of(1, 2), 2)).toBe(true);
    expect(isKept(of(1, 2, {}, []), 2)).toBe(true);
    expect(isKept(of(1, 2, { replicas: 1 }), 2)).toBe(false);
    // Nothing comes after one that no node takes.
    const stuck = of(0, 1, { replicas: 2 }, [{ ...waits, template: 1 }]);
    expect(isKept({ ...stuck, podTemplates: [late, template({ cpu: 9_000 })] }, 1)).toBe(false);
    // Nor before one that waits for another pod; but then.
    const web = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'topology.kubernetes.io/zone' };
    const near = template({ cpu: 900, podAffinity: { required: [web] } });
    const small = template({ cpu: 50, labels: { app: 'web' } });
    const both = of(1, 1, { replicas: 2 }, [waits, { name: 'web', template: 1, node: -1 }]);
    expect(isKept({ ...both, podTemplates: [near, small] }, 1)).toBe(true);
    // One after the other, they come to the node that the plan launches last.
    const launch = launchOf('new') as Extract<Intent, { kind: 'launch-node' }>;
    const last = (cores: number) => [
      { ...launch, assumedAllocatable: { ...launch.assumedAllocatable, cpuMillicores: cores * 1_000 } },
    ];
    expect(isKept(of(1, 2), 2, last(2))).toBe(false);
    expect(isKept(of(1, 2), 2, last(1))).toBe(true);
  });

  it('may come to a launched node after pods that the plan moves, and then has to find room there', () => {
    const moved = (cores: number) => {
      const disk = { labels: { disk: 'ssd' } };
      const of = state({
        nodes: [node('a', { cpu: 1, ...disk }), node('b', { cpu: 1, memory: 2 }), node('c', { cpu: 1 })],
        podTemplates: [template({ cpu: 900, nodeSelector: { disk: 'ssd' } }), template({ cpu: 900 })],
        workloads: [deployment('late', 0, { replicas: 1 }), deployment('web', 1, { replicas: 2 })],
        pods: [waits, { template: 1, workload: 1, node: 2 }],
      });
      const launch = launchOf('new') as Extract<Intent, { kind: 'launch-node' }>;
      const allocatable = { ...launch.assumedAllocatable, cpuMillicores: cores * 1_000 };
      const own = { ...launch, template: { ...launch.template, ...disk }, assumedAllocatable: allocatable };
      const [a, b, c] = of.nodes as readonly Node[] as readonly [Node, Node, Node];
      return codesOf(verify(of, planOf(of, [[own, ...removalOf(a), ...removalOf(c, [drained(1, 1, b)])]])));
    };
    expect(moved(1)).toContain(code);
    expect(moved(2)).not.toContain(code);
  });
});
