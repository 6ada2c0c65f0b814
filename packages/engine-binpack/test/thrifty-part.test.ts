import { createContext } from '@cloudoptim/core';
import { buildCluster } from '@cloudoptim/testkit';
import { expect, test } from 'vitest';
import { grownCluster, packingFixtures } from '../../../benchmarks/generators/packing-fixtures.js';
import { BinpackEngine } from '../src/index.js';
import type { Model } from '../src/model.js';
import { thriftiest } from '../src/thrifty-part.js';
import { analyzeCluster, removedNodes } from './analyze-cluster.js';

/** One node that is worth a lot and holds two pods, among small ones with one pod each; all pods fit on the last. */
const cluster = () =>
  buildCluster()
    .addNodes(2, { instanceType: 'm5.large' })
    .addNode({ instanceType: 'm5.4xlarge' })
    .addNode({ instanceType: 'm5.2xlarge' })
    .addWorkload({ name: 'small', replicas: 2, cpuMillicores: 300, on: ['node-0', 'node-1'] })
    .addWorkload({ name: 'dear', replicas: 2, cpuMillicores: 300, on: ['node-2', 'node-2'] })
    .addWorkload({ name: 'base', replicas: 4, cpuMillicores: 900, on: ['node-3', 'node-3', 'node-3', 'node-3'] });

test('a plan that may evict two pods spends them where they save most', async () => {
  const plan = await analyzeCluster(cluster(), { policy: { maxDisruption: { evictions: 2 } } });
  expect(removedNodes(plan)).toEqual(['node-2']);
});

test('a plan that may remove one node removes the dearest that can go', async () => {
  const plan = await analyzeCluster(cluster(), { policy: { maxDisruption: { nodes: 1 } } });
  expect(removedNodes(plan)).toEqual(['node-2']);
});

/** Eight nodes that cost the same: four with one large pod each, four with six small ones; two nodes' worth of all. */
const unevenly = () => {
  const [few, many] = [[0, 1, 2, 3].map((at) => `node-${at}`), [4, 5, 6, 7].map((at) => `node-${at}`)];
  return buildCluster()
    .addNodes(8, { instanceType: 'm5.2xlarge' })
    .addWorkload({ name: 'large', replicas: 4, cpuMillicores: 1800, on: few })
    .addWorkload({
      name: 'small',
      replicas: 24,
      cpuMillicores: 300,
      on: many.flatMap((node) => new Array(6).fill(node)),
    });
};

test('a plan that may evict few pods keeps the nodes that hold many', async () => {
  const plan = await analyzeCluster(unevenly(), { policy: { maxDisruption: { evictions: 10 } } });
  expect(removedNodes(plan)).toEqual(expect.arrayContaining(['node-0', 'node-1', 'node-2', 'node-3']));
  expect(removedNodes(plan).length).toBeGreaterThanOrEqual(5);
});

// With one order, the search under the limit spent it on what it met first: 205 USD an hour saved of 237, where now it is 226.
test('a plan that may evict three tenths of the pods of a large cluster saves nearly all there is to save', async () => {
  const [mix] = packingFixtures({ pods: 2_000, seed: 3, log: () => {} });
  const { state, market, policy } = grownCluster(mix as NonNullable<typeof mix>, 'm6a.4xlarge');
  const context = createContext({ now: state.takenAtMs, seed: 1 });
  const { plan } = await new BinpackEngine().analyze(
    {
      contractVersion: 'v1',
      policy: { ...policy, maxDisruption: { evictions: 400, nodes: null } },
      cluster: state,
      market,
      options: { orders: 1, lowerBound: false },
    },
    context,
  );
  expect(plan.savingsUsdPerHour.point).toBeGreaterThan(218);
});

test('of the candidates those that cost most for each eviction are taken, as many as may go together', () => {
  const model = (maxDisruption: { evictions: number | null; nodes: number | null }) =>
    ({
      policy: { maxDisruption },
      state: { nodes: [0, 1, 2, 3, 4] },
      cluster: { evictions: 0, removed: [] },
      prices: [1, 4, 2, 1, undefined],
      evictable: [[0], [1, 2, 3, 4, 5, 6, 7, 8, 9], [10, 11], [], []],
    }) as unknown as Model;
  const all = [0, 1, 2, 3, 4];
  expect(thriftiest(model({ evictions: 3, nodes: null }), all)).toEqual([3, 2, 0, 4]);
  expect(thriftiest(model({ evictions: 12, nodes: null }), all)).toEqual([3, 2, 0, 1, 4]);
  expect(thriftiest(model({ evictions: null, nodes: 2 }), all)).toEqual([3, 2]);
  expect(thriftiest(model({ evictions: 0, nodes: null }), all)).toEqual([3, 4]);
});
