import type { Reason } from '@cloudoptim/core';
import type { Placement } from './placement.js';

export type EvictionAnswer =
  | { readonly allowed: true /** Index of the budget that pays; -1 when none does. */; readonly budget: number }
  | { readonly allowed: false; readonly reason: Reason };

/** PodDisruptionBudgets as the Eviction API spends them. */
export interface Budgets {
  /** Whether the Eviction API would grant the eviction now. */
  allowed(pod: number): EvictionAnswer;
  /** Spends for an eviction; throws RangeError when it is not allowed. Call it before the placement removes the pod. */
  evict(pod: number): void;
  /** The successor of an evicted pod (an index that `place` returned) is Ready: its budget has one more again. */
  ready(successor: number): void;
  /** Evictions that a budget (by index in the state) still grants. */
  left(budget: number): number;
  /** Indices of the budgets that select the pod. */
  of(pod: number): readonly number[];
  mark(): number;
  rollback(mark: number): void;
}

/** Budgets at the state of the placement; never more than the live `disruptionsAllowed`. */
export function createBudgets(_placement: Placement): Budgets {
  throw new Error('being built');
}
