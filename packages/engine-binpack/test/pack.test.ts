import { defaultPolicy, type PodTemplate, WorkLimitReached } from '@cloudoptim/core';
import { type BoundProblem, boundProblem, randomNumbers } from '@cloudoptim/scheduling';
import { describe, expect, test } from 'vitest';
import { zones } from '../../../benchmarks/generators/packing-fixture.js';
import { packingFixtures } from '../../../benchmarks/generators/packing-fixtures.js';
import { documentsOf, type SmallPacking } from '../../../test-support/small-packing.js';
import { lowerBound } from '../src/index.js';
import { packClasses } from '../src/pack/pack-classes.js';
import { pinToZones } from '../src/pack/pin-to-zones.js';
import { packingFaults } from './packing-faults.js';

const spend = async () => {};
const options = { spend, seed: 1, work: 1000 };
const room = { cpu: 8, memory: 16, pods: 20, arch: 'amd64', zone: 'us-east-1a' } as const;

function problemOf(packing: SmallPacking): BoundProblem {
  const { state, market } = documentsOf(packing);
  return boundProblem(state, market, defaultPolicy, { pendingPods: true });
}

/** More pods than are packed by trying everything. */
const many = Array.from({ length: 200 }, (_, index) => ({ cpu: 1 + (index % 3), memory: 1 + (index % 7) }));

