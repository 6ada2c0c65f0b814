import type { CapacityType } from '@cloudoptim/core';

/** One price that the user gives. It wins over the catalogue's. */
export interface PriceRow {
  readonly instanceType: string;
  /** Absent: every zone of the region. */
  readonly zone?: string;
  readonly capacityType: CapacityType;
  readonly usdPerHour: number;
  /** Milliseconds since the epoch; absent when the file does not say. */
  readonly asOfMs?: number;
}
