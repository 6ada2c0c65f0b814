import { fromNanoUsd, toNanoUsd } from '@cloudoptim/core';
import type { BoundProblem } from '@cloudoptim/scheduling';

/** So many pods of a class. */
export type Held = readonly [classIndex: number, count: number];

/** Nodes of one column that hold the same. */
export interface PackedNode {
  /** Index into the problem's columns. */
  readonly column: number;
  readonly times: number;
  /** What each of them holds, by class. */
  readonly holds: readonly Held[];
}

/** Which nodes to have, and what is on each. */
export interface Packing {
  readonly nodes: readonly PackedNode[];
  /** Of all nodes that hold a pod, and of all that are kept whether they do or not. */
  readonly usdPerHour: number;
  /** Pods that fit on no node that can be had. */
  readonly unplaced: readonly Held[];
}

/** What the nodes cost together, in USD per hour: summed exactly, so that no order of nodes makes a difference. */
export function packingCost({ columns }: BoundProblem, nodes: readonly PackedNode[]): number {
  let nano = 0n;
  for (const { kept, supply, usdPerHour } of columns) if (kept) nano += BigInt(supply) * toNanoUsd(usdPerHour);
  for (const { column, times } of nodes) {
    const kind = columns[column];
    if (kind !== undefined && !kind.kept) nano += BigInt(times) * toNanoUsd(kind.usdPerHour);
  }
  return fromNanoUsd(nano);
}
