import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lawParameters } from '../../test-support/laws.js';
import { hasAssets } from '../rig/assets.js';
import { type ControlPlane, startControlPlane } from '../rig/control-plane.js';
import { type BudgetCase, budgetCases, ownerKinds, podConditions, selectorKinds } from './budget-case.js';
import { makeCase } from './case-objects.js';
import { defineCustomOwners } from './custom-owners.js';
import { pausedModes, playPaused } from './paused-case.js';
import { compareStatuses, type Difference, playCase, type Scene } from './play-case.js';
import { Tally } from './tally.js';

const atOnce = 4;

describe.runIf(hasAssets)('budgets as the disruption controller and the Eviction API see them', () => {
  let plane: ControlPlane;
  const { numRuns, seed } = lawParameters(60);
  const cases = fc.sample(budgetCases, { numRuns, seed });
  // While the controller sleeps a case is done in no time, but half of them must be prepared while it is awake.
  const pausedCases = fc.sample(budgetCases, { numRuns: Math.max(24, Math.floor(numRuns / 3)), seed: seed + 1 });

  beforeAll(async () => {
    plane = await startControlPlane({ controllers: 'disruption-controller' });
    await defineCustomOwners(plane.client);
  });
  afterAll(() => plane?.stop());

  it(`agree on ${numRuns} generated cases`, async () => {
    const run = newRun('case');
    await eachCase(cases, async (one, number) => {
      countCase(run.tally, one);
      const scene = run.sceneOf(number);
      await makeCase(plane.client, scene.namespace, one);
      run.note(number, one, await playCase(scene, one));
    });
    run.report(cases.length);
  });

  it(`agree on ${pausedCases.length} more while the controller sleeps`, async () => {
    const run = newRun('paused');
    const modeOf = (number: number) => pausedModes[number % pausedModes.length] ?? 'spent';
    const isPrepared = (number: number) => ['spent', 'stale'].includes(modeOf(number));
    await eachCase(pausedCases, async (one, number) => {
      if (!isPrepared(number)) return;
      const scene = run.sceneOf(number);
      await makeCase(plane.client, scene.namespace, one);
      run.note(number, one, await compareStatuses(scene, 'before the controller sleeps'));
    });
    await whilePaused(plane, () =>
      eachCase(pausedCases, async (one, number) => {
        countCase(run.tally, one);
        run.tally.count('paused', modeOf(number));
        const scene = run.sceneOf(number);
        if (!isPrepared(number)) await makeCase(plane.client, scene.namespace, one);
        run.note(number, one, await playPaused(scene, one, modeOf(number)));
      }),
    );
    run.report(pausedCases.length);
  });

  function newRun(name: string) {
    const tally = new Tally();
    const failures: string[] = [];
    return {
      tally,
      sceneOf: (number: number): Scene => ({ client: plane.client, namespace: `${name}-${number}`, tally }),
      note(number: number, one: BudgetCase, differences: readonly Difference[]) {
        if (differences.length > 0) failures.push(JSON.stringify({ number, case: one, differences }));
      },
      report(count: number) {
        console.log(`${name}: ${count} cases, seed ${seed}, ${failures.length} differ\n${tally}`);
        expect(failures, `${failures.length} of ${count} cases differ, seed ${seed}`).toEqual([]);
      },
    };
  }
});

async function eachCase(cases: readonly BudgetCase[], play: (one: BudgetCase, number: number) => Promise<void>) {
  const waiting = [...cases.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await play(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Stops the controller manager in its tracks, as a long pause of its machine would. */
async function whilePaused({ programs }: ControlPlane, act: () => Promise<void>): Promise<void> {
  const pid = programs.find(({ name }) => name === 'kube-controller-manager')?.pid;
  if (pid === undefined) throw new Error('There is no controller manager to pause.');
  process.kill(pid, 'SIGSTOP');
  try {
    await act();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

function countCase(tally: Tally, { owners, pods, budgets }: BudgetCase): void {
  tally.count('cases', budgets.length === 1 ? 'one budget' : 'several budgets');
  for (const kind of ownerKinds) tally.count('owner', kind, owners.filter((owner) => owner.kind === kind).length);
  tally.count('owner', 'none', pods.filter(({ owner }) => owner < 0).length);
  for (const kind of podConditions) tally.count('pod', kind, pods.filter(({ condition }) => condition === kind).length);
  for (const kind of selectorKinds)
    tally.count('selector', kind, budgets.filter(({ selector }) => selector === kind).length);
  for (const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } of budgets) {
    tally.count('policy', unhealthyPodEvictionPolicy ?? 'not said');
    const field = minAvailable === undefined ? 'maxUnavailable' : 'minAvailable';
    const amount = minAvailable ?? maxUnavailable;
    const kind = typeof amount === 'number' ? 'number' : 'percent';
    tally.count('figure', amount === undefined ? 'none' : `${field}, ${kind}`);
  }
}
