import type { Node } from '@cloudoptim/core';
import { claimsOf, isBound, unboundClaims } from './filters/volume-binding.js';
import type { PodFacts } from './pod-facts.js';
import { claimKey, type Taken } from './taken-volumes.js';
import type { View } from './view.js';

/** The volumes that are there and that the pod's claims take on this node. */
export function volumesTaken(pod: PodFacts, node: Node, view: View): readonly Taken[] {
  if (pod.claimed.length === 0) return [];
  const unbound = claimsOf(pod, view).filter((claim) => !isBound(claim));
  if (unbound.length === 0) return [];
  return unboundClaims(unbound, node, view).taken.map(({ claim, volume }) => {
    const { namespace, name } = claim;
    // The claim of an ephemeral volume is of one pod, and not even its name is known here.
    return { ...(view.lookups.claim(namespace, name) === claim && { claim: claimKey(namespace, name) }), volume };
  });
}

/** Whether a claim of the pod may take a volume that is there once the pod has a node. */
export function mayTakeVolumes(pod: PodFacts, view: View): boolean {
  if (pod.claimed.length === 0) return false;
  return claimsOf(pod, view).some(
    (claim) => !isBound(claim) && view.lookups.volumesOfClass(claim.storageClass ?? '').length > 0,
  );
}
