import type { CpuManufacturer } from './instance-type-name.js';
import type { Known } from './known.js';

/** What AWS says of an instance type. Amounts are of the whole machine, before anything is kept for the system. */
export interface InstanceTypeFacts {
  readonly name: string;
  readonly family: string;
  readonly size: string;
  readonly vcpu: number;
  /** Whole MiB, as DescribeInstanceTypes counts: 1.7 GiB is 1,740 MiB. */
  readonly memoryBytes: number;
  readonly architecture: 'amd64' | 'arm64';
  /** A macOS host: kept for the record, no Kubernetes node. */
  readonly mac: boolean;
  readonly cpuManufacturer: CpuManufacturer;
  /** `none` on bare metal. */
  readonly hypervisor: 'nitro' | 'xen' | 'none';
  readonly bareMetal: boolean;
  readonly network: NetworkFacts;
  /** Empty where the type has none. */
  readonly accelerators: Known<readonly Accelerator[]>;
  readonly localNvme: Known<LocalNvme>;
  readonly ebsAttachments: Known<EbsAttachments>;
}

export interface NetworkFacts {
  /** Over all network cards. */
  readonly interfaces: number;
  /** On the first network card, the only one that the VPC CNI takes addresses for pods from. */
  readonly interfacesOnDefaultCard: number;
  readonly ipv4PerInterface: number;
  readonly baselineBandwidthMbps: Known<number>;
}

export type AcceleratorKind = 'gpu' | 'neuron' | 'fpga' | 'media' | 'inference';

export interface Accelerator {
  readonly kind: AcceleratorKind;
  readonly manufacturer: string;
  /** Spelt as Karpenter's `instance-gpu-name` and `instance-accelerator-name`. */
  readonly model: string;
  /** Whole devices. 0 on a type that has a fraction of one. */
  readonly count: number;
  /** The fraction of one device, on types that share it (g6f, gr6f). */
  readonly fraction?: number;
  /** Of each device, or of the fraction. */
  readonly memoryMebibytes?: number;
  /** What the device plugin advertises, by its Kubernetes name; none where no plugin is usual. */
  readonly extended: Readonly<Record<string, number>>;
}

export interface LocalNvme {
  /** AWS counts in 10^9 bytes. 0 where the type has no NVMe instance store (it may have an older kind). */
  readonly totalBytes: number;
  readonly disks?: { readonly count: number; readonly bytesEach: number };
}

export interface EbsAttachments {
  /** `shared`: network interfaces beyond the first take places away. `dedicated`: the places are for volumes alone. */
  readonly kind: 'shared' | 'dedicated';
  /** Root volume included; of `shared`, with one network interface and the instance store disks counted off. */
  readonly maximumVolumes: number;
}
