import type { PodExtra } from '@cloudoptim/core';

/** A pod about to be placed: its template and what only it has. */
export interface IncomingPod {
  /** Index into `state.podTemplates`. */
  readonly template: number;
  /** Index into `state.workloads`; -1 for a pod without an owner. */
  readonly workload: number;
  readonly extra?: PodExtra;
  /** Known for StatefulSet successors and for pods that exist already; a successor's name is otherwise random. */
  readonly name?: string;
  /** Queue order among pods of equal priority; 0 when absent. */
  readonly createdAtMs?: number;
}
