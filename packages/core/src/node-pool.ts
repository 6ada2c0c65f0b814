import type { CapacityType } from './node.js';
import type { NodeSelectorRequirement, Taint } from './selectors.js';

export interface NodePoolRequirement extends NodeSelectorRequirement {
  readonly minValues?: number;
}

/** spec.disruption.budgets[] of a NodePool; `schedule` is UTC cron, `duration` in seconds. */
export interface NodePoolBudget {
  readonly nodes: string;
  readonly reasons?: readonly string[];
  readonly schedule?: string;
  readonly durationSeconds?: number;
}

/** A Karpenter NodePool (karpenter.sh/v1). */
export interface NodePool {
  readonly name: string;
  readonly uid?: string;
  readonly weight?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  readonly startupTaints?: readonly Taint[];
  readonly requirements?: readonly NodePoolRequirement[];
  readonly limits?: Readonly<Record<string, number>>;
  /** Resources in use now, by the names and units of `limits`: millicores for `cpu`, bytes for `memory`, counts otherwise. */
  readonly usage?: Readonly<Record<string, number>>;
  /** A static pool keeps this number of nodes. */
  readonly replicas?: number;
  readonly consolidationPolicy?: string;
  /** Seconds; null is `Never`. */
  readonly consolidateAfterSeconds?: number | null;
  /** Absent means Karpenter's default of one budget of 10 %. */
  readonly budgets?: readonly NodePoolBudget[];
  readonly nodeClass?: { readonly kind: string; readonly name: string };
  readonly expireAfterSeconds?: number | null;
  readonly terminationGracePeriodSeconds?: number;
}

export interface NodeClaim {
  readonly name: string;
  readonly uid?: string;
  readonly nodePool?: string;
  readonly nodeName?: string;
  readonly providerId?: string;
  readonly instanceType?: string;
  readonly zone?: string;
  readonly capacityType?: CapacityType;
  readonly initialized?: boolean;
  readonly deletionAtMs?: number;
}

/** EC2NodeClass, or NodeClass of EKS Auto Mode. */
export interface NodeClass {
  readonly kind: string;
  readonly name: string;
  readonly amiFamily?: string;
  readonly zones?: readonly string[];
  readonly rootVolumeBytes?: number;
  readonly maxPods?: number;
  readonly podsPerCore?: number;
  readonly kubeReserved?: Readonly<Record<string, string>>;
  readonly systemReserved?: Readonly<Record<string, string>>;
  readonly evictionHard?: Readonly<Record<string, string>>;
}

/** NodeOverlay (karpenter.sh/v1alpha1). */
export interface NodeOverlay {
  readonly name: string;
  readonly weight?: number;
  readonly requirements?: readonly NodeSelectorRequirement[];
  /** Absolute USD per hour, as written. */
  readonly price?: string;
  /** For example `-10%` or `+0.02`. */
  readonly priceAdjustment?: string;
  readonly capacity?: Readonly<Record<string, number>>;
}

/** A managed node group or Auto Scaling group. Absent limits are unknown, which makes plans that resize it conditional. */
export interface NodeGroup {
  readonly kind: 'managed-node-group' | 'asg';
  readonly name: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly desiredSize?: number;
  readonly instanceTypes?: readonly string[];
}
