import type { OfferingRef } from './market.js';
import type { Action } from './plan.js';
import type { Reason } from './reason.js';

/** A host's leased, idempotent order to one executor. Engines never see tasks. */
export interface Task {
  readonly schema: 'task/v1';
  /** Plan id, action id and attempt: the same order is the same id, so repeating it is harmless. */
  readonly id: string;
  readonly planId: string;
  readonly groupId: string;
  readonly action: Action;
  readonly attempt: number;
  readonly clusterId: string;
  readonly issuedAtMs: number;
  /** The executor must finish or renew before this instant; then the host may hand the task to another. */
  readonly leaseUntilMs: number;
  /** Token for EC2 calls, a hash of plan, action and attempt: a retry cannot launch twice. */
  readonly clientToken: string;
}

export interface TaskResult {
  readonly schema: 'task-result/v1';
  readonly taskId: string;
  readonly outcome: 'succeeded' | 'failed' | 'refused' | 'expired';
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** Why it failed or was refused. */
  readonly reasons: readonly Reason[];
  /** What a launch brought. */
  readonly launched?: {
    readonly nodeUid: string;
    readonly providerId: string;
    readonly offering: OfferingRef;
    readonly usdPerHour?: number;
  };
  /** Pods evicted by a drain, by namespace and name. */
  readonly evicted?: readonly { readonly namespace: string; readonly name: string }[];
}
