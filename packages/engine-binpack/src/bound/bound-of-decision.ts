import {
  type ClusterState,
  type DecisionContext,
  type LowerBoundCertificate,
  type Market,
  type Policy,
  WorkLimitReached,
} from '@cloudoptim/core';
import { type BoundProblem, boundProblemInTurns } from '@cloudoptim/scheduling';
import type { BinpackOptions } from '../options.js';
import { lowerBound } from './lower-bound.js';

/** Class-column pairs up to which a plan waits for rounds with whole pods, and how many. */
const mostPairs = 4_000;
const mostRounds = 15;

/**
 * The bound that goes with a decision: for the pods that run, with the nodes that policy keeps now. None where it is not wanted
 * or where the work limit leaves no room for it: the plan is as good without, and marked as cut short.
 */
export async function boundOf(
  state: ClusterState,
  market: Market,
  policy: Policy,
  options: BinpackOptions,
  context: DecisionContext,
  kept: ReadonlySet<number>,
): Promise<{ readonly lowerBound?: LowerBoundCertificate; readonly truncated: boolean }> {
  if (!options.lowerBound) return { truncated: false };
  const scope = { pendingPods: false, keptNodesAtMs: context.now };
  const spend = (units: number) => context.spend(units);
  const problem = await boundProblemInTurns(state, market, policy, scope, () => spend(0), kept);
  try {
    await spend(0);
    return { lowerBound: await lowerBound(problem, scope, spend, { rounds: roundsFor(problem) }), truncated: false };
  } catch (error) {
    if (WorkLimitReached.isInstance(error)) return { truncated: true };
    throw error;
  }
}

/** Whole pods make the most difference where nodes hold few of few kinds; where there are many, the time goes to the plan. */
function roundsFor({ classes, columns }: BoundProblem): number {
  const pairs = classes.length * columns.length;
  return pairs > mostPairs ? 0 : mostRounds;
}
