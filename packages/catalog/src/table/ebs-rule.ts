import type { EbsAttachments } from '../instance-type-facts.js';
import { type Known, known, unknown } from '../known.js';

/**
 * How many EBS volumes may be attached. Sources: "Amazon EBS volume limits for Amazon EC2 instances" (EC2 user guide), and
 * MaximumEbsAttachments of DescribeInstanceTypes as the EBS CSI driver tabulates it (pkg/cloud/limits/volume_limits_table.go).
 *
 * - Xen: 40 with the root volume, the driver plans with 39.
 * - Nitro, shared: 28 places for network interfaces, volumes, instance store disks and accelerators; one is the first
 *   network interface's. Bare metal: 31.
 * - Nitro, dedicated (Intel and AMD from generation 7, Graviton from 8, and newer accelerated types): by size.
 *
 * Families newer than that table say `ebs=?`: the driver itself assumes shared 27 there, and dedicated 32 is likely.
 */
export function ebsAttachmentsOf(type: {
  readonly rule: string | undefined;
  readonly maximum: string | undefined;
  readonly xen: boolean;
  readonly bareMetal: boolean;
  readonly size: string;
  readonly vcpu: number;
  /** Instance store disks and accelerator devices; undefined when either is unknown. */
  readonly occupied: number | undefined;
}): Known<EbsAttachments> {
  if (type.maximum === '?' || (type.rule === '?' && type.maximum === undefined)) return ebsUnknown;
  if (type.xen) return known({ kind: 'dedicated', maximumVolumes: 39 });
  const kind = type.rule === 'dedicated' ? 'dedicated' : 'shared';
  const maximumVolumes = type.maximum === undefined ? byRule(kind, type) : Number(type.maximum);
  return maximumVolumes === undefined ? ebsUnknown : known({ kind, maximumVolumes });
}

const ebsUnknown = unknown(
  'ebs-limit-unknown',
  'The EBS volume limit of this type is in no table that the catalogue was written from; ask DescribeInstanceTypes.',
);

const metalMaximum: Readonly<Record<string, number>> = { 'metal-32xl': 79, 'metal-48xl': 79, 'metal-96xl': 79 };

function byRule(
  kind: EbsAttachments['kind'],
  { bareMetal, size, vcpu, occupied }: { bareMetal: boolean; size: string; vcpu: number; occupied: number | undefined },
): number | undefined {
  if (kind === 'shared') return bareMetal ? 31 : occupied === undefined ? undefined : 27 - occupied;
  if (bareMetal) return metalMaximum[size] ?? 39;
  if (vcpu < 64) return 32;
  if (vcpu < 96) return 48;
  if (vcpu < 128) return 64;
  return vcpu < 192 ? 88 : 128;
}
