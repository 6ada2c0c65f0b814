import { createFastPlacement, createPlacement } from '@cloudoptim/scheduling';
import { arbitraryClusterState } from '@cloudoptim/testkit';
import fc from 'fast-check';
import { carryOut, compareFeasible, compareHalves, probesOf, stepKinds } from '../test-support/halves.js';
import type { Bench } from './bench.js';

/** States drawn at once; the seed of each batch is the benchmark's seed plus its number. */
const batch = 50;

/**
 * The fast half against the plain one on generated clusters of all constraint kinds, after random steps and their rollback. A
 * probe is one pod against one state, its feasible nodes compared by index. The first difference ends it, with its seed.
 */
export const run: Bench = async ({ quick, seed, log }) => {
  const target = quick ? 20_000 : 1_000_000;
  const started = performance.now();
  const counts = { states: 0, probes: 0, nowhere: 0, everywhere: 0, whole: 0 };
  for (let number = 0; counts.probes < target; number++) {
    const cases = fc.sample(arbitraryCase(), { seed: seed + number, numRuns: batch });
    for (const [index, { state, steps }] of cases.entries()) {
      try {
        probe(state, steps, counts);
      } catch (error) {
        throw new Error(`batch seed ${seed + number}, case ${index}, after ${counts.probes} probes`, { cause: error });
      }
    }
    if (number % 10 === 9) log(`halves: ${counts.probes} probes of ${counts.states} states, no difference`);
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    rows: [
      {
        states: counts.states,
        probes: counts.probes,
        differences: 0,
        nowhere: share(counts.nowhere, counts.probes),
        everywhere: share(counts.everywhere, counts.probes),
        wholeComparisons: counts.whole,
        seconds: Math.round(seconds),
      },
    ],
    checks: [
      { what: 'probes without a difference', value: counts.probes, target: `at least ${target}`, met: true },
      {
        what: 'share of probes with all or no nodes feasible',
        value: share(counts.nowhere + counts.everywhere, counts.probes),
        target: 'reported',
        met: true,
      },
    ],
  };
};

function arbitraryCase() {
  const step = fc.record({
    kind: fc.nat({ max: stepKinds - 1 }),
    node: fc.nat({ max: 50 }),
    pod: fc.nat({ max: 500 }),
  });
  return fc.record({ state: arbitraryClusterState(), steps: fc.array(step, { maxLength: 12 }) });
}

type Case = ReturnType<typeof arbitraryCase> extends fc.Arbitrary<infer T> ? T : never;

function probe(state: Case['state'], steps: Case['steps'], counts: Record<string, number>): void {
  const plain = createPlacement(state);
  const fast = createFastPlacement(state);
  const pods = probesOf(state);
  const [model] = state.nodes;
  const count = (key: string, by: number) => {
    counts[key] = (counts[key] ?? 0) + by;
  };
  const compare = () => {
    const present = state.nodes.length;
    for (const feasible of compareFeasible(plain, fast, pods)) {
      count('probes', 1);
      if (feasible === 0) count('nowhere', 1);
      else if (feasible === present) count('everywhere', 1);
    }
    count('states', 1);
  };
  compare();
  if (model === undefined) return;
  const marks = [plain.mark(), fast.mark()] as const;
  for (const step of steps) {
    // Nodes that join, or take another's place, are like some node of the state under another name.
    const make = (name: string) => {
      const like = state.nodes[step.pod % state.nodes.length] ?? model;
      return { ...like, name, labels: { ...like.labels, 'kubernetes.io/hostname': name } };
    };
    carryOut(plain, step, pods, make);
    carryOut(fast, step, pods, make);
    compare();
  }
  // Choices, words, free resources and draws as well, at the end of the steps.
  count('whole', compareHalves(plain, fast, pods.slice(0, 3)));
  plain.rollback(marks[0]);
  fast.rollback(marks[1]);
  compare();
}

function share(part: number, of: number): string {
  return `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
}
