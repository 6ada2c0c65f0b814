import { describe, expect, it } from 'vitest';
import { createFastPlacement, createPlacement, fits, type IncomingPod, simulatePlain } from '../src/index.js';
import type { WorkingPlacement } from '../src/working-placement.js';
import { deployment, gibibyte, node, state, template } from './support/build.js';

describe('a placement', () => {
  const built = state({
    nodes: [node('a'), node('b')],
    podTemplates: [template({ labels: { app: 'web' } })],
    pods: [
      { template: 0, node: 0 },
      { template: 0, node: 0, extra: { phase: 'Succeeded' } },
    ],
  });

  it('says what is free and who is where, ended pods left out', () => {
    const placement = createPlacement(built);
    expect(placement.podsOn(0)).toEqual([0]);
    expect(placement.nodeOf(1)).toBe(-1);
    expect(placement.free(0)).toMatchObject({ cpuMillicores: 3500, memoryBytes: 15 * gibibyte, pods: 57 });
  });

  it('gives a placed pod the next index and takes its node away with it', () => {
    const placement = createPlacement(built);
    const mark = placement.mark();
    const pod = placement.place({ template: 0, workload: -1 }, 1);
    expect(pod).toBe(2);
    placement.removeNode(1);
    expect([placement.nodeOf(pod), placement.node(1), placement.free(1).cpuMillicores]).toEqual([-1, undefined, 0]);
    expect(fits({ template: 0, workload: -1 }, 1, placement).answer).toBe('infeasible');
    placement.rollback(mark);
    expect([placement.podCount, placement.node(1)?.name, placement.free(1).pods]).toEqual([2, 'b', 58]);
  });

  it('lists the pods of a workload from the first time it is asked, those since gone among them', () => {
    const owned = { ...built, workloads: [deployment('web', 0), deployment('other', 0)] };
    const workload = [0, 1];
    const placement = createPlacement({ ...owned, pods: { ...owned.pods, workload } }) as WorkingPlacement;
    const early = placement.mark();
    placement.place({ template: 0, workload: 0 }, 1);
    expect([placement.podsOfWorkload(0), placement.podsOfWorkload(1), placement.podsOfWorkload(-1)]).toEqual([
      [0, 2],
      [1],
      [],
    ]);
    const late = placement.mark();
    placement.place({ template: 0, workload: 1 }, 1);
    placement.place({ template: 0, workload: -1 }, 1);
    placement.place({ template: 0, workload: 0 }, 0);
    placement.remove(2);
    expect([placement.podsOfWorkload(0), placement.podsOfWorkload(1)]).toEqual([
      [0, 2, 5],
      [1, 3],
    ]);
    placement.rollback(late);
    expect([placement.podsOfWorkload(0), placement.podsOfWorkload(1)]).toEqual([[0, 2], [1]]);
    placement.rollback(early);
    expect([placement.podsOfWorkload(0), placement.podsOfWorkload(1)]).toEqual([[0], [1]]);
  });

  // Changes of nodes are kept for those who follow them, but not for ever: one state is kept for many plans.
  it('knows which zones count for spreading after more changes of nodes than it keeps', () => {
    const spread = {
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'DoNotSchedule',
      maxSkew: 1,
    } as const;
    const web = {
      labels: { app: 'web' },
      topologySpread: [{ ...spread, labelSelector: { matchLabels: { app: 'web' } } }],
    };
    const placement = createPlacement(
      state({
        nodes: [node('a'), node('b', { zone: 'us-east-1b' })],
        podTemplates: [template(web)],
        pods: [{ template: 0, node: 0 }],
      }),
    );
    const onA = () => fits({ template: 0, workload: -1 }, 0, placement).answer;
    expect(onA()).toBe('infeasible');
    placement.removeNode(1);
    for (let change = 0; change < 60_000; change++) {
      placement.cordon(0);
      placement.uncordon(0);
    }
    expect(onA()).toBe('feasible');
  });

  it('throws for a pod that is nowhere, a node that is gone, and a mark that was passed', () => {
    const placement = createPlacement(built);
    expect(() => placement.remove(1)).toThrow(/is on no node/);
    placement.removeNode(1);
    expect(() => placement.place({ template: 0, workload: -1 }, 1)).toThrow(RangeError);
    const mark = placement.mark();
    placement.rollback(0);
    expect(() => placement.rollback(mark)).toThrow(RangeError);
  });

  it('lets a pod in where it was refused once another one brought the volume that it uses', () => {
    // Found by the law on the two halves at 1,611 cases: the fast half remembered that the pod had fitted nowhere.
    const of = state({
      nodes: [node('a', { csiDrivers: [{ name: 'ebs.csi.aws.com', allocatableCount: 1 }] })],
      podTemplates: [
        template({ volumes: [{ kind: 'claim', claim: 'data' }] }),
        template({ volumes: [{ kind: 'aws-ebs', volumeId: 'vol-inline' }] }),
      ],
      workloads: [deployment('data', 0), deployment('inline', 1)],
      persistentVolumeClaims: [
        { namespace: 'default', name: 'data', phase: 'Bound', volume: 'pv', accessModes: ['ReadWriteOnce'] },
      ],
      persistentVolumes: [{ name: 'pv', csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol' } }],
    });
    const [data, inline] = [0, 1].map((at) => ({ template: at, workload: at })) as [IncomingPod, IncomingPod];
    const placement = createFastPlacement(of);
    placement.place(inline, 0);
    expect(placement.choose(data, 'leastAllocated')).toBe(-1);
    placement.place(data, 0);
    expect(placement.choose(data, 'leastAllocated')).toBe(0);
  });

  // Two nodes joined, a pod went to the second: the first had no entry in the counter, and the sum over its domain was NaN.
  it('counts pods by domain after nodes joined of which only the last got a pod', () => {
    const required = [{ topologyKey: 'topology.kubernetes.io/zone', labelSelector: { matchLabels: { app: 'web' } } }];
    const own = state({
      nodes: [node('a')],
      podTemplates: [template({ labels: { app: 'web' } }), template({ podAffinity: { required } })],
    });
    const placement = createPlacement(own);
    const pod = { template: 1, workload: -1 };
    expect(fits(pod, 0, placement).answer).toBe('infeasible');
    placement.addNode(node('b'));
    placement.place({ template: 0, workload: -1 }, placement.addNode(node('c')));
    expect([0, 1, 2].map((at) => fits(pod, at, placement).answer)).toEqual(['feasible', 'feasible', 'feasible']);
  });
});

describe('simulatePlain', () => {
  const three = state({
    nodes: [node('a', { cpu: 2 }), node('b', { cpu: 4 }), node('c', { cpu: 4 })],
    podTemplates: [
      template({ cpu: 1500 }),
      template({ cpu: 1500, priority: 1000 }),
      template({ cpu: 9000 }),
      template({ schedulerName: 'volcano' }),
    ],
  });
  const pod = (at: number, name?: string) => ({ template: at, workload: -1, ...(name === undefined ? {} : { name }) });

  it('takes the emptiest node, the fullest, or the first, and the lowest index among equals', () => {
    const placed = (rule: 'leastAllocated' | 'mostAllocated' | 'firstFeasible') =>
      simulatePlain(createPlacement(three), [pod(0)], { rule }).placed;
    expect(placed('leastAllocated')).toEqual([1]);
    expect(placed('mostAllocated')).toEqual([0]);
    expect(placed('firstFeasible')).toEqual([0]);
  });

  it('places by priority, then age, then name, and answers in the order asked', () => {
    const one = state({ ...three, nodes: [node('a', { cpu: 2 })], podTemplates: three.podTemplates, pods: [] });
    expect(simulatePlain(createPlacement(one), [pod(0), pod(1)]).placed).toEqual([-1, 0]);
    expect(simulatePlain(createPlacement(one), [pod(0, 'b'), pod(0, 'a')]).placed).toEqual([-1, 0]);
    expect(
      simulatePlain(createPlacement(one), [
        { ...pod(0, 'a'), createdAtMs: 2_000 },
        { ...pod(0, 'b'), createdAtMs: 1_000 },
      ]).placed,
    ).toEqual([-1, 0]);
  });

  it('says of each pod left over what how many nodes said', () => {
    const answer = simulatePlain(createPlacement(three), [pod(2), pod(3)], { excludeNodes: [0] });
    expect(answer.placed).toEqual([-1, -1]);
    expect(answer.unplaced).toEqual([{ pod: 0, reasons: { 'Insufficient cpu': 2 } }]);
    expect(answer.unsupported).toMatchObject([{ pod: 1, reason: { code: 'unsupported-scheduling' } }]);
  });

  it('changes the placement, which a rollback undoes', () => {
    const placement = createPlacement(three);
    const mark = placement.mark();
    const { pods } = simulatePlain(placement, [pod(0), pod(0)]);
    expect(pods).toEqual([0, 1]);
    expect(placement.podsOn(1)).toEqual([0]);
    placement.rollback(mark);
    expect(placement.podCount).toBe(0);
  });
});
