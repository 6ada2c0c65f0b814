import { expect, it } from 'vitest';
import { Aborted, createContext, defaultPolicy, sealPlan } from '../src/index.js';
import { because, market, node, now, smallCluster } from './fixtures/small-cluster.js';

const nodes = Array.from({ length: 300 }, (_, at) => node(`n${at}`));

function sealing(context: Parameters<typeof sealPlan>[0]['context']) {
  return sealPlan({
    engine: { id: 'test', version: '1.0.0', considers: ['nodes'] },
    request: {
      contractVersion: 'v1',
      policy: defaultPolicy,
      options: {},
      cluster: { ...smallCluster(), nodes: [...smallCluster().nodes, ...nodes] },
      market: market(),
    },
    decision: {
      groups: nodes.map(({ uid }) => ({ actions: [{ kind: 'cordon-node', node: { uid }, reasons: because }] })),
      rejections: [],
    },
    context,
  });
}

// A plan of thousands of groups used to be sealed in one go: an abort was heard after it.
it('hears an abort between two groups', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let asked = 0;
  const context = createContext({ now, signal });
  const counting = {
    now,
    seed: 0,
    spend(units: number) {
      if (++asked === 200) controller.abort();
      return context.spend(units);
    },
  };
  const error = await sealing(counting).catch((reason: unknown) => reason);
  expect(Aborted.isInstance(error)).toBe(true);
  expect(asked).toBe(200);
});

it('is the same plan with turns and without', async () => {
  const { spend } = createContext({ now });
  expect(await sealing({ now, seed: 0, spend })).toEqual(await sealing({ now, seed: 0 }));
});
