import type { ClusterState } from '@cloudoptim/core';
import { type Budgets, createBudgets } from '../budgets.js';
import { type CriticalSet, criticalSets } from '../critical-backends.js';
import { WorkingPlacement } from '../working-placement.js';
import { TwoHalves } from './two-halves.js';

/** A state made ready for plans to be carried out on, which roll back everything they do. */
export interface PreparedState<P extends WorkingPlacement = WorkingPlacement> {
  readonly placement: P;
  readonly budgets: Budgets;
  readonly criticalSets: readonly CriticalSet[];
}

export function preparedState(state: ClusterState): PreparedState {
  return preparedWith(new WorkingPlacement(state));
}

const prepared = new WeakMap<ClusterState, PreparedState<TwoHalves>>();

/**
 * The same with both halves, made once a state: engines verify plan after plan on one state. Whoever uses it returns to the
 * mark it found, or calls `forget`.
 */
export function preparedHalves(state: ClusterState): PreparedState<TwoHalves> {
  let known = prepared.get(state);
  if (known === undefined) {
    known = preparedWith(new TwoHalves(state));
    prepared.set(state, known);
  }
  return known;
}

/** Drops what was prepared for a state: something went wrong before everything was rolled back. */
export function forget(state: ClusterState): void {
  prepared.delete(state);
}

function preparedWith<P extends WorkingPlacement>(placement: P): PreparedState<P> {
  return { placement, budgets: createBudgets(placement), criticalSets: criticalSets(placement) };
}
