import { atLeast } from './check-number.js';
import type { InstanceTypeFacts } from './instance-type-facts.js';

export interface MaxPodsOptions {
  /** The VPC CNI hands out /28 prefixes, 16 addresses a slot (ENABLE_PREFIX_DELEGATION). Nitro only; Xen is as without. */
  readonly prefixDelegation?: boolean;
  /** Network interfaces kept from pods, for example 1 with custom networking (Karpenter: RESERVED_ENIS). Default 0. */
  readonly reservedInterfaces?: number;
  /** EKS managed node groups cap at 110 or 250 pods even without prefix delegation. */
  readonly managedNodeGroup?: boolean;
}

/** Addresses in a /28 prefix. */
const addressesPerPrefix = 16;

/**
 * How many pods the VPC CNI has addresses for: interfaces × (IPv4 − 1) + 2, the first address of an interface being its own
 * and two pods (CNI, kube-proxy) using the host's. Only the first network card counts, as in the EKS AMI's eni-max-pods.txt:
 * p5.48xlarge has 64 interfaces and room for 100 pods. With prefix delegation each address becomes a prefix, and EKS
 * recommends at most 110 pods below 30 vCPU and 250 from there on.
 */
export function maxPods(facts: InstanceTypeFacts, options: MaxPodsOptions = {}): number {
  const reserved = atLeast(0, options.reservedInterfaces ?? 0, 'maxPods', 'reservedInterfaces');
  const interfaces = Math.max(0, facts.network.interfacesOnDefaultCard - reserved);
  if (interfaces === 0) return 0;
  const prefixes = options.prefixDelegation === true && facts.hypervisor !== 'xen';
  const addresses = (facts.network.ipv4PerInterface - 1) * (prefixes ? addressesPerPrefix : 1);
  const pods = interfaces * addresses + 2;
  const capped = prefixes || options.managedNodeGroup === true;
  return capped ? Math.min(pods, facts.vcpu < 30 ? 110 : 250) : pods;
}
