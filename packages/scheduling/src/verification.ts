import type { Reason, Subject } from '@cloudoptim/core';

export type Verdict = 'verified' | 'refused' | 'conditional';

/** Why a plan must not be executed, and which action, group or object it is about. */
export interface Refusal {
  readonly reason: Reason;
  readonly subject: Subject;
  readonly group?: string;
  readonly action?: string;
  /** Groups in the order in which they begin, where another order than the plan's own is what goes wrong. */
  readonly order?: readonly string[];
}

/** What would have to be known to verify the plan, with the kubectl or aws line that tells. */
export interface Unknown {
  readonly reason: Reason;
  readonly remedy: string;
}

/** `refused` when there is a refusal; else `conditional` when something is unknown; else `verified`. Hosts execute only `verified`. */
export interface Verification {
  readonly verdict: Verdict;
  readonly refusals: readonly Refusal[];
  readonly unknowns: readonly Unknown[];
  /**
   * Share of adversarial replays, from 0 to 1, that end with every pod placed: 20 are drawn, and none where it is shown that
   * all do. Absent when nothing is evicted.
   */
  readonly robustness?: number;
  readonly checked: {
    readonly groups: number;
    readonly actions: number;
    readonly evictions: number;
    /** Replays made: two, as planned and as scored, where it is shown that all others end alike. */
    readonly replays: number;
    readonly placements: number;
  };
}
