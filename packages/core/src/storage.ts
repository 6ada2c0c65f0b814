import type { LabelSelector, NodeSelector } from './selectors.js';

export interface PersistentVolumeClaim {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly phase?: 'Pending' | 'Bound' | 'Lost';
  readonly volume?: string;
  readonly storageClass?: string;
  readonly accessModes?: readonly string[];
  readonly requestBytes?: number;
  readonly selector?: LabelSelector;
  readonly deletionAtMs?: number;
  /** The node that a WaitForFirstConsumer claim is being provisioned for (`volume.kubernetes.io/selected-node`). */
  readonly selectedNode?: string;
  readonly volumeMode?: 'Filesystem' | 'Block';
}

export interface PersistentVolume {
  readonly name: string;
  readonly uid?: string;
  readonly phase?: 'Pending' | 'Available' | 'Bound' | 'Released' | 'Failed';
  readonly storageClass?: string;
  readonly accessModes?: readonly string[];
  readonly capacityBytes?: number;
  readonly nodeAffinity?: NodeSelector;
  readonly labels?: Readonly<Record<string, string>>;
  readonly claim?: { readonly namespace: string; readonly name: string; readonly uid?: string };
  readonly csi?: { readonly driver: string; readonly volumeHandle: string };
  /** In-tree EBS volume, counted against ebs.csi.aws.com. */
  readonly awsEbsVolumeId?: string;
  /** Bound to the disk of one node: `local` or hostPath. */
  readonly local?: boolean;
  readonly deletionAtMs?: number;
  readonly volumeMode?: 'Filesystem' | 'Block';
}

export interface StorageClass {
  readonly name: string;
  readonly provisioner: string;
  readonly bindingMode: 'Immediate' | 'WaitForFirstConsumer';
  readonly isDefault?: boolean;
  /** OR of terms, each an AND of its expressions. */
  readonly allowedTopologies?: readonly {
    readonly expressions: readonly { readonly key: string; readonly values: readonly string[] }[];
  }[];
}

export interface CsiDriver {
  readonly name: string;
  readonly storageCapacity?: boolean;
  readonly attachRequired?: boolean;
}

export interface CsiStorageCapacity {
  readonly namespace: string;
  readonly name: string;
  readonly storageClass: string;
  readonly nodeTopology?: LabelSelector;
  readonly capacityBytes?: number;
  readonly maximumVolumeBytes?: number;
}

export interface VolumeAttachment {
  readonly name: string;
  readonly attacher: string;
  readonly node: string;
  readonly volume?: string;
  readonly attached: boolean;
  readonly deletionAtMs?: number;
}
