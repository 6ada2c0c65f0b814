import type { KubernetesObject } from '../rig/api-client.js';

/** The figures of a PodDisruptionBudget as the server has them. */
export interface LiveBudget {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  /** The disruption controller could not work it out, and set what is allowed to 0. */
  readonly failed: boolean;
  /** The controller has looked at the newest spec, or failed to. */
  readonly seen: boolean;
}

export function liveBudget({ metadata, status }: KubernetesObject): LiveBudget {
  const {
    disruptionsAllowed = 0,
    currentHealthy = 0,
    desiredHealthy = 0,
    expectedPods = 0,
    observedGeneration,
    conditions = [],
  } = (status ?? {}) as Partial<LiveBudget> & {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly reason: string }[];
  };
  const failed = conditions.some(({ reason }) => reason === 'SyncFailed');
  const seen = failed || observedGeneration === metadata?.generation;
  return { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods, failed, seen };
}
