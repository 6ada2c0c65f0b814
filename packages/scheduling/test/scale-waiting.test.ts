import type { ClusterState, Workload } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../src/index.js';
import { deployment, node, state, takenAtMs, template } from './support/build.js';
import { codesOf, planOf, verify } from './support/plan.js';

type Where = number | 'waits' | 'unready' | 'ends';

/** A node with room for four pods, and those of one workload: where each is, or what is the matter with it. */
function cluster(kind: string, pods: readonly Where[], change: Partial<Workload> = {}, pod = template({ cpu: 900 })) {
  return state({
    nodes: [node('a', { cpu: 4 })],
    podTemplates: [pod],
    workloads: [deployment('app', 0, { kind, replicas: pods.length, ...change })],
    pods: pods.map((where, ordinal) => ({
      ...{ name: `app-${ordinal}`, template: 0, workload: 0, node: where === 'waits' ? -1 : 0 },
      ...(where === 'unready' && { extra: { ready: false } }),
      ...(where === 'ends' && { extra: { deletionAtMs: 1 } }),
    })),
  });
}

const ref = (of: ClusterState) => {
  const { kind = '', namespace = '', name = '' } = of.workloads[0] ?? {};
  return { kind, namespace, name };
};
const scaleTo = (of: ClusterState, to: number) =>
  planOf(of, [[{ kind: 'scale-workload', workload: ref(of), from: of.workloads[0]?.replicas ?? 0, to }]]);
const said = (of: ClusterState, to: number) => verify(of, scaleTo(of, to)).refusals;
const codes = (of: ClusterState, to: number) => codesOf(verify(of, scaleTo(of, to)));
const podsAfter = (of: ClusterState, to: number) => {
  const { pods } = applyPlan(of, scaleTo(of, to));
  return pods.name.map((name, pod) => `${name}${pods.node[pod] === -1 ? ' waits' : ''}`);
};

const full: readonly Where[] = [0, 0, 0, 0];
/** Two of them fill the node. */
const large = template({ cpu: 1_800 });
const parallel = { podManagement: 'Parallel' } as const;

describe('a workload that is scaled while pods of it have no node', () => {
  // Seen on a real cluster: three pods of a StatefulSet waited, a plan scaled it to two, which was done at once; here it was refused
  // since no node would take two more.
  it('may come down without a place for those', () => {
    expect(codes(cluster('StatefulSet', ['waits', 'waits', 'waits'], parallel, template({ cpu: 9_000 })), 2)).toEqual(
      [],
    );
    expect(codes(cluster('Deployment', [...full, 'waits', 'waits']), 5)).toEqual([]);
    expect(podsAfter(cluster('Deployment', [...full, 'waits', 'waits']), 5)).toHaveLength(5);
  });

  it('loses those first, and a StatefulSet its highest ordinals wherever they are', () => {
    expect(podsAfter(cluster('Deployment', ['waits', 0, 0, 0]), 3)).toEqual(['app-1', 'app-2', 'app-3']);
    expect(podsAfter(cluster('Deployment', ['waits', 0, 0, 0]), 2)).toEqual(['app-1', 'app-2']);
    expect(podsAfter(cluster('StatefulSet', ['waits', 0, 0, 0], parallel), 3)).toEqual([
      'app-0 waits',
      'app-1',
      'app-2',
    ]);
    expect(podsAfter(cluster('StatefulSet', [0, 0, 'waits', 'waits'], parallel), 2)).toEqual(['app-0', 'app-1']);
  });

  it('goes up when there is a place for those too, and asks for no more than is missing', () => {
    expect(podsAfter(cluster('Deployment', [0, 0, 'waits']), 4)).toHaveLength(4);
    expect(podsAfter(cluster('StatefulSet', [0, 'waits', 0], parallel), 4)).toEqual([
      'app-0',
      'app-2',
      'app-1',
      'app-3',
    ]);
    for (const kind of ['Deployment', 'StatefulSet']) {
      expect(codes(cluster(kind, [0, 0, 'waits'], parallel), 4)).toEqual([]);
      expect(codes(cluster(kind, [0, 0, 0, 'waits'], parallel), 5)).toContain('pod-without-a-place');
      expect(codes(cluster(kind, full, parallel), 5)).toContain('pod-without-a-place');
    }
  });

  it('asks a quota for those that are yet to be made, and not for those that are there', () => {
    const quota = (pods: number) => ({ namespace: 'default', name: 'q', hard: { pods }, used: { pods } });
    const within = (of: ReturnType<typeof cluster>, pods: number) => ({ ...of, resourceQuotas: [quota(pods)] });
    const rollsOut = within(cluster('Deployment', [0, 0, 'waits'], { replicas: 2 }, large), 3);
    expect(codes(rollsOut, 3)).not.toContain('quota-refuses-successor');
    expect(codes(rollsOut, 4)).toContain('quota-refuses-successor');
    const inOrder = within(cluster('StatefulSet', [0, 0], { replicas: 4 }, large), 2);
    expect(codes(inOrder, 2)).not.toContain('quota-refuses-successor');
    expect(codes(inOrder, 3)).toContain('quota-refuses-successor');
    const isNew = { replicas: 4, readyReplicas: 2, createdAtMs: takenAtMs };
    const atOnce = within(cluster('Deployment', [0, 0], isNew, large), 2);
    expect(codes(atOnce, 2)).not.toContain('quota-refuses-successor');
    expect(codes(atOnce, 3)).toContain('quota-refuses-successor');
  });

  it('never comes to more pods that nobody lets be scheduled', () => {
    const gated = { ...template({ cpu: 100 }), schedulingGates: ['example.com/not-yet'] };
    const [refusal] = said(cluster('Deployment', ['waits'], {}, gated), 2);
    expect(refusal?.reason.message).toContain('example.com/not-yet');
    expect(codes(cluster('Deployment', ['waits', 'waits'], {}, gated), 1)).toEqual([]);
  });
});

