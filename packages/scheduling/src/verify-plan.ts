import type { ClusterState, Market, Plan, Policy } from '@cloudoptim/core';
import type { Verification } from './verification.js';

export interface VerifyOptions {
  /** Milliseconds since the epoch; for a snapshot, its `takenAtMs`. */
  readonly now: number;
  readonly seed: number;
}

/** Whether a plan may be executed on a state, found independently of how the plan was made. */
export function verifyPlan(
  _state: ClusterState,
  _market: Market | undefined,
  _policy: Policy,
  _plan: Plan,
  _options: VerifyOptions,
): Verification {
  throw new Error('being built');
}
