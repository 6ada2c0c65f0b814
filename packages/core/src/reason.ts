import type { OfferingRef } from './market.js';
import type { WorkloadRef } from './workload.js';

/**
 * Why something is done or left alone: a stable kebab-case code to count by, a sentence that a person can act on, and the
 * numbers that decided.
 */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly numbers?: Readonly<Record<string, number>>;
}

/** What a reason, a rejection or an action is about. */
export type Subject =
  | { readonly kind: 'cluster' }
  | { readonly kind: 'node'; readonly uid: string; readonly name: string }
  | { readonly kind: 'pod'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'workload'; readonly workload: WorkloadRef }
  | { readonly kind: 'container'; readonly workload: WorkloadRef; readonly container: string }
  | { readonly kind: 'pool'; readonly offering: OfferingRef }
  | { readonly kind: 'object'; readonly objectKind: string; readonly namespace?: string; readonly name: string };

/** Candidates that were left alone for one and the same reason: 20,000 rejections grouped are a tenth of the size of a list. */
export interface Rejection {
  readonly reason: Reason;
  readonly subjects: readonly Subject[];
}
