import { createContext, defaultPolicy, type Plan } from '@cloudoptim/core';
import { buildCluster, createMarket } from '@cloudoptim/testkit';
import { expect, test } from 'vitest';
import { BinpackEngine } from '../src/binpack-engine.js';
import { readMemory } from '../src/engine-memory.js';
import { draftGroups } from '../src/groups.js';
import { createModel } from '../src/model.js';
import { binpackOptions } from '../src/options.js';
import { prove, type Question } from '../src/prove.js';
import { settle } from '../src/settle.js';

/** Two nodes, each with one small pod, about to be asked. */
function asked(count: Question['count']) {
  const state = buildCluster()
    .addNodes(2)
    .addWorkload({ name: 'web', replicas: 2, cpuMillicores: 100, on: ['node-0', 'node-1'] })
    .build();
  const market = createMarket(state, { instanceTypes: [] });
  const context = createContext({ now: state.takenAtMs, seed: 1 });
  const [policy, options] = [defaultPolicy, binpackOptions.parse({})];
  const model = createModel({ state, market, policy, options, memory: readMemory(undefined), context });
  const request = { contractVersion: 'v1' as const, policy, options, cluster: state, market };
  const question: Question = { engine: new BinpackEngine(), request, context, answers: new Map(), count };
  return { model, question };
}

// With twelve draws of the scheduler's ties a plan may pass by luck, and be refused by whoever verifies it with a seed of their own.
test('a plan must hold in as many draws as are asked for', async () => {
  const { model, question } = asked({ drawn: 0 });
  const settled = await settle(model, [{ remove: [0], launches: [] }]);
  expect((await prove(model, question, settled)).steps).toHaveLength(1);
  expect((await prove(model, { ...question, draws: 200 }, settled)).steps).toHaveLength(1);

  const refusal = {
    reason: { code: 'not-robust', message: 'One draw in many.' },
    subject: { kind: 'cluster' as const },
    group: 'g1',
  };
  const plan = { groups: [{ id: 'g1' }] } as unknown as Plan;
  const said = { plan, refusals: [], isCertain: false, drawn: new Map([[200, [refusal]]]) };
  for (const inOrder of [false, true]) question.answers.set(JSON.stringify(draftGroups(model, settled, inOrder)), said);
  expect((await prove(model, question, settled)).steps).toHaveLength(1);
  const refused = await prove(model, { ...question, draws: 200 }, settled);
  expect(refused.steps).toEqual([]);
  expect(refused.dropped.get(0)).toEqual(refusal.reason);
});

// One plan in three of small clusters was refused by others: it had been changed until it held in 240 draws, the same ones each time.
test('each proof has draws of its own, and what was proven is not proven again', async () => {
  const seeds: number[] = [];
  const { model, question } = asked({
    get drawn() {
      return seeds.length;
    },
    set drawn(count) {
      seeds.push(count);
    },
  });
  const one = await settle(model, [{ remove: [0], launches: [] }]);
  const other = await settle(model, [{ remove: [1], launches: [] }]);
  for (const settled of [one, other, one]) await prove(model, { ...question, draws: 200 }, settled);
  await prove(model, { ...question, draws: 201 }, one);
  await prove(model, question, one);
  expect(seeds).toEqual([1, 2, 3]);
});
