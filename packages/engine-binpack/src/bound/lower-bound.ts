import type { LowerBoundCertificate } from '@cloudoptim/core';
import {
  type BoundProblem,
  type BoundScope,
  boundCertificate,
  type DualPrices,
  dualBound,
} from '@cloudoptim/scheduling';
import { PriceGame } from './price-game.js';

/** Turns between two looks at all classes and columns: short while columns still join, longer the nearer the optimum. */
const defaultTurns: readonly number[] = [15, 15, 20, 25, 30, 40, 50, 60];

/** Turns between two calls of `spend`: some milliseconds on the largest clusters. */
const turnsAtOnce = 5;

/** Class-column pairs weighed in the time of one pod tested against one node. */
const pairsPerUnit = 100;

/**
 * The strongest lower bound found, with the prices that prove it. The same problem and turns give the same bytes. `spend` is
 * told of work before it is done; what it throws is not caught.
 */
export async function lowerBound(
  problem: BoundProblem,
  scope: BoundScope,
  spend: (units: number) => Promise<void>,
  rounds: readonly number[] = defaultTurns,
): Promise<LowerBoundCertificate> {
  const game = new PriceGame(problem);
  const pairs = problem.classes.length * problem.columns.length;
  // Nodes that are paid for or limited in number may hold most pods for less than a new node would ask.
  const shares = problem.columns.some(({ kept, supply }) => kept || supply < Number.POSITIVE_INFINITY)
    ? [1, 0.75, 0.5, 0.25, 0]
    : [1];
  let best = { usdPerHour: -1, prices: noPrices };
  for (const turns of rounds) {
    for (let played = 0; played < turns; played += turnsAtOnce) {
      await spend(Math.ceil((game.unitsPerTurn * turnsAtOnce) / pairsPerUnit));
      game.play(Math.min(turnsAtOnce, turns - played));
    }
    await spend(Math.ceil((pairs * (1 + shares.length)) / pairsPerUnit));
    const found = game.prices();
    for (const share of shares) {
      const prices = shortened(found, share);
      const usdPerHour = dualBound(problem, prices);
      if (usdPerHour > best.usdPerHour) best = { usdPerHour, prices };
    }
  }
  return boundCertificate(problem, scope, best.prices, Math.max(0, best.usdPerHour));
}

const noPrices: DualPrices = { classes: [], columns: [] };

/** A share of the prices. Seven digits prove as much as sixteen, in half the bytes. */
function shortened({ classes, columns }: DualPrices, share: number): DualPrices {
  const short = (price: number) => Number((share * price).toPrecision(7));
  return { classes: Array.from(classes, short), columns: Array.from(columns, short) };
}
