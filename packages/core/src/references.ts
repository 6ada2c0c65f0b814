import type { OfferingRef } from './market.js';
import type { WorkloadRef } from './workload.js';

/**
 * The reference alone. TypeScript lets a whole Workload pass where a WorkloadRef is asked for, and everything else about it
 * would then be written into the plan.
 */
export function workloadRef({ kind, namespace, name, uid }: WorkloadRef): WorkloadRef {
  return uid === undefined ? { kind, namespace, name } : { kind, namespace, name, uid };
}

/** The reference alone, for the same reason. */
export function offeringRef({ instanceType, zone, capacityType }: OfferingRef): OfferingRef {
  return { instanceType, zone, capacityType };
}

/** A text that is the same for references to the same workload; `/` cannot occur in its parts (Kubernetes names). */
export function workloadKey({ kind, namespace, name }: WorkloadRef): string {
  return `${kind}/${namespace}/${name}`;
}
