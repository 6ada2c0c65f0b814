import type { ClusterState, Market, Plan } from '@cloudoptim/core';
import type { SimulateOptions } from './simulate-plain.js';

export interface ApplyOptions {
  readonly market?: Market;
  readonly rule?: NonNullable<SimulateOptions['rule']>;
}

/** The state after all groups of a plan succeeded. Pods that no node takes stay Pending. Throws InvalidPlan for unknown references. */
export function applyPlan(_state: ClusterState, _plan: Plan, _options: ApplyOptions = {}): ClusterState {
  throw new Error('being built');
}
