import type { WorkloadRef } from './workload.js';

/** Bucket weights over named bounds. `vpa-cpu` and `vpa-memory` are VPA's exponential buckets; bucket i has weight[i]. */
export interface Histogram {
  readonly bounds: 'vpa-cpu' | 'vpa-memory';
  readonly bucket: readonly number[];
  readonly weight: readonly number[];
}

/** Usage of one container of one workload, all its pods together, mergeable; raw samples would be forty times the size. */
export interface ContainerUsage {
  readonly workload: WorkloadRef;
  readonly container: string;
  readonly resource: 'cpuMillicores' | 'memoryBytes';
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly samples: number;
  readonly histogram: Histogram;
  /** Largest value seen, in the resource's unit. */
  readonly peak?: number;
  /** Highest usage in each hour of the week, Monday 00:00 UTC first, 168 values; null where nothing was seen. */
  readonly hourOfWeekMax?: readonly (number | null)[];
  readonly outOfMemoryKills?: number;
}

export interface UsageHistory {
  readonly schema: 'usage-history/v1';
  readonly asOfMs: number;
  readonly containers: readonly ContainerUsage[];
}
