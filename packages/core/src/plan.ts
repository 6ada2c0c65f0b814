import type { CandidateKind } from './candidate-kind.js';
import type { Estimate } from './estimate.js';
import type { Fact } from './fact.js';
import type { Intent } from './intent.js';
import type { JsonValue } from './json.js';
import type { Reason, Rejection } from './reason.js';

/** What an author writes: an intent and why. */
export type Draft = Intent & {
  readonly reasons: readonly [Reason, ...Reason[]];
  /** Not before this instant: office hours and maintenance windows. */
  readonly notBeforeMs?: number;
};

/** A sealed draft: core adds identity, order and the facts it expects. */
export type Action = Draft & {
  /** Unique in the plan. */
  readonly id: string;
  /** Ids of actions that must have succeeded before. */
  readonly dependsOn: readonly string[];
  readonly expect: readonly Fact[];
  readonly deadlineSeconds: number;
  readonly onFailure: 'stop-group' | 'stop-plan';
  /** The intent that takes this action back, where one does. */
  readonly undo?: Intent;
};

/** Actions that make sense only together: launch → cordon → drain → terminate, or one workload's change. */
export interface ActionGroup {
  readonly id: string;
  /** Groups that must have completed before this one starts. */
  readonly dependsOn: readonly string[];
  readonly actions: readonly Action[];
  /**
   * Who carries the group out. Absent: the host, action by action. `karpenter`: Karpenter is expected to do so by itself once
   * the groups before are done, and the host only watches.
   */
  readonly executor?: 'karpenter';
  /** What this group alone saves once it is done, in USD per hour; may be negative. Sums to the plan's savings. */
  readonly savingsUsdPerHour: Estimate;
}

/** A claim that no plan can cost less, with what is needed to check it without the solver that found it. */
export interface LowerBoundCertificate {
  readonly usdPerHour: number;
  /** Which relaxation, for example `multi-resource-lp`. */
  readonly method: string;
  /** Dual price of each row, by row name. */
  readonly dualPrices: Readonly<Record<string, number>>;
  readonly cuts: readonly { readonly kind: string; readonly dualPrice: number; readonly payload: JsonValue }[];
  /** What is counted beside the pods that run; absent: nothing. */
  readonly counts?: {
    /** Pods that wait for a node must get one too. */
    readonly pendingPods: boolean;
    /** Nodes that policy forbids to empty at this instant stay; absent: any node may go. In milliseconds since the epoch. */
    readonly keptNodesAtMs?: number;
  };
  /** What the bound holds for: these requests, offerings, prices and policy. */
  readonly scope: string;
}

/** An engine's proposal: data, never behaviour. */
export interface Plan {
  readonly schema: 'plan/v1';
  readonly contractVersion: 'v1';
  /** Hash of request, engine, options, time and seed. */
  readonly id: string;
  readonly engine: { readonly id: string; readonly version: string };
  readonly considers: readonly CandidateKind[];
  /** `DecisionContext.now` at analysis. */
  readonly createdAtMs: number;
  readonly validUntilMs: number;
  readonly seed: number;
  /** Digest of the cluster state it was made from, when there was one. */
  readonly stateDigest?: string;
  readonly clusterId?: string;
  readonly pricesAsOfMs?: number;
  readonly groups: readonly ActionGroup[];
  readonly maxGroupsInFlight: number;
  readonly rejections: readonly Rejection[];
  /** Bill of the priced nodes today and after all groups, in USD per hour. */
  readonly currentUsdPerHour: number;
  readonly projectedUsdPerHour: Estimate;
  readonly savingsUsdPerHour: Estimate;
  /** Nodes (and other things) without a known price: in neither total, never free. */
  readonly unpriced: readonly Rejection[];
  readonly lowerBound?: LowerBoundCertificate;
  /** The work budget or an abort ended the search early. */
  readonly truncated: boolean;
}
