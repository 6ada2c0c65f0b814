import type { ClusterState, Market, Plan } from '@cloudoptim/core';

/** So many plans of one state: an engine asks again about the one that it has just made. */
const mostKept = 64;

const kept = new WeakMap<ClusterState, WeakMap<object, Set<string>>>();
const noMarket = {};

/**
 * Whether all orders of a plan were gone through before on this very state and market, and held. An engine asks about one plan with
 * several seeds, and orders are gone through without draws. By what the plan says, since it bears a new name each time.
 */
export class KnownToHold {
  readonly #plans: Set<string>;
  readonly #key: string;

  constructor(state: ClusterState, market: Market | undefined, plan: Plan, frozen: boolean) {
    const ofState = kept.get(state) ?? new WeakMap<object, Set<string>>();
    kept.set(state, ofState);
    this.#plans = ofState.get(market ?? noMarket) ?? new Set();
    ofState.set(market ?? noMarket, this.#plans);
    this.#key = JSON.stringify([plan.groups, plan.maxGroupsInFlight, frozen]);
  }

  get isKnown(): boolean {
    return this.#plans.has(this.#key);
  }

  remember(): void {
    const [oldest] = this.#plans;
    if (this.#plans.size >= mostKept && oldest !== undefined) this.#plans.delete(oldest);
    this.#plans.add(this.#key);
  }
}
