import type { Action } from '@cloudoptim/core';
import { expect, it } from 'vitest';
import { buildCluster } from '../../src/index.js';
import { evictedPods } from '../../src/laws/plan-effects.js';

// A plan that drained three pods was said to evict four, beyond maxDisruption.evictions: the fourth was being deleted already.
it('a drain evicts what runs, and not the pods that end by themselves', () => {
  const cluster = buildCluster()
    .addNode({ name: 'full' })
    .addWorkload({ name: 'web', replicas: 2, on: ['full', 'full'] })
    .addWorkload({ name: 'going', on: ['full'], extra: { deletionAtMs: Date.UTC(2026, 0, 14, 9, 59) } })
    .addWorkload({ name: 'done', on: ['full'], extra: { phase: 'Succeeded' } })
    .addWorkload({ name: 'agent', kind: 'DaemonSet' })
    .build();
  const drain = { kind: 'drain-node', node: { uid: cluster.nodes[0]?.uid } } as Action;
  expect(evictedPods(cluster, drain).map((pod) => cluster.pods.name[pod])).toEqual(['web-0', 'web-1']);
});
