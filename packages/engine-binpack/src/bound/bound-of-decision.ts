import {
  type ClusterState,
  type DecisionContext,
  type LowerBoundCertificate,
  type Market,
  type Policy,
  WorkLimitReached,
} from '@cloudoptim/core';
import { boundProblem } from '@cloudoptim/scheduling';
import type { BinpackOptions } from '../options.js';
import { lowerBound } from './lower-bound.js';

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
): Promise<{ readonly lowerBound?: LowerBoundCertificate; readonly truncated: boolean }> {
  if (!options.lowerBound) return { truncated: false };
  const scope = { pendingPods: false, keptNodesAtMs: context.now };
  const problem = boundProblem(state, market, policy, scope);
  try {
    return { lowerBound: await lowerBound(problem, scope, (units) => context.spend(units)), truncated: false };
  } catch (error) {
    if (WorkLimitReached.isInstance(error)) return { truncated: true };
    throw error;
  }
}
