import type { ClusterState, PodExtra } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carryOut, compareChoices, compareHalves, stepKinds } from '../../../test-support/halves.js';
import { lawParameters } from '../../../test-support/laws.js';
import { IndexedPlacement } from '../src/fast/indexed-placement.js';
import { createPlacement, type IncomingPod, simulate, simulatePlain } from '../src/index.js';
import { clusters, nodes } from './support/clusters.js';

const ownOnes: readonly PodExtra[] = [
  { labels: { app: 'api' } },
  { labels: { app: 'db', revision: '2', nobody: 'asks' }, claims: ['own'] },
  { claims: ['once'] },
  { claims: ['late-a'] },
  { claims: ['late-b', 'late-a'] },
  { pinnedNode: 'n0' },
  { deletionAtMs: 1, labels: { app: 'web' } },
  { occupies: { cpuMillicores: 700, memoryBytes: 1 } },
];

function incoming(state: ClusterState): IncomingPod[] {
  return state.podTemplates.flatMap((_, template) => [
    { template, workload: template },
    ...ownOnes.map((extra) => ({ template, workload: template, extra })),
  ]);
}

const steps = fc.array(
  fc.record({ kind: fc.nat({ max: stepKinds - 1 }), node: fc.nat({ max: 50 }), pod: fc.nat({ max: 200 }) }),
  { maxLength: 10 },
);

/** Small clusters never reach the limits that are in use, so the laws draw them: all ways of looking must agree. */
const limits = fc.record({
  domains: fc.constantFrom(0, 2, 32),
  values: fc.constantFrom(0, 256),
  listed: fc.constantFrom(0, 2, 64),
  vacant: fc.constantFrom(0, 1, 64),
  untold: fc.constantFrom(0, 2, 64),
  shortlist: fc.constantFrom(1, 3, 64),
  asked: fc.constantFrom(0, 1, 4),
});

function draws(placement: IndexedPlacement, pods: readonly IncomingPod[]): number[] {
  return pods.flatMap((pod) =>
    [0, 0.2, 0.5, 0.9].flatMap((draw) => [
      placement.chooseAnyhow(pod, () => draw),
      placement.chooseByScore(pod, 'LeastAllocated', () => draw),
      placement.chooseByScore(pod, 'MostAllocated', () => draw),
    ]),
  );
}

describe('the two halves', () => {
  it('answer alike after any steps, and after they are rolled back, marks within marks', () => {
    fc.assert(
      fc.property(clusters, limits, steps, steps, nodes, (state, by, first, second, make) => {
        const plain = createPlacement(state);
        const fast = new IndexedPlacement(state, by);
        const pods = incoming(state);
        compareHalves(plain, fast, pods);
        const marks = [plain.mark(), fast.mark()] as const;
        for (const step of first) {
          carryOut(plain, step, pods, make);
          carryOut(fast, step, pods, make);
          compareHalves(plain, fast, pods.slice(0, 4));
        }
        compareHalves(plain, fast, pods);
        const inner = [plain.mark(), fast.mark()] as const;
        for (const step of second) {
          carryOut(plain, step, pods, make);
          carryOut(fast, step, pods, make);
        }
        compareHalves(plain, fast, pods);
        plain.rollback(inner[0]);
        fast.rollback(inner[1]);
        compareHalves(plain, fast, pods);
        plain.rollback(marks[0]);
        fast.rollback(marks[1]);
        compareHalves(plain, fast, pods);
      }),
      lawParameters(),
    );
  });

  it('choose alike in one what-if after the other, where nothing is asked for but the best node', () => {
    const whatIfs = fc.array(steps, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(clusters, limits, whatIfs, fc.nat({ max: 7 }), nodes, (state, by, all, kept, make) => {
        const plain = createPlacement(state);
        const fast = new IndexedPlacement(state, by);
        const pods = incoming(state);
        for (const [round, whatIf] of all.entries()) {
          const marks = [plain.mark(), fast.mark()] as const;
          for (const step of whatIf) {
            carryOut(plain, step, pods, make);
            carryOut(fast, step, pods, make);
            compareChoices(plain, fast, pods.slice(0, 12));
          }
          if (round === kept) continue;
          plain.rollback(marks[0]);
          fast.rollback(marks[1]);
          compareChoices(plain, fast, pods.slice(0, 12));
        }
        compareHalves(plain, fast, pods);
        // Who verifies a plan gets the same answer for the same seed, whatever was tried before.
        if (kept >= all.length) expect(draws(fast, pods)).toEqual(draws(new IndexedPlacement(state, by), pods));
      }),
      lawParameters(),
    );
  });

  it('place pods alike, one by one, and leave out the same ones in the same words', () => {
    const queue = fc.array(
      fc.record({
        pod: fc.nat({ max: 200 }),
        createdAtMs: fc.constantFrom(0, 1, 2, 0.5, 2 ** 52),
        name: fc.constantFrom('', 'a', 'b'),
      }),
      {
        minLength: 10,
        maxLength: 60,
      },
    );
    const rule = fc.constantFrom('leastAllocated' as const, 'mostAllocated' as const, 'firstFeasible' as const);
    fc.assert(
      fc.property(clusters, limits, queue, rule, fc.boolean(), (state, at, drawn, by, exclude) => {
        const kinds = incoming(state);
        const pods = drawn.map(({ pod, createdAtMs, name }) => ({
          ...(kinds[pod % kinds.length] as IncomingPod),
          createdAtMs,
          ...(name === '' ? {} : { name }),
        }));
        const options = { rule: by, ...(exclude ? { excludeNodes: [0] } : {}) };
        expect(simulate(new IndexedPlacement(state, at), pods, options)).toEqual(
          simulatePlain(createPlacement(state), pods, options),
        );
      }),
      lawParameters(),
    );
  });
});
