import type { LabelSelector } from './selectors.js';
import type { IntOrPercent } from './workload.js';

/** A PodDisruptionBudget with the live figures that the Eviction API decides on. */
export interface PodDisruptionBudget {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  /** `{}` selects the whole namespace, absent selects none (policy/v1). */
  readonly selector?: LabelSelector;
  readonly minAvailable?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
  readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
  readonly generation?: number;
  /** Absent status fields mean that the disruption controller has not yet looked: no eviction is allowed. */
  readonly status?: {
    readonly observedGeneration?: number;
    readonly disruptionsAllowed: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly expectedPods: number;
    /** Pods whose eviction was granted but which are not gone yet, with the time of the grant. */
    readonly disruptedPods?: Readonly<Record<string, number>>;
  };
}
