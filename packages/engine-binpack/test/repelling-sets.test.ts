import { createContext, defaultPolicy } from '@cloudoptim/core';
import { buildCluster, createMarket } from '@cloudoptim/testkit';
import { expect, test } from 'vitest';
import { readMemory } from '../src/engine-memory.js';
import { createModel, type Model } from '../src/model.js';
import { binpackOptions } from '../src/options.js';
import { RepellingSets } from '../src/repelling-sets.js';

/** Nodes 0 and 1 each hold a pod that shares no node with `repelled`; node 2 is as full as the pod of `base` makes it. */
function model(baseCpuMillicores: number, repelled = 'apart'): Model {
  const labelSelector = { matchLabels: { app: repelled } };
  const state = buildCluster()
    .addNodes(3, { instanceType: 'm5.large' })
    .addWorkload({
      name: 'apart',
      replicas: 2,
      cpuMillicores: 500,
      on: ['node-0', 'node-1'],
      template: { podAntiAffinity: { required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector }] } },
    })
    .addWorkload({ name: 'base', replicas: 1, cpuMillicores: baseCpuMillicores, on: ['node-2'] })
    .build();
  return createModel({
    state,
    market: createMarket(state, { instanceTypes: ['m5.large'] }),
    policy: defaultPolicy,
    options: binpackOptions.parse({}),
    memory: readMemory(undefined),
    context: createContext({ now: state.takenAtMs }),
  });
}

const full = 1800;

test('two pods that repel each other and have no other place are told', () => {
  expect(new RepellingSets(model(full)).has([0, 1])).toBe(true);
});

test.each([
  { what: 'one of them has room on another node', own: model(500), nodes: [0, 1] },
  { what: 'they repel others, and not each other', own: model(full, 'base'), nodes: [0, 1] },
  { what: 'only one of them is in the set', own: model(full), nodes: [0, 2] },
  { what: 'the set is one node', own: model(full), nodes: [0] },
])('a set is worth a try where $what', ({ own, nodes }) => {
  expect(new RepellingSets(own).has(nodes)).toBe(false);
});

test('what had no room is asked again once pods have moved', () => {
  const own = model(full);
  const sets = new RepellingSets(own);
  expect(sets.has([0, 1])).toBe(true);
  const [base] = own.cluster.placement.podsOn(2);
  own.cluster.unplace(base as number);
  sets.forgetRoom();
  expect(sets.has([0, 1])).toBe(false);
});
