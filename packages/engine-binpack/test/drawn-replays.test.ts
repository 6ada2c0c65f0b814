import { createContext, defaultPolicy } from '@cloudoptim/core';
import { buildCluster, createMarket } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { failuresDrawn, quickDraws, surelyDraws } from '../src/drawn-replays.js';
import { areMany, areVeryMany } from '../src/effort.js';
import { readMemory } from '../src/engine-memory.js';
import { createModel, type Model } from '../src/model.js';
import { binpackOptions } from '../src/options.js';
import { settle } from '../src/settle.js';

/**
 * A node with a small pod and a large one; of the others, of 3,900m each, one has 2,600m left and one 1,900m. Large first, both find
 * room; small first, it goes where most room is, and the large one nowhere.
 */
function tight(largeMillicores: number, nodes = 300): Model {
  const full = Array.from({ length: nodes - 3 }, (_, at) => `node-${at + 3}`);
  const state = buildCluster()
    .addNodes(nodes)
    .addWorkload({ name: 'small', replicas: 1, cpuMillicores: 1000, on: ['node-0'] })
    .addWorkload({ name: 'large', replicas: 1, cpuMillicores: largeMillicores, on: ['node-0'] })
    .addWorkload({ name: 'some', replicas: 1, cpuMillicores: 1300, on: ['node-1'] })
    .addWorkload({ name: 'more', replicas: 1, cpuMillicores: 2000, on: ['node-2'] })
    .addWorkload({ name: 'full', replicas: full.length, cpuMillicores: 3900, on: full })
    .build();
  const market = createMarket(state, { instanceTypes: [] });
  const context = createContext({ now: state.takenAtMs });
  const [policy, options] = [defaultPolicy, binpackOptions.parse({})];
  return createModel({ state, market, policy, options, memory: readMemory(undefined), context });
}

const step = { remove: [0], launches: [] };

// A plan for 6,288 nodes was verified with the engine's seed and refused with each of five others: nothing but ties and the order of
// evictions differed.
describe('steps that hold in one order of evictions only', () => {
  test('are found where there are many nodes, with the pod that finds no room', async () => {
    const model = tight(2500);
    const found = await failuresDrawn(model, [step], 'by-drains', 'few');
    expect([...found.keys()]).toEqual([0]);
    expect(model.state.pods.name[found.get(0) as number]).toContain('large');
    expect(model.cluster.placement.node(0)).toBeDefined();
  });

  test('are dropped, and said to be not robust', async () => {
    const settled = await settle(tight(2500), [step]);
    expect(settled.steps).toEqual([]);
    expect(settled.dropped.get(0)?.code).toBe('not-robust');
  });

  test('others stay', async () => {
    expect((await failuresDrawn(tight(1800), [step], 'by-drains', 'many')).size).toBe(0);
    expect((await settle(tight(1800), [step])).steps).toEqual([step]);
  });

  test('are left to the proof, which draws more, where nodes are few', async () => {
    expect((await failuresDrawn(tight(2500, 20), [step], 'by-drains', 'many')).size).toBe(0);
  });
});

// 270 nodes with 10,000 pods took two minutes: only nodes counted, and each of 240 draws moved all pods.
describe('how large a cluster is', () => {
  /** As many nodes, each with so many pods that a drain evicts. */
  const model = (nodes: number, podsEach: number) =>
    ({
      state: { nodes: Array.from({ length: nodes }, (_, at) => at) },
      evictable: Array.from({ length: nodes }, () => new Array<number>(podsEach).fill(0)),
    }) as unknown as Model;
  const all = (nodes: number) => Array.from({ length: nodes }, (_, at) => at);

  test.each([
    [299, 16, false, false],
    [300, 1, true, false],
    [50, 100, true, false],
    [1_999, 25, true, false],
    [2_000, 1, true, true],
    [500, 100, true, true],
  ])('%i nodes of %i pods each: many %s, very many %s', (nodes, podsEach, many, veryMany) => {
    expect(areMany(model(nodes, podsEach), all(nodes))).toBe(many);
    expect(areVeryMany(model(nodes, podsEach), all(nodes))).toBe(veryMany);
  });

  test('draws are fewer where each moves more pods', () => {
    const drain = [{ remove: all(100), launches: [] }];
    const [few, some, more] = [model(100, 1), model(100, 20), model(100, 49)];
    expect([few, some, more].map((own) => surelyDraws(own, drain))).toEqual([600, 150, 61]);
    expect([few, some, more].map((own) => quickDraws(own, drain))).toEqual([100, 50, 20]);
    expect(surelyDraws(model(100, 50), drain)).toBe(40);
    expect(quickDraws(model(100, 500), drain)).toBe(12);
  });
});