describe('a packing', () => {
  test('of nothing is nothing', async () => {
    const problem = problemOf({ pods: [], offers: [{ ...room, price: 0.1 }], nodes: [] });
    expect(await packClasses(problem, options)).toEqual({ nodes: [], usdPerHour: 0, unplaced: [] });
  });

  test('says which pods fit nowhere, and places the others', async () => {
    const pods = [...many, { cpu: 9, memory: 1 }, { cpu: 9, memory: 1 }];
    const problem = problemOf({ pods, offers: [{ ...room, price: 0.1 }], nodes: [] });
    const packing = await packClasses(problem, options);
    expect(packingFaults(problem, packing)).toEqual([]);
    expect(packing.unplaced).toEqual([[expect.any(Number), 2]]);
  });

  test('leaves all pods without a place where nothing can be had', async () => {
    const problem = problemOf({ pods: many, offers: [{ ...room, price: 0.1, supply: 0 }], nodes: [] });
    const { nodes, usdPerHour, unplaced } = await packClasses(problem, options);
    expect([nodes, usdPerHour]).toEqual([[], 0]);
    expect(unplaced.reduce((sum, [, count]) => sum + count, 0)).toBe(200);
  });

  test('takes offerings without capacity and without a price as they are: of no use, and free', async () => {
    const offers = [
      { ...room, cpu: 0, memory: 0, price: 0.001 },
      { ...room, price: 0, supply: 3 },
      { ...room, price: 0.1 },
    ];
    const problem = problemOf({ pods: many, offers, nodes: [] });
    const packing = await packClasses(problem, options);
    expect(packingFaults(problem, packing)).toEqual([]);
    expect(packing.unplaced).toEqual([]);
    const free = packing.nodes.filter(({ column }) => problem.columns[column]?.usdPerHour === 0);
    expect(free.reduce((sum, { times }) => sum + times, 0)).toBe(3);
    expect(packing.usdPerHour).toBeGreaterThan(0);
  });

  // Nodes that cost nothing were taken apart for ever: a turn that cannot save anything cost no work.
  test('ends where all nodes are free', async () => {
    const problem = problemOf({ pods: many, offers: [{ ...room, price: 0 }], nodes: [] });
    const packing = await packClasses(problem, options);
    expect(packingFaults(problem, packing)).toEqual([]);
    expect([packing.usdPerHour, packing.unplaced]).toEqual([0, []]);
  });

  // Large pods took what room there was wherever it was, and a thousand small ones were left for nodes that ran out of places: 3.9 % above
  // the bound on ROADEF b_1, now 1 %.
  test('is near the bound where hardly any two pods are alike', async () => {
    const random = randomNumbers(7);
    const pods = Array.from({ length: 1500 }, () => {
      const cpu = 0.002 * 1000 ** random();
      return { cpu, memory: 4 * cpu * 8 ** (random() - 0.5) };
    });
    const offers = [
      { ...room, cpu: 4, memory: 16, price: 0.21, pods: 110 },
      { ...room, cpu: 16, memory: 64, price: 0.69, pods: 110 },
      { ...room, cpu: 32, memory: 256, price: 1.8, pods: 200 },
      { ...room, cpu: 48, memory: 192, price: 2.07, pods: 200 },
    ];
    const problem = problemOf({ pods, offers, nodes: [] });
    const packing = await packClasses(problem, { ...options, work: 0 });
    expect(packingFaults(problem, packing)).toEqual([]);
    const { usdPerHour } = await lowerBound(problem, { pendingPods: true }, spend);
    // 1.134 before.
    expect(packing.usdPerHour / usdPerHour).toBeLessThan(1.08);
  });

  // What a place on a node is worth to pods that repel each other was once paid to all pods of their size, and groups too small to
  // decide anything hid the one that did: the mix of Karpenter's benchmark came out a fifth above the bound, now 4 %.
  test('is near the bound where one large group among small ones asks for many nodes', async () => {
    const size = (index: number) => ({ cpu: 0.5 + 0.25 * (index % 4), memory: 1 + (index % 3) });
    const pods = Array.from({ length: 484 }, (_, index) => {
      if (index < 100) return { ...size(index), group: 'large' };
      return index < 184 ? { ...size(index), group: `small-${index % 7}` } : size(index);
    });
    const offers = [
      { ...room, cpu: 1, memory: 4, price: 0.05 },
      { ...room, cpu: 2, memory: 8, price: 0.09 },
      { ...room, cpu: 16, memory: 64, price: 0.68 },
      { ...room, cpu: 32, memory: 128, price: 1.34 },
    ].map((offer) => ({ ...offer, pods: 60 }));
    const problem = problemOf({ pods, offers, nodes: [] });
    const { usdPerHour: bound } = await lowerBound(problem, { pendingPods: true }, spend);
    const packing = await packClasses(problem, { spend, seed: 1, work: 0 });
    expect(packingFaults(problem, packing)).toEqual([]);
    expect(packing.unplaced).toEqual([]);
    expect(packing.usdPerHour / bound).toBeLessThan(1.04);
  });

  // From 10,000 pods on only the first thought of which groups decide was tried: 328 USD an hour where 275 do.
  test('of many pods is tried otherwise where it comes to far more than prices say', async () => {
    const [mix] = packingFixtures({ pods: 10_000, seed: 2, log: () => {} });
    const { state, market, policy } = mix as NonNullable<typeof mix>;
    const problem = boundProblem(pinToZones(state, zones), market, policy, { pendingPods: true });
    const packing = await packClasses(problem, { ...options, work: 0 });
    expect(packingFaults(problem, packing)).toEqual([]);
    expect([packing.unplaced, packing.usdPerHour < 285]).toEqual([[], true]);
  });

  // What such pods pay is the node, not its room: prices said that they were worth nothing, and their neighbours got nodes of their own.
  test('puts small pods beside large ones that each need a node, which is all that these pay for', async () => {
    const pods = [
      ...Array.from({ length: 24 }, () => ({ cpu: 1.4, memory: 32, group: 'red' })),
      ...Array.from({ length: 20 }, (_, at) => ({ cpu: 0.05 + at / 100, memory: 0.3 + at / 10 })),
      ...Array.from({ length: 60 }, () => ({ cpu: 0.1, memory: 1 })),
    ];
    const offers = [1, 2, 4].flatMap((size) => [
      { ...room, cpu: 2 * size, memory: 4 * size, price: 0.08 * size },
      { ...room, cpu: 2 * size, memory: 15 * size, price: 0.12 * size },
    ]);
    const packing = await packClasses(problemOf({ pods, offers, nodes: [] }), { ...options, work: 0 });
    expect(packing.unplaced).toEqual([]);
    expect(packing.nodes.reduce((sum, { times }) => sum + times, 0)).toBe(24);
  });

  test('is no dearer for more work, also where the limit of work ends it', async () => {
    const problem = problemOf({
      pods: many,
      offers: [
        { ...room, price: 0.1 },
        { ...room, cpu: 4, price: 0.06 },
      ],
      nodes: [],
    });
    const plain = await packClasses(problem, { spend, seed: 1, work: 0 });
    const improved = await packClasses(problem, { spend, seed: 1, work: 5000 });
    expect(improved.usdPerHour).toBeLessThanOrEqual(plain.usdPerHour);
    expect(packingFaults(problem, improved)).toEqual([]);
    let calls = 0;
    await packClasses(problem, { spend: async () => void calls++, seed: 1, work: 0 });
    let left = calls + 10;
    const limited = async () => {
      if (left-- === 0) throw new WorkLimitReached(calls + 10);
    };
    const cut = await packClasses(problem, { spend: limited, seed: 1, work: 5000 });
    expect(left).toBe(-1);
    expect(cut.usdPerHour).toBeLessThanOrEqual(plain.usdPerHour);
    expect(packingFaults(problem, cut)).toEqual([]);
  });

  // Met in the second of several answers, the limit ended that one, and then an exact packing of the pods placed was begun.
  test('asks for no work once the limit is met, wherever that is', async () => {
    const red = { cpu: 1, memory: 1, group: 'red' };
    const pods = [red, red, red, { cpu: 100, memory: 1 }];
    const problem = problemOf({ pods, offers: [{ ...room, price: 0.1 }], nodes: [] });
    let calls = 0;
    await packClasses(problem, { spend: async () => void calls++, seed: 1, work: 0 });
    for (let most = 1; most < calls; most++) {
      let asked = 0;
      const limited = async () => {
        if (++asked >= most) throw new WorkLimitReached(most);
      };
      await packClasses(problem, { spend: limited, seed: 1, work: 0 }).catch((error) => {
        if (!WorkLimitReached.isInstance(error)) throw error;
      });
      expect(asked).toBe(most);
    }
  });
});

