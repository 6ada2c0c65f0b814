import type { LowerBoundCertificate } from '@cloudoptim/core';
import {
  type BoundProblem,
  type BoundScope,
  boundCertificate,
  type DualPrices,
  dualBound,
} from '@cloudoptim/scheduling';
import { packGreedily } from '../pack/greedy-packing.js';
import type { PackedNode } from '../pack/packing.js';
import { podKinds } from '../pack/pod-kinds.js';
import { Stock } from '../pack/stock.js';
import { isLimited } from './column-prices.js';
import { Configurations } from './configurations.js';
import { PriceGame } from './price-game.js';

/** Turns between two looks at all classes and columns: short while columns still join, longer the nearer the optimum. */
const defaultTurns: readonly number[] = [15, 15, 20, 25, 30, 40, 50, 60];

/** Further ones where turns are quick: where nodes that are there bound the prices, averages come near only after a thousand turns. */
const furtherTurns: readonly number[] = [80, 100, 150, 200, 300, 400, 500];
/** Class-column pairs weighed, with those before, beyond which no further look begins: a tenth of a second or so. */
const mostWeighed = 2_000_000;

/** Turns between two calls of `spend`: some milliseconds on the largest clusters. */
const turnsAtOnce = 5;

/** Class-column pairs weighed in the time of one pod tested against one node. */
const pairsPerUnit = 100;

/** Most classes that whole pods are looked at for: with more of them, nodes hold many pods each or the search is slow. */
const mostClasses = 320;

/**
 * Items and classes looked at in vain, since the bound rose last, after which there is no further round: a tenth of a second or so.
 * Where nodes hold hundreds of pods, half a second more has never raised it.
 */
const patience = 600_000;

/** What is left between the configuration programme and the bound, as a share, that is not worth another round. */
const settled = 1e-3;

export interface BoundEffort {
  /** Turns of the game between two looks at all classes and columns; a number for each look. */
  readonly turns?: readonly number[];
  /** Rounds in which ways to fill nodes with whole pods are looked for, where classes are few; 0, the default: none. */
  readonly rounds?: number;
}

/**
 * The strongest lower bound found, with the prices that prove it. The same problem and effort give the same bytes. `spend` is
 * told of work before it is done; what it throws is not caught.
 */
export async function lowerBound(
  problem: BoundProblem,
  scope: BoundScope,
  spend: (units: number) => Promise<void>,
  { turns: asked, rounds = 0 }: BoundEffort = {},
): Promise<LowerBoundCertificate> {
  const game = new PriceGame(problem);
  /** All pairs, once for prices and once for what these prove. */
  const looked = 2 * problem.classes.length * problem.columns.length;
  let best = { usdPerHour: -1, prices: noPrices };
  let weighed = 0;
  for (const [look, turns] of (asked ?? [...defaultTurns, ...furtherTurns]).entries()) {
    if (asked === undefined && look >= defaultTurns.length && weighed > mostWeighed) break;
    for (let played = 0; played < turns; played += turnsAtOnce) {
      await spend(Math.ceil((game.unitsPerTurn * turnsAtOnce) / pairsPerUnit));
      game.play(Math.min(turnsAtOnce, turns - played));
    }
    weighed += game.unitsPerTurn * turns + looked;
    await spend(Math.ceil(looked / pairsPerUnit));
    const prices = shortened(game.prices());
    await spend(0);
    const usdPerHour = dualBound(problem, prices, 'resources');
    if (usdPerHour > best.usdPerHour) best = { usdPerHour, prices };
  }
  const prices = await wholePods(problem, best, rounds, spend);
  if (prices !== undefined) {
    const usdPerHour = dualBound(problem, prices);
    if (usdPerHour > best.usdPerHour) best = { usdPerHour, prices };
  }
  return boundCertificate(problem, scope, best.prices, Math.max(0, best.usdPerHour));
}

/** Prices that whole pods make stronger; undefined where they do not, where there are too many classes, or where a node costs nothing. */
async function wholePods(
  problem: BoundProblem,
  { prices, usdPerHour }: { readonly prices: DualPrices; readonly usdPerHour: number },
  rounds: number,
  spend: (units: number) => Promise<void>,
): Promise<DualPrices | undefined> {
  const { classes, columns } = problem;
  const isFree = columns.some((column) => !isLimited(column) && column.usdPerHour <= 0);
  if (rounds === 0 || classes.length === 0 || classes.length > mostClasses || isFree) return undefined;
  let inVain = 0;
  const units = (looked: number) => {
    inVain += looked;
    return spend(Math.ceil(looked / pairsPerUnit));
  };
  const own = { classes: Float64Array.from(prices.classes), columns: Float64Array.from(prices.columns) };
  const kept = columns.reduce((sum, column) => sum + (column.kept ? column.supply * column.usdPerHour : 0), 0);
  const configurations = new Configurations(problem, own, usdPerHour - kept, await greedyNodes(problem, units));
  const { bound } = configurations;
  for (let round = 0; round < rounds && inVain < patience; round++) {
    const before = configurations.bound;
    const isGain = await configurations.round(units);
    if (!isGain || configurations.usdPerHour < configurations.bound * (1 + settled)) break;
    if (configurations.bound > before) inVain = 0;
  }
  return configurations.bound > bound ? shortened(configurations.best) : undefined;
}

const noPrices: DualPrices = { classes: [], columns: [] };

/**
 * Where nodes are limited, the prices of pods that need them have no end, and pivots find astronomic ones. Only their proportions
 * count, since the bound takes whatever share of them proves the most; a certificate's prices must be below 10^12.
 */
const largestPrice = 1e9;

/** Seven digits prove as much as sixteen, in half the bytes. */
function shortened({ classes, columns }: DualPrices): DualPrices {
  let largest = 0;
  for (const prices of [classes, columns])
    for (let at = 0; at < prices.length; at++) largest = Math.max(largest, prices[at] as number);
  const factor = Math.min(1, largestPrice / largest);
  const short = (price: number) => Number((factor * price).toPrecision(7));
  return { classes: Array.from(classes, short), columns: Array.from(columns, short) };
}

/** The ways in which a quick packing fills nodes: much nearer to the best ones than nodes with one class each. */
async function greedyNodes(problem: BoundProblem, spend: (looked: number) => Promise<void>): Promise<PackedNode[]> {
  const kinds = podKinds(problem);
  const stock = Stock.of(problem, kinds);
  return (await packGreedily(problem, kinds, stock, spend)).nodes;
}
