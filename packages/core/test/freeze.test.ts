import { expect, it } from 'vitest';
import { z } from 'zod';
import { candidatesOf, createContext, defineEngine, subjectKey, type UsageHistory } from '../src/index.js';
import { market, now, smallCluster } from './fixtures/small-cluster.js';

const usage = {
  schema: 'usage-history/v1',
  asOfMs: now,
  containers: (['cpuMillicores', 'memoryBytes'] as const).map((resource) => ({
    workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    container: 'main',
    resource,
    sinceMs: 0,
    untilMs: now,
    samples: 0,
    histogram: { bounds: resource === 'cpuMillicores' ? 'vpa-cpu' : 'vpa-memory', bucket: [], weight: [] },
  })),
} satisfies UsageHistory;
const inputs = { cluster: smallCluster(), market: market(), usage };

it('lists the candidates of each kind once', () => {
  const keys = (...kinds: Parameters<typeof candidatesOf>[0]) => candidatesOf(kinds, inputs).map(subjectKey);
  expect(keys('nodes')).toEqual(['node|uid-a', 'node|uid-b', 'node|uid-c']);
  expect(keys('workloads')).toEqual(['workload|Deployment/shop/web', 'workload|CronJob/shop/batch']);
  expect(keys('replicas')).toEqual(['workload|Deployment/shop/web']);
  expect(keys('workloads', 'replicas')).toHaveLength(2);
  expect(keys('containers')).toEqual(['container|Deployment/shop/web|main']);
  expect(keys('pools')).toHaveLength(3);
  expect(candidatesOf(['nodes', 'pools', 'containers'], {})).toEqual([]);
});

it('asks no engine under a freeze: every candidate hears that it is frozen, and memory stays', async () => {
  const engine = defineEngine({
    id: 'eager',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: ['nodes', 'replicas', 'containers', 'pools'],
    requires: ['cluster', 'market', 'usage'],
    options: z.object({}),
    decide: () => {
      throw new Error('it was asked');
    },
  });
  const request = { ...inputs, policy: { freeze: true }, memory: { since: 1 } };
  const { plan, memory } = await engine.analyze(request, createContext({ now }));
  expect(plan.groups).toEqual([]);
  expect(plan.rejections).toMatchObject([
    { reason: { code: 'frozen' }, subjects: candidatesOf(engine.considers, inputs) },
  ]);
  expect(memory).toEqual({ since: 1 });
});
