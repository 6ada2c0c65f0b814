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

const spare = new WeakMap<ClusterState, PreparedState<TwoHalves>>();

/**
 * The same with both halves, lent and made once a state: engines verify plan after plan on one state. Whoever carried something
 * out returns to the mark that was found and gives back; what was left half done, for an error or since nobody waits for it any
 * more, never comes back. Two that work on one state by turns have one each.
 */
export class LentHalves {
  readonly #lent = new Map<ClusterState, PreparedState<TwoHalves>>();

  of(state: ClusterState): PreparedState<TwoHalves> {
    let own = this.#lent.get(state);
    if (own === undefined) {
      own = spare.get(state) ?? preparedWith(new TwoHalves(state));
      spare.delete(state);
      this.#lent.set(state, own);
    }
    return own;
  }

  giveBack(): void {
    for (const [state, own] of this.#lent) spare.set(state, own);
    this.#lent.clear();
  }
}

function preparedWith<P extends WorkingPlacement>(placement: P): PreparedState<P> {
  return { placement, budgets: createBudgets(placement), criticalSets: criticalSets(placement) };
}
