import type { PersistentVolume, PodTemplate, StorageClass } from '@cloudoptim/core';
import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';
import type { Filter } from './filter.js';

const refusal = ['node(s) exceed max volume count'];
const ebs = 'ebs.csi.aws.com';

/**
 * Attach slots by CSI driver: unique volumes of the node's pods and of VolumeAttachments, ephemeral and migrated EBS volumes
 * included; inline CSI volumes are not counted (nodevolumelimits/csi.go). Without a CSINode, or a limit in it, nothing is limited.
 * A volume that is attached while no pod of the node uses it takes two slots when a pod brings it again: kube-scheduler
 * leaves out of the new ones only what pods use.
 */
export const nodeVolumeLimits: Filter = (pod, node, view) => {
  if (pod.claims.length === 0 && pod.freshVolumes.length === 0 && pod.inlineEbsVolumes.length === 0) return undefined;
  const object = view.node(node);
  const limits = new Map<string, number>();
  for (const driver of object?.csiDrivers ?? [])
    if (driver.allocatableCount !== undefined) limits.set(driver.name, driver.allocatableCount);
  if (object === undefined || limits.size === 0) return undefined;
  const wanted = volumesWanted(pod, view);
  if (wanted.size === 0) return undefined;
  const used = usedVolumes(node, view);
  const counts = new Map<string, number>();
  for (const driver of withAttachments(used, object.name, view).values())
    counts.set(driver, (counts.get(driver) ?? 0) + 1);
  const added = new Set<string>();
  for (const [volume, driver] of wanted) {
    if (used.has(volume)) continue;
    counts.set(driver, (counts.get(driver) ?? 0) + 1);
    added.add(driver);
  }
  // A driver over its limit refuses only pods that bring it one more volume.
  for (const driver of added) if ((counts.get(driver) as number) > (limits.get(driver) ?? Infinity)) return refusal;
  return undefined;
};

/** How many more volumes of a driver a node attaches; Infinity where nothing limits it. */
export function attachSlotsLeft(driver: string, node: number, view: View): number {
  const object = view.node(node);
  const limit = object?.csiDrivers?.find(({ name }) => name === driver)?.allocatableCount;
  if (object === undefined || limit === undefined) return Number.POSITIVE_INFINITY;
  let attached = 0;
  for (const other of withAttachments(usedVolumes(node, view), object.name, view).values())
    if (other === driver) attached++;
  return limit - attached;
}

/** Volumes of the node's pods, by unique name, with their driver. */
function usedVolumes(node: number, view: View): Map<string, string> {
  const used = new Map<string, string>();
  for (const other of view.podsOn(node)) {
    const template = view.state.podTemplates[view.templateOf(other)] as PodTemplate;
    addClaims(used, template.namespace, view.claimsOf(other), view);
    addInline(used, template);
  }
  return used;
}

/** Those and the volumes of the node's VolumeAttachments; kube-scheduler reads there only what is a CSI volume itself. */
function withAttachments(used: ReadonlyMap<string, string>, name: string, { lookups }: View): Map<string, string> {
  const attached = new Map(used);
  for (const { attacher, volume } of lookups.attachmentsOf(name)) {
    const handle = volume === undefined ? undefined : lookups.volume(volume)?.csi?.volumeHandle;
    if (handle !== undefined) attached.set(`${attacher}/${handle}`, attacher);
  }
  return attached;
}

/** Volumes that the pod would attach, by unique name, with their driver. */
export function volumesWanted(pod: PodFacts, view: View): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  addClaims(wanted, pod.namespace, pod.claims, view);
  addInline(wanted, pod.template);
  for (const volume of pod.freshVolumes) {
    const storageClass =
      volume.storageClass === undefined
        ? view.lookups.defaultStorageClass
        : view.lookups.storageClass(volume.storageClass);
    if (storageClass === undefined) continue;
    const driver = driverOfClass(storageClass);
    wanted.set(`${driver}/new/${volume.volume}`, driver);
  }
  return wanted;
}

function addClaims(into: Map<string, string>, namespace: string, claims: readonly string[], { lookups }: View): void {
  for (const name of claims) {
    const claim = lookups.claim(namespace, name);
    if (claim === undefined) continue;
    const volume = claim.volume === undefined ? undefined : lookups.volume(claim.volume);
    if (volume !== undefined) {
      const [driver, handle] = driverOf(volume);
      if (driver !== undefined && handle !== undefined) into.set(`${driver}/${handle}`, driver);
      continue;
    }
    // Not provisioned yet: the class tells the driver, the claim stands for the volume.
    const storageClass = claim.storageClass === undefined ? undefined : lookups.storageClass(claim.storageClass);
    if (storageClass !== undefined) {
      const driver = driverOfClass(storageClass);
      into.set(`${driver}/claim/${namespace}/${name}`, driver);
    }
  }
}

function addInline(into: Map<string, string>, template: PodTemplate): void {
  for (const volume of template.volumes ?? [])
    if (volume.kind === 'aws-ebs') into.set(`${ebs}/${diskOf(volume.volumeId)}`, ebs);
}

/** In-tree volumes may name their disk by zone, `aws://ZONE/vol-1` (csi-translation-lib, KubernetesVolumeIDToEBSVolumeID). */
function diskOf(volumeId: string): string {
  return volumeId.slice(volumeId.lastIndexOf('/') + 1);
}

/** The CSI driver of a volume and its name there; none where nothing is attached. */
export function driverOf(volume: PersistentVolume): readonly [driver?: string, handle?: string] {
  if (volume.csi !== undefined) return [volume.csi.driver, volume.csi.volumeHandle];
  return volume.awsEbsVolumeId === undefined ? [] : [ebs, diskOf(volume.awsEbsVolumeId)];
}

function driverOfClass(storageClass: StorageClass): string {
  return storageClass.provisioner === 'kubernetes.io/aws-ebs' ? ebs : storageClass.provisioner;
}
