import { labelOf } from '../labels.js';
import type { Filter, PreFilter } from './filter.js';

const refusal = ['node(s) had no available volume zone'];
const zone = 'topology.kubernetes.io/zone';
const region = 'topology.kubernetes.io/region';
const betaZone = 'failure-domain.beta.kubernetes.io/zone';
const betaRegion = 'failure-domain.beta.kubernetes.io/region';
const topologyLabels = [betaZone, betaRegion, zone, region];

/** Claims whose volume cannot be looked up (volume_zone.go, PreFilter); this plugin never sees those of ephemeral volumes. */
export const volumesExist: PreFilter = (pod, { lookups }) => {
  for (const name of pod.mountedClaims) {
    const claim = lookups.claim(pod.namespace, name);
    if (claim === undefined) return [`persistentvolumeclaim "${name}" not found`];
    if (claim.volume !== undefined) {
      if (lookups.volume(claim.volume) === undefined) return [`persistentvolume "${claim.volume}" not found`];
      continue;
    }
    if (claim.storageClass === undefined || claim.storageClass === '')
      return ['PersistentVolumeClaim had no pv name and storageClass name'];
    const storageClass = lookups.storageClass(claim.storageClass);
    if (storageClass === undefined) return [`storageclass.storage.k8s.io "${claim.storageClass}" not found`];
    if (storageClass.bindingMode !== 'WaitForFirstConsumer') return ['PersistentVolume had no name'];
  }
  return undefined;
};

/** Zone and region labels of bound volumes against the node's; a node without any such label takes all (volume_zone.go). */
export const volumeZone: Filter = (pod, node, view) => {
  if (pod.mountedClaims.length === 0) return undefined;
  const labels = view.node(node)?.labels ?? {};
  if (!topologyLabels.some((key) => Object.hasOwn(labels, key))) return undefined;
  for (const name of pod.mountedClaims) {
    const claim = view.lookups.claim(pod.namespace, name);
    const volume = claim?.volume === undefined ? undefined : view.lookups.volume(claim.volume);
    for (const key of topologyLabels) {
      const value = labelOf(volume?.labels ?? {}, key);
      if (value === undefined) continue;
      const values = value.split('__').map((entry) => entry.trim());
      // A label that is not a list of zones is ignored, as by LabelZonesToSet.
      if (values.some((entry) => entry === '')) continue;
      const have = labelOf(labels, key) ?? labelOf(labels, currentName(key));
      if (have === undefined || !values.includes(have)) return refusal;
    }
  }
  return undefined;
};

function currentName(key: string): string {
  return key === betaZone ? zone : key === betaRegion ? region : key;
}
