import type { JsonValue } from './json.js';
import type { OfferingRef } from './market.js';
import type { CapacityType, NodeOwner } from './node.js';
import type { Subject } from './reason.js';
import type { NodeResources, ResourceAmounts } from './resources.js';
import type { Taint } from './selectors.js';
import type { WorkloadRef } from './workload.js';

/** A node that exists, by its uid, or one that an earlier launch-node of the same plan brings, by the launch's key. */
export type NodeRef = { readonly uid: string } | { readonly launch: string };

/** What a new node will be, whichever of the listed offerings it is. */
export interface NodeTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Taints that something removes once the node is ready; pods wait for that. */
  readonly startupTaints: readonly Taint[];
  readonly architecture: 'amd64' | 'arm64';
  readonly operatingSystem: 'linux' | 'windows';
  readonly zones: readonly string[];
  readonly amiFamily?: string;
  readonly rootVolumeBytes?: number;
  readonly csiDrivers?: readonly { readonly name: string; readonly allocatableCount?: number }[];
  /** True where fields were guessed from similar nodes and not read from a NodePool, NodeClass or group. */
  readonly inferred: boolean;
}

/** One acceptable offering, with the most that may be paid for it. */
export interface RankedOffering extends OfferingRef {
  readonly priceCapUsdPerHour: number;
}

/** Evicted pods of one template on a drained node, and where each is expected to go. */
export interface DrainedPods {
  readonly template: number;
  /** Pods of that template, by index in the state's pod table, are resolved at execution; the plan only counts them. */
  readonly count: number;
  /** Expected placements: counts sum to `count`. Advice for reading; kube-scheduler decides. */
  readonly expected: readonly { readonly node: NodeRef; readonly count: number }[];
}

/** New requests and limits of one container with what it has now, so that they can be restored. */
export interface ContainerResize {
  readonly name: string;
  readonly requests: ResourceAmounts;
  readonly limits?: ResourceAmounts;
  readonly prior: { readonly requests: ResourceAmounts; readonly limits?: ResourceAmounts };
}

/**
 * What to do, as authors write it. The union is closed so that every switch over it is checked for completeness; third
 * parties use `extension`, which never changes what is verified.
 */
export type Intent =
  | {
      readonly kind: 'launch-node';
      /** Name for later actions of this plan to refer to: `{ launch: key }`. */
      readonly key: string;
      readonly template: NodeTemplate;
      /** Cheapest first; the plan must hold for the weakest. */
      readonly offerings: readonly [RankedOffering, ...RankedOffering[]];
      /** What the new node is assumed to offer at least; drains wait until it is Ready and offers this much. */
      readonly assumedAllocatable: NodeResources;
      readonly via: NodeOwner;
    }
  | { readonly kind: 'cordon-node'; readonly node: NodeRef }
  | { readonly kind: 'uncordon-node'; readonly node: NodeRef }
  | { readonly kind: 'taint-node'; readonly node: NodeRef; readonly taint: Taint; readonly remove?: boolean }
  | { readonly kind: 'label-node'; readonly node: NodeRef; readonly labels: Readonly<Record<string, string | null>> }
  | {
      readonly kind: 'annotate-node';
      readonly node: NodeRef;
      readonly annotations: Readonly<Record<string, string | null>>;
    }
  | { readonly kind: 'drain-node'; readonly node: NodeRef; readonly pods: readonly DrainedPods[] }
  | {
      readonly kind: 'evict-pod';
      readonly node: NodeRef;
      readonly namespace: string;
      readonly name: string;
      readonly template: number;
      readonly expected?: NodeRef;
    }
  | { readonly kind: 'terminate-node'; readonly node: NodeRef; readonly via: NodeOwner }
  | { readonly kind: 'delete-nodeclaim'; readonly node: NodeRef; readonly nodeClaim: string; readonly via: NodeOwner }
  | { readonly kind: 'set-node-group-size'; readonly group: NodeOwner; readonly from: number; readonly to: number }
  | {
      readonly kind: 'configure-nodepool';
      readonly nodePool: string;
      /** A JSON merge patch of the NodePool (RFC 7386). */
      readonly patch: JsonValue;
      /** The merge patch that puts back what `patch` changes. */
      readonly prior: JsonValue;
    }
  /** Brings a NodeOverlay (karpenter.sh/v1alpha1) with this spec, or changes it to that; null removes it. */
  | {
      readonly kind: 'configure-nodeoverlay';
      readonly nodeOverlay: string;
      readonly spec: JsonValue;
      readonly prior: JsonValue;
    }
  | {
      readonly kind: 'configure-scheduler';
      readonly profile: string;
      readonly scoringStrategy: 'LeastAllocated' | 'MostAllocated';
      readonly prior: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
    }
  | { readonly kind: 'scale-workload'; readonly workload: WorkloadRef; readonly from: number; readonly to: number }
  /** One replica more, Ready, before the old pod on `node` goes, and back again. */
  | {
      readonly kind: 'surge-workload';
      readonly workload: WorkloadRef;
      readonly from: number;
      readonly to: number;
      readonly node: NodeRef;
    }
  | {
      readonly kind: 'resize-workload';
      readonly workload: WorkloadRef;
      readonly method: 'in-place' | 'rollout' | 'patch';
      readonly containers: readonly [ContainerResize, ...ContainerResize[]];
    }
  | { readonly kind: 'suspend-workload'; readonly workload: WorkloadRef; readonly priorReplicas?: number }
  /** `replicas` is at least 1 for kinds that have them: resuming never restores zero. */
  | { readonly kind: 'resume-workload'; readonly workload: WorkloadRef; readonly replicas?: number }
  | {
      readonly kind: 'set-autoscaler-bounds';
      readonly autoscaler: { readonly kind: string; readonly namespace: string; readonly name: string };
      readonly minReplicas: number;
      readonly maxReplicas: number;
      readonly prior: { readonly minReplicas: number; readonly maxReplicas: number };
    }
  /** Steers a workload towards a capacity type by preference, with the weight of a preferred node affinity (1-100). */
  | {
      readonly kind: 'prefer-capacity';
      readonly workload: WorkloadRef;
      readonly capacityType: CapacityType;
      readonly offerings: readonly OfferingRef[];
      readonly weight: number;
    }
  | {
      readonly kind: 'extension';
      readonly name: `${string}/${string}`;
      readonly subject: Subject;
      readonly payload: JsonValue;
    };

export type IntentKind = Intent['kind'];

/** Every kind of action, in one place for menus, policies and tests. */
export const intentKinds = [
  'launch-node',
  'cordon-node',
  'uncordon-node',
  'taint-node',
  'label-node',
  'annotate-node',
  'drain-node',
  'evict-pod',
  'terminate-node',
  'delete-nodeclaim',
  'set-node-group-size',
  'configure-nodepool',
  'configure-nodeoverlay',
  'configure-scheduler',
  'scale-workload',
  'surge-workload',
  'resize-workload',
  'suspend-workload',
  'resume-workload',
  'set-autoscaler-bounds',
  'prefer-capacity',
  'extension',
] as const satisfies readonly IntentKind[];
