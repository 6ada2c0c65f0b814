import type {
  CsiDriver,
  CsiStorageCapacity,
  NodeCsiDriver,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeAttachment,
} from '@cloudoptim/core';
import {
  choice,
  filledText,
  flag,
  integer,
  type Json,
  record,
  records,
  requiredRecord,
  requiredText,
  text,
  texts,
} from '../fields.js';
import { annotation, type ObjectMeta } from '../object-meta.js';
import { byText, type Writable } from '../order.js';
import { quantityBytes } from './quantities.js';
import { labelSelector, nodeSelector } from './selectors.js';

export function persistentVolumeClaim(object: Json, meta: ObjectMeta): PersistentVolumeClaim {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '');
  const claim: Writable<PersistentVolumeClaim> = { namespace: meta.namespace, name: meta.name };
  if (meta.uid !== undefined) claim.uid = meta.uid;
  const phase = status === undefined ? undefined : choice(status, 'phase', 'status', ['Pending', 'Bound', 'Lost']);
  const volume = filledText(spec, 'volumeName', 'spec');
  // An empty class means "no class", absent means "the default class": they are not the same.
  const storageClass =
    text(spec, 'storageClassName', 'spec') ?? annotation(meta, 'volume.beta.kubernetes.io/storage-class');
  const accessModes = texts(spec, 'accessModes', 'spec');
  const resources = record(spec, 'resources', 'spec');
  const requests = resources === undefined ? undefined : record(resources, 'requests', 'spec.resources');
  const requestBytes = quantityBytes(requests, 'storage', 'spec.resources.requests');
  const selector = labelSelector(spec, 'selector', 'spec');
  const selectedNode = annotation(meta, 'volume.kubernetes.io/selected-node');
  const volumeMode = choice(spec, 'volumeMode', 'spec', ['Filesystem', 'Block']);
  if (phase !== undefined) claim.phase = phase;
  if (volume !== undefined) claim.volume = volume;
  if (storageClass !== undefined) claim.storageClass = storageClass;
  if (accessModes !== undefined) claim.accessModes = accessModes;
  if (requestBytes !== undefined) claim.requestBytes = requestBytes;
  if (selector !== undefined) claim.selector = selector;
  if (meta.deletionAtMs !== undefined) claim.deletionAtMs = meta.deletionAtMs;
  if (selectedNode !== undefined) claim.selectedNode = selectedNode;
  if (volumeMode !== undefined) claim.volumeMode = volumeMode;
  return claim;
}

const volumePhases = ['Pending', 'Available', 'Bound', 'Released', 'Failed'] as const;

/** Labels that bind a volume to a place; other labels bear on nothing. */
export const placeLabels = [
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
];

export function persistentVolume(object: Json, meta: ObjectMeta): PersistentVolume {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '');
  const volume: Writable<PersistentVolume> = { name: meta.name };
  if (meta.uid !== undefined) volume.uid = meta.uid;
  const phase = status === undefined ? undefined : choice(status, 'phase', 'status', volumePhases);
  const storageClass =
    text(spec, 'storageClassName', 'spec') ?? annotation(meta, 'volume.beta.kubernetes.io/storage-class');
  const accessModes = texts(spec, 'accessModes', 'spec');
  const capacityBytes = quantityBytes(record(spec, 'capacity', 'spec'), 'storage', 'spec.capacity');
  const affinity = record(spec, 'nodeAffinity', 'spec');
  const required = affinity === undefined ? undefined : nodeSelector(affinity, 'required', 'spec.nodeAffinity');
  const claim = record(spec, 'claimRef', 'spec');
  const csi = record(spec, 'csi', 'spec');
  const ebs = record(spec, 'awsElasticBlockStore', 'spec');
  const volumeMode = choice(spec, 'volumeMode', 'spec', ['Filesystem', 'Block']);
  if (phase !== undefined) volume.phase = phase;
  if (storageClass !== undefined) volume.storageClass = storageClass;
  if (accessModes !== undefined) volume.accessModes = accessModes;
  if (capacityBytes !== undefined) volume.capacityBytes = capacityBytes;
  if (required !== undefined) volume.nodeAffinity = required;
  const places = Object.entries(meta.labels ?? {}).filter(([key]) => placeLabels.includes(key));
  // Static volumes are matched by a claim's selector, so the labels of an unbound one all bear on placement.
  const kept = phase === 'Available' ? meta.labels : places.length > 0 ? Object.fromEntries(places) : undefined;
  if (kept !== undefined) volume.labels = kept;
  if (claim !== undefined) {
    const uid = filledText(claim, 'uid', 'spec.claimRef');
    const base = {
      namespace: requiredText(claim, 'namespace', 'spec.claimRef'),
      name: requiredText(claim, 'name', 'spec.claimRef'),
    };
    volume.claim = uid === undefined ? base : { ...base, uid };
  }
  if (csi !== undefined)
    volume.csi = {
      driver: requiredText(csi, 'driver', 'spec.csi'),
      volumeHandle: requiredText(csi, 'volumeHandle', 'spec.csi'),
    };
  if (ebs !== undefined) volume.awsEbsVolumeId = requiredText(ebs, 'volumeID', 'spec.awsElasticBlockStore');
  if (record(spec, 'local', 'spec') !== undefined || record(spec, 'hostPath', 'spec') !== undefined)
    volume.local = true;
  if (meta.deletionAtMs !== undefined) volume.deletionAtMs = meta.deletionAtMs;
  if (volumeMode !== undefined) volume.volumeMode = volumeMode;
  return volume;
}

