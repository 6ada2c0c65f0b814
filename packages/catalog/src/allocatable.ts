import type { NodeResources, Reason } from '@cloudoptim/core';
import { atLeast } from './check-number.js';
import type { InstanceTypeFacts } from './instance-type-facts.js';
import { type KubeReserved, kubeReserved } from './kube-reserved.js';
import { type MaxPodsOptions, maxPods } from './max-pods.js';

export interface AllocatableOptions extends MaxPodsOptions {
  /** What the kubelet is told (`--max-pods`); default what the addresses allow. */
  readonly maxPods?: number;
  /** As the kubelet's podsPerCore: at most this many times vCPU. 0 is no limit. */
  readonly podsPerCore?: number;
  /**
   * The part of the memory that the hypervisor and the kernel keep before the kubelet sees it, as Karpenter's setting of that
   * name: a ratio, default 0.075. Karpenter, and so this, takes it off bare metal too.
   */
  readonly vmMemoryOverheadPercent?: number;
  /** Replaces single amounts of what the EKS AMI would reserve. */
  readonly kubeReserved?: Partial<KubeReserved>;
  /**
   * Which pods the reserved memory is for. The AL2023 AMI goes by the addresses (`addresses`) whatever maxPods says,
   * Bottlerocket by maxPods (`max-pods`). Default: the larger, so that neither is promised more than it has.
   */
  readonly kubeReservedPods?: 'larger' | 'addresses' | 'max-pods';
  readonly systemReserved?: Partial<KubeReserved>;
  /** evictionHard memory.available, in bytes. Default 100 MiB. */
  readonly evictionMemoryBytes?: number;
  /** evictionHard nodefs.available, as a ratio. Default 0.1. */
  readonly evictionStorageRatio?: number;
  /** Default 20 GiB. */
  readonly rootVolumeBytes?: number;
  /** `RAID0`: pods' ephemeral storage is on the local NVMe disks, where the type is known to have them. Default the root volume. */
  readonly instanceStorePolicy?: 'RAID0';
}

/** What pods can ask of a node. Fits core's NodeResources. */
export interface Allocatable extends NodeResources {
  readonly ephemeralStorageBytes: number;
  readonly extended: Readonly<Record<string, number>>;
  /** What the node may have beside this, and the catalogue does not know; empty for most types. */
  readonly unknown: readonly Reason[];
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
/** The Graviton kernel keeps 64 MiB for contiguous allocations (CMA); Karpenter takes it off before the overhead. */
const gravitonReservedMebibytes = 64;

/**
 * What a new node of this type would offer to pods on an EKS AMI, to the formula that Karpenter plans with: capacity, less
 * kube-reserved, system-reserved and the hard eviction threshold. An estimate on the safe side, since a real node usually has
 * more memory (t3.small 19 MiB, m5.large 171 MiB); the nano sizes may have less, the kernel being a larger part of them.
 * Throws RangeError for an option that is not a number in its range.
 */
export function allocatable(facts: InstanceTypeFacts, options: AllocatableOptions = {}): Allocatable {
  const pods = podLimit(facts, options);
  const reserved = kubeReserved({ vcpu: facts.vcpu, pods: reservingPods(facts, options, pods) });
  const keep = (amount: keyof KubeReserved) =>
    atLeast(0, options.kubeReserved?.[amount] ?? reserved[amount], 'allocatable', `kubeReserved.${amount}`) +
    atLeast(0, options.systemReserved?.[amount] ?? 0, 'allocatable', `systemReserved.${amount}`);
  const evictionMemory = atLeast(
    0,
    options.evictionMemoryBytes ?? 100 * mebibyte,
    'allocatable',
    'evictionMemoryBytes',
  );
  const disk = diskBytes(facts, options);
  const evictionRatio = atLeast(0, options.evictionStorageRatio ?? 0.1, 'allocatable', 'evictionStorageRatio');
  const evictionDisk = Math.ceil((disk * Math.round(evictionRatio * 1e6)) / 1e6);
  return {
    cpuMillicores: left(facts.vcpu * 1_000, keep('cpuMillicores')),
    memoryBytes: left(
      capacityMemoryBytes(facts, options.vmMemoryOverheadPercent),
      keep('memoryBytes') + evictionMemory,
    ),
    pods,
    ephemeralStorageBytes: left(disk, keep('ephemeralStorageBytes') + evictionDisk),
    extended: extendedResources(facts),
    unknown: facts.accelerators.known ? [] : [facts.accelerators.reason],
  };
}

/** Memory that the kubelet would see, in bytes: less what the hypervisor and the kernel keep, rounded up to a MiB. */
export function capacityMemoryBytes(facts: InstanceTypeFacts, vmMemoryOverheadPercent = 0.075): number {
  const ratio = atLeast(0, vmMemoryOverheadPercent, 'capacityMemoryBytes', 'vmMemoryOverheadPercent');
  const mebibytes = facts.memoryBytes / mebibyte - (facts.architecture === 'arm64' ? gravitonReservedMebibytes : 0);
  const overhead = Math.ceil((mebibytes * Math.round(ratio * 1e6)) / 1e6);
  return Math.max(0, mebibytes - overhead) * mebibyte;
}

function podLimit(facts: InstanceTypeFacts, options: AllocatableOptions): number {
  const stated = options.maxPods;
  const pods =
    stated === undefined ? maxPods(facts, options) : Math.floor(atLeast(0, stated, 'allocatable', 'maxPods'));
  const perCore = atLeast(0, options.podsPerCore ?? 0, 'allocatable', 'podsPerCore');
  return perCore === 0 ? pods : Math.min(pods, Math.floor(perCore * facts.vcpu));
}

function reservingPods(facts: InstanceTypeFacts, options: AllocatableOptions, pods: number): number {
  const byAddresses = maxPods(facts, { reservedInterfaces: options.reservedInterfaces ?? 0 });
  if (options.kubeReservedPods === 'addresses') return byAddresses;
  return options.kubeReservedPods === 'max-pods' ? pods : Math.max(pods, byAddresses);
}

function diskBytes({ localNvme }: InstanceTypeFacts, options: AllocatableOptions): number {
  const root = atLeast(0, options.rootVolumeBytes ?? 20 * gibibyte, 'allocatable', 'rootVolumeBytes');
  const onDisks = options.instanceStorePolicy === 'RAID0' && localNvme.known && localNvme.value.totalBytes > 0;
  return onDisks ? localNvme.value.totalBytes : root;
}

function extendedResources({ accelerators }: InstanceTypeFacts): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { extended } of accelerators.known ? accelerators.value : []) {
    for (const [name, amount] of Object.entries(extended)) sum[name] = (sum[name] ?? 0) + amount;
  }
  return sum;
}

function left(capacity: number, kept: number): number {
  return Math.max(0, Math.floor(capacity - kept));
}
