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
