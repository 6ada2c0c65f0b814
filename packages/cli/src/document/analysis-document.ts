import type { CoverageEntry, Offering, Plan, Policy, WorkloadRef } from '@cloudoptim/core';
import type { Verification } from '@cloudoptim/scheduling';
import type { ConversionReport } from '@cloudoptim/snapshot';
import type { UnpricedGroup } from '../market/unpriced-nodes.js';
import type { PriceRow } from '../prices/price-row.js';

/**
 * What `analyze --output json` writes and `verify` and `explain` read: a plan with everything that it was made from except the
 * cluster itself. One document, so that a plan cannot be checked against another's prices or policy by mistake.
 */
export interface AnalysisDocument {
  readonly schema: 'cloudoptim-analysis/v1';
  /** Version of the cloudoptim that wrote it. */
  readonly cloudoptim: string;
  readonly snapshot: SnapshotFacts;
  readonly plan: Plan;
  readonly policy: Policy;
  readonly prices: PriceFacts;
  readonly verification: Verification;
  /** What the plan's uids and template numbers mean, so that it can be read without the cluster. */
  readonly legend: Legend;
}

/** Which cluster, when, and how well it is known. */
export interface SnapshotFacts {
  /** File or context that it was read from, for people. */
  readonly source: string;
  readonly takenAtMs: number;
  readonly clusterId?: string;
  readonly kubernetesVersion?: string;
  readonly nodes: number;
  readonly pods: number;
  readonly coverage: readonly CoverageEntry[];
  readonly conversion: ConversionReport;
  /** Sentences about what could not be read. */
  readonly notes: readonly string[];
}

/** Enough to build the market again: the catalogue is part of the program, the rest is here. */
interface PriceFacts {
  readonly region?: string;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
  /** The user's own prices. */
  readonly own: readonly PriceRow[];
  /** Prices of the cluster's nodes and of what the plan launches, as they were: they hold when a newer catalogue differs. */
  readonly used: readonly Offering[];
  readonly unpriced: readonly UnpricedGroup[];
}

export interface Legend {
  readonly nodes: readonly LegendNode[];
  /** Workloads of the templates that the plan moves. */
  readonly templates: readonly { readonly template: number; readonly workload: WorkloadRef }[];
}

export interface LegendNode {
  readonly uid: string;
  readonly name: string;
  readonly instanceType?: string;
  readonly zone?: string;
  readonly capacityType?: string;
  /** NodePool, node group or the like. */
  readonly owner?: string;
  /** Null is unknown, never free. */
  readonly usdPerHour: number | null;
  /** Pods on it, without those of DaemonSets. */
  readonly pods: number;
}