export function storageClass(object: Json, meta: ObjectMeta): StorageClass {
  const result: Writable<StorageClass> = {
    name: meta.name,
    provisioner: requiredText(object, 'provisioner', ''),
    bindingMode: choice(object, 'volumeBindingMode', '', ['Immediate', 'WaitForFirstConsumer']) ?? 'Immediate',
  };
  const defaults = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];
  if (defaults.some((key) => annotation(meta, key) === 'true')) result.isDefault = true;
  const topologies = records(object, 'allowedTopologies', '').map((term) => ({
    expressions: records(term, 'matchLabelExpressions', 'allowedTopologies[]').map((expression) => ({
      key: requiredText(expression, 'key', 'allowedTopologies[].matchLabelExpressions[]'),
      values: texts(expression, 'values', 'allowedTopologies[].matchLabelExpressions[]') ?? [],
    })),
  }));
  if (topologies.length > 0) result.allowedTopologies = topologies;
  return result;
}

export function csiDriver(object: Json, meta: ObjectMeta): CsiDriver {
  const spec = record(object, 'spec', '') ?? {};
  const driver: Writable<CsiDriver> = { name: meta.name };
  const storageCapacity = flag(spec, 'storageCapacity', 'spec');
  const attachRequired = flag(spec, 'attachRequired', 'spec');
  if (storageCapacity !== undefined) driver.storageCapacity = storageCapacity;
  if (attachRequired !== undefined) driver.attachRequired = attachRequired;
  return driver;
}

/** The drivers of a CSINode, whose name is its node's. */
export function csiNodeDrivers(object: Json): NodeCsiDriver[] {
  const spec = record(object, 'spec', '') ?? {};
  return records(spec, 'drivers', 'spec')
    .map((driver) => {
      const allocatable = record(driver, 'allocatable', 'spec.drivers[]');
      const count = allocatable === undefined ? undefined : integer(allocatable, 'count', 'spec.drivers[].allocatable');
      const name = requiredText(driver, 'name', 'spec.drivers[]');
      return count === undefined ? { name } : { name, allocatableCount: count };
    })
    .sort((a, b) => byText(a.name, b.name));
}

export function csiStorageCapacity(object: Json, meta: ObjectMeta): CsiStorageCapacity {
  const capacity: Writable<CsiStorageCapacity> = {
    namespace: meta.namespace,
    name: meta.name,
    storageClass: requiredText(object, 'storageClassName', ''),
  };
  const nodeTopology = labelSelector(object, 'nodeTopology', '');
  const capacityBytes = quantityBytes(object, 'capacity', '');
  const maximumVolumeBytes = quantityBytes(object, 'maximumVolumeSize', '');
  if (nodeTopology !== undefined) capacity.nodeTopology = nodeTopology;
  if (capacityBytes !== undefined) capacity.capacityBytes = capacityBytes;
  if (maximumVolumeBytes !== undefined) capacity.maximumVolumeBytes = maximumVolumeBytes;
  return capacity;
}

export function volumeAttachment(object: Json, meta: ObjectMeta): VolumeAttachment {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '') ?? {};
  const source = record(spec, 'source', 'spec') ?? {};
  const attachment: Writable<VolumeAttachment> = {
    name: meta.name,
    attacher: requiredText(spec, 'attacher', 'spec'),
    node: requiredText(spec, 'nodeName', 'spec'),
    attached: flag(status, 'attached', 'status') === true,
  };
  const volume = filledText(source, 'persistentVolumeName', 'spec.source');
  if (volume !== undefined) attachment.volume = volume;
  if (meta.deletionAtMs !== undefined) attachment.deletionAtMs = meta.deletionAtMs;
  return attachment;
}
