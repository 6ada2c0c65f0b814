import type { Filter, PreFilter } from './filter.js';

const diskConflict = ['node(s) had no available disk'];
const oncePodConflict = [
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
];

/** A claim that does not exist is noticed here first, since access modes are looked up (volume_restrictions.go, PreFilter). */
export const claimsExist: PreFilter = (pod, view) => {
  for (const claim of pod.mountedClaims)
    if (view.lookups.claim(pod.namespace, claim) === undefined) return [`persistentvolumeclaim "${claim}" not found`];
  return undefined;
};

/**
 * The same in-tree EBS volume on one node, read-only or not; and a ReadWriteOncePod claim in use by any bound pod anywhere
 * (volumerestrictions/volume_restrictions.go).
 */
export const volumeRestrictions: Filter = (pod, node, view) => {
  if (pod.inlineEbsVolumes.length > 0) {
    for (const other of view.podsOn(node))
      for (const volume of view.state.podTemplates[view.templateOf(other)]?.volumes ?? [])
        if (volume.kind === 'aws-ebs' && pod.inlineEbsVolumes.includes(volume.volumeId)) return diskConflict;
  }
  for (const claim of pod.mountedClaims) {
    if (!view.lookups.claim(pod.namespace, claim)?.accessModes?.includes('ReadWriteOncePod')) continue;
    if (view.claimUsers(pod.namespace, claim) > 0) return oncePodConflict;
  }
  return undefined;
};
