import { atLeast } from './check-number.js';
import type { InstanceTypeFacts } from './instance-type-facts.js';
import { type Known, known } from './known.js';

/**
 * How many EBS volumes pods may have on a node beside its root volume. On types whose limit is shared, each network
 * interface after the first takes a place; without `networkInterfaces` all of the first card are counted, since the VPC CNI
 * attaches them as pods come. Never below 0.
 */
export function ebsVolumeLimit(
  facts: InstanceTypeFacts,
  options: { readonly networkInterfaces?: number } = {},
): Known<number> {
  if (!facts.ebsAttachments.known) return facts.ebsAttachments;
  const { kind, maximumVolumes } = facts.ebsAttachments.value;
  const stated = options.networkInterfaces ?? facts.network.interfacesOnDefaultCard;
  const interfaces = atLeast(1, stated, 'ebsVolumeLimit', 'networkInterfaces');
  return known(Math.max(0, maximumVolumes - 1 - (kind === 'shared' ? interfaces - 1 : 0)));
}
