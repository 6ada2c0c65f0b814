import type { ResourceAmounts } from './resources.js';

/** One node's load as the agent reports it every minute. */
export interface NodeMetrics {
  readonly uid: string;
  readonly name: string;
  readonly ready: boolean;
  readonly allocatable: ResourceAmounts;
  readonly requested: ResourceAmounts;
  /** Absent when the metrics API gave none. */
  readonly used?: ResourceAmounts;
  readonly pods: number;
}

/** A cluster's load and health at one instant, for prediction against actual. */
export interface ClusterMetrics {
  readonly schema: 'cluster-metrics/v1';
  readonly clusterId: string;
  readonly observedAtMs: number;
  readonly nodes: readonly NodeMetrics[];
  readonly pods: { readonly running: number; readonly pending: number; readonly failed: number };
  /** Null when some node has no known price. */
  readonly usdPerHour: number | null;
}
