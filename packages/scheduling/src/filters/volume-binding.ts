import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from '@cloudoptim/core';
import { labelOf, selects } from '../labels.js';
import type { Lookups } from '../lookups.js';
import { allowsVolume } from '../node-selectors.js';
import type { EphemeralVolume, PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';
import type { Filter, PreFilter } from './filter.js';

/** Claims that no node can satisfy: lost, going away, or waiting for the volume controller (volume_binding.go, PreFilter). */
export const claimsUsable: PreFilter = (pod, { lookups }) => {
  let immediate = false;
  for (const name of pod.claims) {
    const claim = lookups.claim(pod.namespace, name);
    if (claim === undefined) return [`persistentvolumeclaim "${name}" not found`];
    if (claim.phase === 'Lost')
      return [`persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.volume ?? ''}"`];
    if (claim.deletionAtMs !== undefined) return [`persistentvolumeclaim "${name}" is being deleted`];
    if (!isBound(claim) && !bindsLate(claim, lookups)) immediate = true;
  }
  return immediate ? ['pod has unbound immediate PersistentVolumeClaims'] : undefined;
};

/**
 * Bound volumes must allow the node; unbound claims must find a volume there or one must be provisionable (volumebinding/binder.go).
 * The claims of ephemeral volumes that are not made yet are treated as they will be once they exist.
 */
export const volumeBinding: Filter = (pod, node, view) => {
  const object = view.node(node);
  if (object === undefined || pod.claimed.length === 0) return undefined;
  const { lookups } = view;
  const claims = claimsOf(pod, view);
  const bound = boundClaims(claims.filter(isBound), object, lookups);
  const { answer: unbound } = unboundClaims(
    claims.filter((claim) => !isBound(claim)),
    object,
    view,
  );
  const reasons = [];
  if (bound === 'conflict') reasons.push("node(s) didn't match PersistentVolume's node affinity");
  if (unbound === 'conflict') reasons.push("node(s) didn't find available persistent volumes to bind");
  if (unbound === 'full') reasons.push('node(s) did not have enough free storage');
  if (bound === 'lost') reasons.push('node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)');
  return reasons.length === 0 ? undefined : reasons;
};

/** The claims that the pod uses, as far as they are known; those that took a volume on paper are bound to it. */
export function claimsOf(pod: PodFacts, { lookups, takenVolumes }: View): PersistentVolumeClaim[] {
  return pod.claimed.flatMap((one) =>
    typeof one === 'string'
      ? (takenVolumes.bound(lookups.claim(pod.namespace, one)) ?? [])
      : freshClaim(one, pod.namespace, lookups),
  );
}

export function isBound(claim: PersistentVolumeClaim): boolean {
  // A claim that names its volume but is not yet Bound waits for the volume controller.
  return claim.volume !== undefined && claim.phase !== 'Pending';
}

function bindsLate(claim: PersistentVolumeClaim, lookups: Lookups): boolean {
  if (claim.volume !== undefined || claim.storageClass === undefined) return false;
  return lookups.storageClass(claim.storageClass)?.bindingMode === 'WaitForFirstConsumer';
}

function boundClaims(claims: readonly PersistentVolumeClaim[], node: Node, lookups: Lookups) {
  for (const claim of claims) {
    const volume = lookups.volume(claim.volume as string);
    if (volume === undefined) return 'lost';
    if (volume.nodeAffinity !== undefined && !allowsVolume(volume.nodeAffinity, node.labels)) return 'conflict';
  }
  return 'fine';
}

function freshClaim(volume: EphemeralVolume, namespace: string, lookups: Lookups): PersistentVolumeClaim {
  const storageClass = volume.storageClass ?? lookups.defaultStorageClass?.name;
  return {
    namespace,
    name: volume.volume,
    ...(storageClass === undefined ? {} : { storageClass }),
    ...(volume.accessModes === undefined ? {} : { accessModes: volume.accessModes }),
    ...(volume.requestBytes === undefined ? {} : { requestBytes: volume.requestBytes }),
  };
}

/** Whether all of these find a volume that is there or can be made, and which of those that are there they take. */
export function unboundClaims(claims: readonly PersistentVolumeClaim[], node: Node, { lookups, takenVolumes }: View) {
  const taken: { readonly claim: PersistentVolumeClaim; readonly volume: string }[] = [];
  const toProvision: PersistentVolumeClaim[] = [];
  const toMatch: PersistentVolumeClaim[] = [];
  for (const claim of claims) {
    if (claim.selectedNode === undefined) toMatch.push(claim);
    else if (claim.selectedNode !== node.name) return { answer: 'conflict', taken } as const;
    else toProvision.push(claim);
  }
  const chosen = new Set(takenVolumes.names);
  // Smallest claims first, so that they take the smallest volumes.
  for (const claim of [...toMatch].sort((a, b) => (a.requestBytes ?? 0) - (b.requestBytes ?? 0))) {
    const volume = smallestMatch(claim, node, chosen, lookups);
    if (volume === undefined) toProvision.push(claim);
    else {
      chosen.add(volume.name);
      taken.push({ claim, volume: volume.name });
    }
  }
  for (const claim of toProvision) {
    const storageClass = claim.storageClass === undefined ? undefined : lookups.storageClass(claim.storageClass);
    if (storageClass === undefined || !provisions(storageClass, node)) return { answer: 'conflict', taken } as const;
    if (!hasCapacity(claim, storageClass, node, lookups)) return { answer: 'full', taken } as const;
  }
  return { answer: 'fine', taken } as const;
}

/** k8s.io/component-helpers/storage/volume, FindMatchingVolume. */
function smallestMatch(claim: PersistentVolumeClaim, node: Node, chosen: ReadonlySet<string>, lookups: Lookups) {
  let best: PersistentVolume | undefined;
  for (const volume of lookups.volumesOfClass(claim.storageClass ?? '')) {
    const reserved = isReservedFor(volume, claim);
    if (chosen.has(volume.name) || volume.deletionAtMs !== undefined) continue;
    if (volume.claim !== undefined && !reserved) continue;
    if ((volume.capacityBytes ?? 0) < (claim.requestBytes ?? 0)) continue;
    if ((volume.volumeMode ?? 'Filesystem') !== (claim.volumeMode ?? 'Filesystem')) continue;
    const here = volume.nodeAffinity === undefined || allowsVolume(volume.nodeAffinity, node.labels);
    // A volume reserved for this claim is the only one it may take.
    if (reserved) return here ? volume : undefined;
    if (volume.phase !== 'Available' || !here) continue;
    if (claim.selector !== undefined && !selects(claim.selector, volume.labels ?? {})) continue;
    if (!(claim.accessModes ?? []).every((mode) => volume.accessModes?.includes(mode))) continue;
    if (best === undefined || (volume.capacityBytes ?? 0) < (best.capacityBytes ?? 0)) best = volume;
  }
  return best;
}

/** A volume with the uid of an earlier claim of that name was that one's (IsVolumeBoundToClaim). */
function isReservedFor({ claim: holder }: PersistentVolume, { namespace, name, uid }: PersistentVolumeClaim): boolean {
  if (holder?.namespace !== namespace || holder.name !== name) return false;
  return holder.uid === undefined || holder.uid === uid;
}

function provisions({ provisioner, allowedTopologies = [] }: StorageClass, node: Node): boolean {
  if (provisioner === '' || provisioner === 'kubernetes.io/no-provisioner') return false;
  if (allowedTopologies.length === 0) return true;
  return allowedTopologies.some(
    ({ expressions }) =>
      expressions.length > 0 &&
      expressions.every(({ key, values }) => {
        const value = labelOf(node.labels, key);
        return value !== undefined && values.includes(value);
      }),
  );
}

function hasCapacity(claim: PersistentVolumeClaim, storageClass: StorageClass, node: Node, lookups: Lookups): boolean {
  const size = claim.requestBytes;
  if (size === undefined || lookups.csiDriver(storageClass.provisioner)?.storageCapacity !== true) return true;
  return lookups.capacitiesOf(storageClass.name).some((capacity) => {
    const most = capacity.maximumVolumeBytes ?? capacity.capacityBytes;
    return most !== undefined && most >= size && selects(capacity.nodeTopology, node.labels);
  });
}
