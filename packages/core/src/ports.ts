import type { ClusterMetrics } from './cluster-metrics.js';
import type { ClusterState } from './cluster-state.js';
import type { JsonValue } from './json.js';
import type { Market, Offering, OfferingRef } from './market.js';
import type { Task, TaskResult } from './task.js';
import type { UsageHistory } from './usage-history.js';

/** Interfaces to the outside. Implementations live in adapters and in the simulator and pass one conformance suite each. */

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface Clock {
  nowMs(): number;
  sleep(milliseconds: number, options?: CallOptions): Promise<void>;
}

export interface ClusterSource {
  /** Reads the whole cluster; what could not be read is said in coverage. */
  read(options?: CallOptions): Promise<ClusterState>;
}

export interface UsageSource {
  read(range: { readonly sinceMs: number; readonly untilMs: number }, options?: CallOptions): Promise<UsageHistory>;
}

export interface PriceSource {
  /** Current offerings of a region; a price that could not be had is null. */
  offerings(
    query: { readonly region: string; readonly instanceTypes?: readonly string[] },
    options?: CallOptions,
  ): Promise<Market>;
}

export interface SpotPricePoint extends OfferingRef {
  readonly atMs: number;
  readonly usdPerHour: number;
}

export interface SpotHistorySource {
  /** Price changes, oldest first; the price before the first one is unknown. */
  prices(
    query: {
      readonly region: string;
      readonly sinceMs: number;
      readonly untilMs: number;
      readonly instanceTypes?: readonly string[];
    },
    options?: CallOptions,
  ): AsyncIterable<SpotPricePoint>;
}

export interface AdvisorEntry {
  readonly region: string;
  readonly operatingSystem: 'Linux' | 'Windows';
  readonly instanceType: string;
  /** 0 = below 5 %, 1 = 5-10 %, 2 = 10-15 %, 3 = 15-20 %, 4 = above 20 % a month. */
  readonly interruptionBucket: 0 | 1 | 2 | 3 | 4;
  readonly savingsPercent: number;
}

export interface AdvisorSource {
  read(options?: CallOptions): Promise<{ readonly asOfMs: number; readonly entries: readonly AdvisorEntry[] }>;
}

export interface NodeProvider {
  /** Launches one node of the best offering that can be had; the same client token never launches twice. */
  launch(task: Task, options?: CallOptions): Promise<TaskResult>;
  terminate(task: Task, options?: CallOptions): Promise<TaskResult>;
  /** Offerings refused lately for want of capacity. */
  unavailable(options?: CallOptions): Promise<readonly Offering[]>;
}

export interface WorkloadExecutor {
  /** Cordon, evict, scale, resize, label …: level-triggered, repeating is harmless. */
  execute(task: Task, options?: CallOptions): Promise<TaskResult>;
}

export interface InterruptionNotice {
  readonly id: string;
  readonly kind:
    | 'spot-interruption'
    | 'rebalance-recommendation'
    | 'scheduled-change'
    | 'state-change'
    | 'terminate-lifecycle'
    | 'capacity-reservation';
  readonly instanceId: string;
  readonly atMs: number;
  readonly deadlineMs?: number;
}

export interface InterruptionSource {
  /** Delivers each notice at least once; `acknowledge` ends its redelivery. */
  notices(options?: CallOptions): AsyncIterable<{ readonly notice: InterruptionNotice; acknowledge(): Promise<void> }>;
}

export interface MetricsSink {
  send(metrics: ClusterMetrics, options?: CallOptions): Promise<void>;
}

/** Versioned JSON documents: what a host must not lose. */
export interface Store {
  get(collection: string, id: string): Promise<{ readonly value: JsonValue; readonly version: number } | undefined>;
  /** Writes only if the stored version is `expectedVersion` (0: absent); returns the new version or throws `Conflict`. */
  put(collection: string, id: string, value: JsonValue, expectedVersion: number): Promise<number>;
  delete(collection: string, id: string, expectedVersion: number): Promise<void>;
  list(
    collection: string,
    options?: { readonly prefix?: string; readonly after?: string; readonly limit?: number },
  ): Promise<readonly { readonly id: string; readonly value: JsonValue; readonly version: number }[]>;
}
