import { buildCluster } from '@cloudoptim/testkit';
import { expect, test } from 'vitest';
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
