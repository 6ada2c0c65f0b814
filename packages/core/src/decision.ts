import type { ClusterState } from './cluster-state.js';
import type { JsonValue } from './json.js';
import type { Market } from './market.js';
import type { Draft, LowerBoundCertificate, Plan } from './plan.js';
import type { Policy } from './policy.js';
import type { Rejection } from './reason.js';
import type { UsageHistory } from './usage-history.js';

/** What an engine may look at. */
export interface Inputs {
  readonly cluster: ClusterState;
  readonly market: Market;
  readonly usage: UsageHistory;
}

export type InputName = keyof Inputs;

/**
 * One question to an engine. The inputs `R` that an engine requires are present for its author; the others may be.
 * `options` have been parsed by the engine's own schema; `memory` is what its last answer asked to be kept.
 */
export type DecisionRequest<O = unknown, R extends InputName = never> = {
  readonly contractVersion: 'v1';
  readonly policy: Policy;
  readonly options: O;
  readonly memory?: JsonValue;
} & Pick<Inputs, R> &
  Partial<Inputs>;

/** What an author returns; core seals it into a Plan. */
export interface Decision {
  readonly groups: readonly DraftGroup[];
  readonly rejections: readonly Rejection[];
  /** Kept by the host and handed back next time; bounded, see `memoryLimitBytes`. */
  readonly memory?: JsonValue;
  /** Defaults to `policy.planValidSeconds`. */
  readonly validForMs?: number;
  readonly lowerBound?: LowerBoundCertificate;
  /** The search stopped early, at the work limit. */
  readonly truncated?: boolean;
}

/** Drafts in order; each depends on the one before. `after` names earlier groups by their position. */
export interface DraftGroup {
  readonly actions: readonly Draft[];
  /** Positions of groups that must complete first. Absent: every earlier group that touches the same objects. */
  readonly after?: readonly number[];
  /** See `ActionGroup.executor`. */
  readonly executor?: 'karpenter';
}

/** The answer to a request. */
export interface DecisionResponse {
  readonly contractVersion: 'v1';
  readonly plan: Plan;
  readonly memory?: JsonValue;
  /** Work units spent. */
  readonly spentUnits: number;
}

/** Most bytes of JSON that an engine may ask to be remembered. */
export const memoryLimitBytes = 262_144;