describe('a packing of whole nodes', () => {
  test('keeps all rules where a group decides how many nodes there are, and costs less than node by node', async () => {
    const pods = [
      ...many.map((pod, index) => (index % 5 === 0 ? { ...pod, group: 'red' } : pod)),
      ...many.slice(0, 40).map((pod) => ({ ...pod, group: 'blue' })),
      ...many.slice(0, 40).map((pod) => ({ ...pod, zone: 'us-east-1a' })),
    ];
    const offers = ['us-east-1a', 'us-east-1b'].flatMap((zone) =>
      [4, 8, 16].flatMap((cpu) => [
        { ...room, zone, cpu, memory: 2 * cpu, price: 0.042 * cpu },
        { ...room, zone, cpu, memory: 4 * cpu, price: 0.05 * cpu },
      ]),
    );
    const problem = problemOf({ pods, offers: [...offers, { ...room, price: 0.2, supply: 3 }], nodes: [] });
    const plain = await packClasses(problem, { ...options, work: 0 });
    const whole = await packClasses(problem, { ...options, work: 100_000 });
    expect(packingFaults(problem, whole)).toEqual([]);
    expect(whole.unplaced).toEqual([]);
    expect(whole.usdPerHour).toBeLessThan(plain.usdPerHour);
    expect(await packClasses(problem, { ...options, work: 100_000 })).toEqual(whole);
  });
});

const zoneKey = 'topology.kubernetes.io/zone';

describe('pins to zones', () => {
  // Every selector was counted anew over all pods: with 600 of them and 100,000 pods that run it took 8.5 s. Pods that had ended counted too.
  test('fill up zones where fewer run, whatever has ended or is in another namespace', () => {
    const { state } = documentsOf({
      pods: Array.from({ length: 16 }, (_, pod) => ({ cpu: 1, memory: 1, ...(pod < 7 && { on: 0 }) })),
      offers: [],
      nodes: [{ ...room, zone: 'a', price: 1 }],
    });
    const labelSelector = { matchLabels: { app: 'web' } };
    const spread = { maxSkew: 1, topologyKey: zoneKey, whenUnsatisfiable: 'DoNotSchedule' as const, labelSelector };
    const web = { ...(state.podTemplates[0] as PodTemplate), labels: { app: 'web' }, topologySpread: [spread] };
    const ended = { phase: 'Succeeded' as const };
    const pinned = pinToZones(
      {
        ...state,
        podTemplates: [web, { ...web, namespace: 'other' }],
        pods: {
          ...state.pods,
          template: state.pods.template.map((pod) => (pod === 3 || pod === 4 ? 1 : 0)),
          extra: { 5: ended, 6: ended },
        },
      },
      ['a', 'b', 'c'],
    );
    const zonesOf = pinned.pods.template.slice(7).map((at) => pinned.podTemplates[at]?.nodeSelector?.[zoneKey]);
    expect(zonesOf.sort().join('')).toBe('abbbbcccc');
  });

  test('spread the pods of a workload evenly, and leave others as they are', () => {
    const { state } = documentsOf({
      pods: Array.from({ length: 7 }, () => ({ cpu: 1, memory: 1 })),
      offers: [],
      nodes: [],
    });
    const template = state.podTemplates[0];
    if (template === undefined) throw new Error('The state has no pods.');
    const spread = {
      ...template,
      labels: { app: 'web' },
      topologySpread: [
        {
          maxSkew: 1,
          topologyKey: zoneKey,
          whenUnsatisfiable: 'DoNotSchedule' as const,
          labelSelector: { matchLabels: { app: 'web' } },
        },
      ],
    };
    const own = {
      ...state,
      podTemplates: [spread],
      pods: { ...state.pods, template: state.pods.template.map(() => 0) },
    };
    const pinned = pinToZones(own, ['a', 'b', 'c']);
    const counts = new Map<string | undefined, number>();
    for (const index of pinned.pods.template) {
      const zone = pinned.podTemplates[index]?.nodeSelector?.[zoneKey];
      counts.set(zone, (counts.get(zone) ?? 0) + 1);
    }
    expect([...counts.values()].sort()).toEqual([2, 2, 3]);
    expect(pinToZones(state, ['a', 'b', 'c'])).toEqual(state);
  });
});