it('pods on their way out are none of a Deployment’s any more', () => {
  expect(podsAfter(cluster('Deployment', ['ends', 0, 0], { replicas: 2 }), 3)).toHaveLength(4);
  expect(podsAfter(cluster('Deployment', ['ends', 0, 0], { replicas: 2 }), 1)).toEqual(['app-0', 'app-1']);
});

// processReplica and processCondemned in pkg/controller/statefulset/stateful_set_control.go.
describe('a StatefulSet that goes in order', () => {
  const inOrder = (pods: readonly Where[], to: number) => codes(cluster('StatefulSet', pods), to);

  it('comes to no other number while one that stays is not Ready', () => {
    expect(inOrder([0, 'unready', 0], 4)).toContain('predecessor-not-ready');
    expect(inOrder([0, 'unready', 0], 2)).toContain('predecessor-not-ready');
    expect(inOrder([0, 'ends', 0], 2)).toContain('predecessor-not-ready');
    expect(codes(cluster('StatefulSet', [0, 'unready', 0], parallel), 2)).toEqual([]);
    expect(codes(cluster('Deployment', [0, 'unready', 0]), 2)).toEqual([]);
  });

  it('waits with going down until those that stay have a place', () => {
    expect(inOrder([0, 'waits', 0], 2)).toEqual([]);
    expect(codes(cluster('StatefulSet', [0, 'waits', 0], {}, large), 2)).toContain('pod-without-a-place');
  });

  it('ends one that is not Ready, and no other before it', () => {
    expect(inOrder([0, 0, 'unready'], 2)).toEqual([]);
    expect(inOrder([0, 'unready', 0], 1)).toEqual([]);
    expect(inOrder([0, 'unready', 'unready'], 1)).toContain('predecessor-not-ready');
    expect(codes(cluster('StatefulSet', [0, 'unready', 'waits'], {}, large), 1)).toContain('predecessor-not-ready');
    expect(inOrder(['unready', 0, 'unready'], 0)).toContain('predecessor-not-ready');
    // Ready tomorrow, where there is room for one that waits before it or for itself.
    expect(inOrder([0, 'waits', 'unready'], 1)).toEqual([]);
    expect(inOrder([0, 'unready', 'waits'], 1)).toEqual([]);
  });

  it('lacks those that it makes only after one that is not Ready', () => {
    const lacking = (pods: readonly Where[], to: number) =>
      codes(cluster('StatefulSet', pods, { replicas: 3 }, large), to);
    // Two are what there is already, and nothing is left to do; the third was never made, and nobody has to end it.
    expect(lacking([0, 'unready'], 2)).toEqual([]);
    expect(lacking([0, 'unready'], 1)).toEqual([]);
    // It makes the next one, which waits, and none after it.
    const more = cluster('StatefulSet', [0, 0], { replicas: 5 }, large);
    expect(codes(more, 3)).toEqual([]);
    expect(codes(more, 4)).toContain('pod-without-a-place');
    // Found by the law: the first and the third were yet to be made, and once the first had its place the third was waited for.
    const gaps = cluster('StatefulSet', [0, 'waits'], { replicas: 4 }, large);
    const named = { ...gaps, pods: { ...gaps.pods, name: ['app-1', 'app-3'] } };
    expect(podsAfter(named, 0)).toEqual([]);
  });

  it('leaves the room of each that it ends to whoever waits, first to others that go before', () => {
    const [own, first] = [large, { ...large, priority: 1_000 }];
    const of = (others: readonly Where[]) => {
      const set = cluster('StatefulSet', [0, 'waits', 'unready', 0], {}, own);
      const pods = [...set.pods.name.keys()].map((pod) => ({
        ...{ name: set.pods.name[pod] as string, template: 0, workload: 0, node: set.pods.node[pod] as number },
        extra: set.pods.extra[pod] ?? {},
      }));
      return state({
        nodes: [node('a', { cpu: 6 })],
        podTemplates: [own, first],
        workloads: [...set.workloads, deployment('other', 1, { replicas: others.length })],
        pods: [...pods, ...others.map(() => ({ name: 'other', template: 1, workload: 1, node: -1 }))],
      });
    };
    expect(codes(of([]), 1)).toEqual([]);
    expect(codes(of(['waits']), 1)).toContain('predecessor-not-ready');
  });
});
