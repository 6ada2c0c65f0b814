import type { CapacityType } from './node.js';

/** Which pods keep their node from being drained. Each is a pin that peers have or lack; all default to the careful side. */
export interface Pins {
  /** Pods without a controller: nothing would bring them back. */
  readonly barePods: boolean;
  /** Pods of a Job: an eviction throws their work away. */
  readonly jobs: boolean;
  /** Pods with hostPath volumes, DaemonSet pods excepted. */
  readonly hostPath: boolean;
  /** Pods with emptyDir volumes (Cluster Autoscaler pins them, Karpenter does not). */
  readonly emptyDir: boolean;
  /** Workloads with one replica, unless the plan surges them first. */
  readonly singleReplica: boolean;
}

/** Opt-outs written by people or peers, honoured when true. */
export interface OptOuts {
  /** `karpenter.sh/do-not-disrupt`, `true` or a duration, on pods and nodes. */
  readonly doNotDisrupt: boolean;
  /** `cluster-autoscaler.kubernetes.io/safe-to-evict: "false"`. */
  readonly safeToEvict: boolean;
  /** `cluster-autoscaler.kubernetes.io/scale-down-disabled` on nodes. */
  readonly scaleDownDisabled: boolean;
  /** `descheduler.alpha.kubernetes.io/prefer-no-eviction`, and Spot Ocean's, Cast AI's and Kilter's opt-outs. */
  readonly peers: boolean;
}

/** Headroom kept free in the whole cluster, as shares of allocatable from 0 to 1. */
export interface Headroom {
  readonly cpuShare: number;
  readonly memoryShare: number;
}

export interface NamespaceFilter {
  /** Names to act in; empty means all. */
  readonly include: readonly string[];
  /** Names whose pods are never moved. */
  readonly exclude: readonly string[];
}

/** At most this much disrupted at once: an absolute number of nodes or a percentage of all, as in a NodePool budget. */
export interface DisruptionBudget {
  readonly nodes: number | string;
  /** Only for these owners; absent is all. */
  readonly pool?: string;
}

/** The most that one plan may disturb. */
export interface MaxDisruption {
  /** Pods evicted; null is no limit. */
  readonly evictions: number | null;
  /** Nodes removed; null is no limit. */
  readonly nodes: number | null;
}

/** Less than both is not worth a disruption. */
export interface MinSavings {
  /** For a whole plan, in USD per hour. */
  readonly usdPerHour: number;
  /** For one group, in USD per hour for each pod evicted. */
  readonly usdPerHourPerEviction: number;
}

/** Offerings that may be launched. Empty lists mean no restriction. */
export interface AllowedOfferings {
  readonly capacityTypes: readonly CapacityType[];
  /** Exact names or families followed by `.*`, for example `m7g.*`. */
  readonly instanceTypes: readonly string[];
  readonly excludeInstanceTypes: readonly string[];
  readonly zones: readonly string[];
  readonly architectures: readonly ('amd64' | 'arm64')[];
}

/** What users allow: they say what, not how. Every field has a default; see `defaultPolicy` and the schema's descriptions. */
export interface Policy {
  readonly pins: Pins;
  readonly optOuts: OptOuts;
  readonly namespaces: NamespaceFilter;
  readonly disruptionBudgets: readonly DisruptionBudget[];
  readonly maxGroupsInFlight: number;
  readonly maxDisruption: MaxDisruption;
  readonly minSavings: MinSavings;
  /** Share of adversarial replays, from 0 to 1, that must end with every pod placed. */
  readonly minRobustness: number;
  readonly headroom: Headroom;
  /** Least share of a workload's pods that stays on on-demand capacity, from 0 to 1. */
  readonly onDemandFloor: number;
  /** How much dearer than the cheapest choice a launch may be for the sake of diversity, as a share: 0.2 is 20 %. */
  readonly pricePremiumCap: number;
  readonly allowedOfferings: AllowedOfferings;
  /** Whether preferred affinity and ScheduleAnyway bind (`respect`) or not (`ignore`). */
  readonly preferences: 'respect' | 'ignore';
  /** Names of extension actions that plans may contain. */
  readonly extensions: readonly string[];
  /** Stops everything: every candidate is rejected with this reason. */
  readonly freeze: boolean;
  /** Most seconds that a drain may take, grace periods and readiness added up. */
  readonly drainDeadlineSeconds: number;
  /** How long a plan stays valid, in seconds. */
  readonly planValidSeconds: number;
}

/** The careful defaults. */
export const defaultPolicy: Policy = {
  pins: { barePods: true, jobs: true, hostPath: true, emptyDir: false, singleReplica: true },
  optOuts: { doNotDisrupt: true, safeToEvict: true, scaleDownDisabled: true, peers: true },
  namespaces: { include: [], exclude: [] },
  disruptionBudgets: [],
  maxGroupsInFlight: 1,
  maxDisruption: { evictions: null, nodes: null },
  minSavings: { usdPerHour: 0, usdPerHourPerEviction: 0 },
  minRobustness: 0,
  headroom: { cpuShare: 0, memoryShare: 0 },
  onDemandFloor: 0,
  pricePremiumCap: 0.2,
  allowedOfferings: { capacityTypes: [], instanceTypes: [], excludeInstanceTypes: [], zones: [], architectures: [] },
  preferences: 'respect',
  extensions: [],
  freeze: false,
  drainDeadlineSeconds: 1800,
  planValidSeconds: 3600,
};
