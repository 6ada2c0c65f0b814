import type { TopologySpreadConstraint } from './selectors.js';

export interface SchedulerProfile {
  readonly schedulerName: string;
  readonly scoringStrategy: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
  /** Cluster default spread constraints: `System` (kube-scheduler's own) or a list. */
  readonly defaultConstraints: 'System' | readonly TopologySpreadConstraint[];
}

/** How kube-scheduler is set up. What was not listed is kube-scheduler's default and marked `assumed`. */
export interface SchedulerFacts {
  readonly assumed: boolean;
  readonly profiles: readonly SchedulerProfile[];
  /** Extenders may refuse nodes that we believe feasible: present means `unsupported`. */
  readonly extenders?: readonly string[];
  readonly featureGates?: Readonly<Record<string, boolean>>;
}

/** kube-scheduler's defaults, marked assumed. */
export const assumedScheduler: SchedulerFacts = {
  assumed: true,
  profiles: [{ schedulerName: 'default-scheduler', scoringStrategy: 'LeastAllocated', defaultConstraints: 'System' }],
};
