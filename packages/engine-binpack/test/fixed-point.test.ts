import { createContext, type JsonValue } from '@cloudoptim/core';
import { applyPlan } from '@cloudoptim/scheduling';
import { buildCluster, createMarket } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { BinpackEngine } from '../src/index.js';

const mib = 2 ** 20;

/**
 * Two nodes that go together only when the pod with the host port is placed first: drained last it found the only node
 * without that port full, one node was left out of the plan, and the next analysis proposed it after all.
 */
const tight = () =>
  buildCluster()
    .addNodes(2)
    .addWorkload({
      name: 'proxy',
      replicas: 2,
      cpuMillicores: 0,
      memoryBytes: 768 * mib,
      on: ['node-0', 'node-1'],
      template: { hostPorts: [{ hostIp: '0.0.0.0', protocol: 'TCP', port: 8080 }] },
    })
    .addWorkload({ name: 'small', replicas: 2, cpuMillicores: 10, memoryBytes: 0, on: ['node-1', 'node-1'] })
    .addWorkload({ name: 'cache', replicas: 2, cpuMillicores: 0, memoryBytes: 1280 * mib, on: ['node-0', 'node-1'] })
    .addWorkload({
      name: 'web',
      replicas: 3,
      cpuMillicores: 0,
      memoryBytes: 1152 * mib,
      on: ['node-0', 'node-1', 'node-0'],
    })
    .build();

describe('fixed point', () => {
  test.each([[['m5.large', 'c5.large']], [['m5.large', 'c5.large', 'r5.large']], [['c5.xlarge', 'r5.large']]])(
    'after a plan was carried out nothing more is proposed, with %j for sale',
    async (instanceTypes) => {
      let state = tight();
      const market = createMarket(state, { instanceTypes });
      let memory: JsonValue | undefined;
      const groups: number[] = [];
      for (let round = 0; round < 2; round++) {
        const request = { cluster: state, market, ...(memory !== undefined && { memory }) };
        const response = await new BinpackEngine().analyze(request, createContext({ now: state.takenAtMs }));
        groups.push(response.plan.groups.length);
        memory = response.memory;
        state = applyPlan(state, response.plan, { market });
      }
      expect(groups[0]).toBeGreaterThan(0);
      expect(groups[1]).toBe(0);
    },
  );
});

// A launch was left standing although its pods would have fit on nodes that, after all, stayed: once those were found not to
// hold in one plan, nothing was searched without them.
test('a launch is taken back when the nodes that were to go with it stay', async () => {
  const small = (name: string, cpuMillicores: number, memory: number) => ({
    name,
    replicas: 3,
    cpuMillicores,
    memoryBytes: memory * mib,
    on: ['node-0', 'node-1', 'node-2'],
  });
  const state = buildCluster()
    .addNodes(2)
    .addNode({ instanceType: 'r5.large' })
    .addNode()
    .addWorkload(small('a', 37, 256))
    .addWorkload(small('b', 508, 1280))
    .addWorkload(small('c', 73, 256))
    .addWorkload(small('d', 37, 1152))
    .addWorkload({ name: 'single', cpuMillicores: 591, memoryBytes: 0, on: ['node-2'] })
    .build();
  const market = createMarket(state, { instanceTypes: ['m5.large', 'c5.large', 'c5.xlarge', 'r5.large'] });
  const context = createContext({ now: state.takenAtMs });
  const { plan, memory = null } = await new BinpackEngine().analyze({ cluster: state, market }, context);
  const after = applyPlan(state, plan, { market });
  const again = await new BinpackEngine().analyze({ cluster: after, market, memory }, context);
  expect(plan.savingsUsdPerHour.point).toBeGreaterThanOrEqual(0.4);
  expect(again.plan.groups).toEqual([]);
});
