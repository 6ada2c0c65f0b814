import type { NodeGroupLimits } from '../input/node-group-limits.js';

/** Where a command reads its cluster from: the options that analyze, snapshot and verify share. */
export interface SourceOptions {
  /** File, folder or `-`; absent: the live cluster through kubectl. */
  readonly snapshot?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: readonly string[];
  /** Kinds that a plain List covers although it holds none of them. */
  readonly listed?: readonly string[];
  /** Limits of node groups. */
  readonly nodeGroup?: readonly NodeGroupLimits[];
  /** Seconds that one call of kubectl may take. */
  readonly kubectlTimeout: number;
}
