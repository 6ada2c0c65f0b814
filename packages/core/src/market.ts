import type { CapacityType } from './node.js';
import type { NodeResources } from './resources.js';

/** Names an offering: instance type × zone × capacity type. */
export interface OfferingRef {
  readonly instanceType: string;
  readonly zone: string;
  readonly capacityType: CapacityType;
}

/** Probability that a node of this offering is interrupted at least once within a horizon. */
export interface InterruptionRisk {
  readonly horizonHours: number;
  readonly probability: number;
  readonly lower: number;
  readonly upper: number;
  readonly source: string;
}

export interface Offering extends OfferingRef {
  /** What the account pays (effective, after commitments) in USD per hour; null is unknown, which is never zero. */
  readonly priceUsdPerHour: number | null;
  /** The public price, where it differs or is known on its own. */
  readonly listUsdPerHour?: number | null;
  readonly priceSource?: string;
  readonly priceAsOfMs?: number;
  /** Nodes that can be had; absent is unlimited as far as known, 0 is none. */
  readonly supply?: number;
  /** One entry a horizon, spot only. */
  readonly risk?: readonly InterruptionRisk[];
}

/** What a new node of a type would be, before its template's own settings. */
export interface InstanceType {
  readonly name: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly vcpu: number;
  readonly memoryBytes: number;
  /** Expected of a node of this type with default kubelet settings. */
  readonly allocatable: NodeResources;
  /** Labels that the cloud puts on such a node, `karpenter.k8s.aws/instance-*` among them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** EBS volumes that may be attached beside the root volume; absent when unknown. */
  readonly volumeLimit?: number;
}

/** Prices, supplies and risks at one instant. An offering that is not listed has no known price and cannot be bought. */
export interface Market {
  readonly schema: 'market/v1';
  readonly asOfMs: number;
  readonly region?: string;
  readonly currency: 'USD';
  readonly offerings: readonly Offering[];
  readonly instanceTypes: readonly InstanceType[];
}
