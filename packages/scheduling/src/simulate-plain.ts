import type { Reason } from '@cloudoptim/core';
import type { IncomingPod } from './incoming-pod.js';
import type { Placement } from './placement.js';

export interface SimulateOptions {
  /** How a node is chosen among the feasible ones; `leastAllocated` when absent. Equal scores go to the lowest node index. */
  readonly rule?: 'leastAllocated' | 'mostAllocated' | 'firstFeasible';
  /** Node indices that are not offered any pod. */
  readonly excludeNodes?: readonly number[];
}

export interface Simulation {
  /** Node index for each pod, in input order; -1 where none took it. */
  readonly placed: readonly number[];
  /** Index of each placed pod in the placement, in input order; -1 where none took it. */
  readonly pods: readonly number[];
  /** Pods (by input position) that no node takes, with kube-scheduler's words and on how many nodes each was said. */
  readonly unplaced: readonly { readonly pod: number; readonly reasons: Readonly<Record<string, number>> }[];
  /** Pods (by input position) whose placement cannot be told. */
  readonly unsupported: readonly { readonly pod: number; readonly reason: Reason }[];
}

/** Places pods one by one in queue order: higher priority first, then older, then by name. The placement is changed. */
export function simulatePlain(
  _placement: Placement,
  _pods: readonly IncomingPod[],
  _options: SimulateOptions = {},
): Simulation {
  throw new Error('being built');
}
