import type { ClusterState, Inputs, JsonValue, Market, PartialPolicy, UsageHistory } from '@cloudoptim/core';
import fc from 'fast-check';
import { arbitraryClusterRecipe, type ClusterOptions, cookCluster } from './cluster-state.js';
import { arbitraryMarketRecipe, cookMarket } from './market.js';
import { arbitraryPolicy } from './policy.js';
import { arbitraryUsageRecipe, cookUsage } from './usage-history.js';

/** Everything that an engine is asked about at once: inputs that belong together, a policy, an instant and a seed. */
export interface DecisionCase extends Inputs {
  readonly cluster: ClusterState;
  readonly market: Market;
  readonly usage: UsageHistory;
  readonly policy: PartialPolicy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly seed: number;
  readonly memory?: JsonValue;
}

/** Cases for engines: market and usage fit the cluster. Shrinks to a small cluster, a plain market and the default policy. */
export function arbitraryDecisionCase(options: ClusterOptions = {}): fc.Arbitrary<DecisionCase> {
  return fc
    .record({
      cluster: arbitraryClusterRecipe(options),
      market: arbitraryMarketRecipe(),
      usage: fc.array(arbitraryUsageRecipe(), { maxLength: 10, size: 'max' }),
      policy: arbitraryPolicy(),
      // From a Wednesday morning on: night, day and weekend for engines that look at the clock.
      hoursLater: fc.oneof(fc.constant(0), fc.nat({ max: 167 })),
      seed: fc.nat({ max: 9999 }),
    })
    .map(({ cluster: recipe, market, usage, policy, hoursLater, seed }) => {
      const cluster = cookCluster(recipe);
      const takenAtMs = cluster.takenAtMs + hoursLater * 3_600_000;
      const later = { ...cluster, takenAtMs };
      return {
        cluster: later,
        market: cookMarket(market, later),
        usage: cookUsage(usage, later),
        policy,
        now: takenAtMs,
        seed,
      };
    });
}
