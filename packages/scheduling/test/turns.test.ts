import { describe, expect, it } from 'vitest';
import { boundProblem, boundProblemInTurns, type Verification, verifyPlanInTurns } from '../src/index.js';
import { deployment, node, state, takenAtMs, template } from './support/build.js';
import { drained, market, planOf, policy, removalOf, verify } from './support/plan.js';

const nodes = Array.from({ length: 12 }, (_, at) => node(`n${at}`));
const cluster = state({
  nodes,
  podTemplates: [template({ cpu: 100, labels: { app: 'web' } })],
  workloads: [deployment('web', 0, { replicas: 60 })],
  pods: Array.from({ length: 60 }, (_, at) => ({ template: 0, workload: 0, node: at % 12 })),
});
const drains = [0, 1, 2, 3].map((at) => removalOf(nodes[at] ?? node('none'), [drained(0, 5)]));
const plan = planOf(cluster, drains, { after: [[], [0], [1], [2]] });
const strict = policy({ minRobustness: 0 });

function inTurns(pause: () => Promise<void>): Promise<Verification> {
  return verifyPlanInTurns(cluster, market, strict, plan, { now: takenAtMs, seed: 1 }, pause);
}

describe('a verification in turns', () => {
  it('answers as one that is not held up', async () => {
    let pauses = 0;
    const answer = await inTurns(async () => {
      pauses++;
    });
    expect(answer).toEqual(verify(cluster, plan, strict));
    expect(answer.checked.evictions).toBe(20);
    expect(pauses).toBeGreaterThan(10);
  });

  it('ends with what a pause throws, at any turn, and leaves nothing half done for the next', async () => {
    const whole = verify(cluster, plan, strict);
    let pauses = 0;
    await inTurns(async () => {
      pauses++;
    });
    for (let last = 1; last <= pauses; last++) {
      let left = last;
      const enough = new Error('enough');
      await expect(
        inTurns(async () => {
          if (--left === 0) throw enough;
        }),
      ).rejects.toBe(enough);
      expect(verify(cluster, plan, strict)).toEqual(whole);
    }
  });

  // Both would carry their evictions out on the same placement.
  it('does not see what another one on the same state does between its turns', async () => {
    const whole = verify(cluster, plan, strict);
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    expect(await Promise.all([inTurns(turn), inTurns(turn), inTurns(turn)])).toEqual([whole, whole, whole]);
  });
});

describe('a bound stated in turns', () => {
  const scope = { pendingPods: false, keptNodesAtMs: takenAtMs };

  it('is the same problem, and ends with what a pause throws', async () => {
    let pauses = 0;
    const count = async () => {
      pauses++;
    };
    expect(await boundProblemInTurns(cluster, market, strict, scope, count)).toEqual(
      boundProblem(cluster, market, strict, scope),
    );
    expect(pauses).toBeGreaterThan(nodes.length);
    const enough = new Error('enough');
    const stop = () => Promise.reject(enough);
    await expect(boundProblemInTurns(cluster, market, strict, scope, stop)).rejects.toBe(enough);
  });
});
