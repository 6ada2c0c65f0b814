import { defaultPolicy } from '@cloudoptim/core';
import { type BoundProblem, boundProblem, dualBound, randomNumbers } from '@cloudoptim/scheduling';
import { describe, expect, test } from 'vitest';
import { documentsOf } from '../../../test-support/small-packing.js';
import { PriceGame } from '../src/bound/price-game.js';

const room = { pods: 60, arch: 'amd64', zone: 'us-east-1a' } as const;

/** Sixty sizes of pods, some of a group that shares no node. */
function problemOf(seed: number): BoundProblem {
  const random = randomNumbers(seed);
  const pods = Array.from({ length: 60 }, () => {
    const cpu = 0.1 + 3 * random();
    const alike = { cpu, memory: cpu * 2 ** (4 * random()) };
    const count = 1 + Math.floor(20 * random());
    const group = random() < 0.1 ? { group: 'red' } : {};
    return Array.from({ length: count }, () => ({ ...alike, ...group }));
  }).flat();
  const offers = [2, 4, 8, 16].flatMap((cpu) => [
    { ...room, cpu, memory: 2 * cpu, price: 0.04 * cpu },
    { ...room, cpu, memory: 4 * cpu, price: 0.05 * cpu },
    { ...room, cpu, memory: 8 * cpu, price: 0.07 * cpu },
  ]);
  const { state, market } = documentsOf({ pods, offers, nodes: [] });
  return boundProblem(state, market, defaultPolicy, { pendingPods: true });
}

function proven(problem: BoundProblem, game: PriceGame, turns: readonly number[]): number {
  let prices = game.prices();
  for (const own of turns) {
    game.play(own);
    prices = game.prices();
  }
  return dualBound(problem, prices, 'resources');
}

/** What is left of the pods, and which class each was. */
function leftOf({ classes, ...rest }: BoundProblem, random: () => number) {
  const kept = classes.map((entry, index) => ({ index, count: Math.round(entry.count * (0.6 + 0.4 * random())) }));
  const some = kept.filter(({ count }) => count > 0 && random() < 0.95);
  const left = some.map(({ index, count }) => ({ ...(classes[index] as (typeof classes)[number]), count }));
  const pods = (of: readonly { readonly count: number }[]) => of.reduce((sum, { count }) => sum + count, 0);
  return {
    problem: { ...rest, classes: left },
    earlierOf: some.map(({ index }) => index),
    share: pods(left) / pods(classes),
  };
}

describe('a game of prices that goes on', () => {
  test('finds in two fifths of the turns, while pods are used up, prices as good as those of a new one', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = randomNumbers(seed);
      let problem = problemOf(seed);
      const game = new PriceGame(problem);
      proven(problem, game, [12, 12, 16, 20]);
      for (let round = 0; round < 6; round++) {
        const left = leftOf(problem, random);
        problem = left.problem;
        game.goOn(problem, left.earlierOf, left.share);
        const anew = proven(problem, new PriceGame(problem), [12, 12, 16, 20]);
        expect(proven(problem, game, [12, 12])).toBeGreaterThan(0.99 * anew);
      }
    }
  });

  test('takes classes in that it has not seen', () => {
    const problem = problemOf(7);
    const half = { ...problem, classes: problem.classes.filter((_, index) => index % 2 === 0) };
    const game = new PriceGame(half);
    proven(half, game, [12, 12, 16, 20]);
    game.goOn(
      problem,
      problem.classes.map((_, index) => (index % 2 === 0 ? index / 2 : -1)),
      1,
    );
    const anew = proven(problem, new PriceGame(problem), [12, 12, 16, 20]);
    expect(proven(problem, game, [12, 12, 16])).toBeGreaterThan(0.98 * anew);
  });

  test('goes on alike whether choices were found at its last look or not', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const [one, other] = [false, true].map((isLast) => {
        const random = randomNumbers(seed);
        let problem = problemOf(seed);
        const game = new PriceGame(problem);
        const seen = [];
        for (let round = 0; round < 4; round++) {
          game.play(12);
          seen.push(game.prices());
          game.play(12);
          seen.push(game.prices(isLast));
          const left = leftOf(problem, random);
          problem = left.problem;
          game.goOn(problem, left.earlierOf, left.share);
        }
        return seen;
      });
      expect(one).toEqual(other);
    }
  });
});
