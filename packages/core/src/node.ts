import type { NodeResources } from './resources.js';
import type { Taint } from './selectors.js';

/** Karpenter's three values; EKS's `SPOT` and `ON_DEMAND` are mapped on input. */
export type CapacityType = 'on-demand' | 'spot' | 'reserved';

export type NodeOwnerKind = 'karpenter' | 'eks-auto' | 'managed-node-group' | 'asg' | 'self-managed' | 'unknown';

/** Who created the node and would replace it, hence through whom to act. `unknown` means: recommend only. */
export interface NodeOwner {
  readonly kind: NodeOwnerKind;
  /** NodePool, node group or Auto Scaling group. */
  readonly name?: string;
  /** The Karpenter or Auto Mode NodeClaim to delete. */
  readonly nodeClaim?: string;
}

export type Autoscaler = 'karpenter' | 'eks-auto' | 'cluster-autoscaler' | 'none' | 'unknown';

/** One CSI driver on a node (CSINode). */
export interface NodeCsiDriver {
  readonly name: string;
  /** Volumes that may be attached at once; absent means that the driver set no limit. */
  readonly allocatableCount?: number;
}

export interface Node {
  readonly uid: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Only annotations that CloudOptim honours. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** Cordoned. */
  readonly unschedulable?: boolean;
  readonly ready: boolean;
  readonly readySinceMs?: number;
  /** Set once the node is being deleted. */
  readonly deletionAtMs?: number;
  readonly allocatable: NodeResources;
  readonly providerId?: string;
  readonly instanceType?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly capacityType?: CapacityType;
  readonly owner: NodeOwner;
  readonly autoscaler: Autoscaler;
  /** Absent when CSINode was not listed (see coverage). */
  readonly csiDrivers?: readonly NodeCsiDriver[];
  /** status.declaredFeatures (Kubernetes 1.35+). */
  readonly declaredFeatures?: readonly string[];
}
