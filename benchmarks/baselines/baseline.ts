import type { ClusterState, Market } from '@cloudoptim/core';

/** What a cluster comes to under somebody's rule. */
interface BaselineResult {
  readonly nodes: number;
  readonly usdPerHour: number;
  /** Pods that the rule takes off their node. */
  readonly evictions: number;
  /** Pods that the rule finds no place for. */
  readonly unplaced: number;
}

/** A rule of the field, as its documents describe it: pure, from what the cluster is and what can be bought. */
export type Baseline = (state: ClusterState, market: Market) => BaselineResult;
