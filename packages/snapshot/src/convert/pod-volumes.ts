import type { VolumeUse } from '@cloudoptim/core';
import { flag, type Json, record, records, requiredText, text, texts } from '../fields.js';
import type { Writable } from '../order.js';
import { quantityBytes } from './quantities.js';

/** Volumes of a pod that bear on placement or disruption, with those named after the pod told apart. */
export interface PodVolumes {
  readonly shared: readonly VolumeUse[];
  /** Claims that only this pod uses, by name. */
  readonly own: readonly string[];
}

const noVolumes: PodVolumes = { shared: [], own: [] };

/**
 * Reads spec.volumes. Config maps, secrets, projected and downward volumes bear on neither placement nor disruption; leaving
 * them out also drops the random `kube-api-access-xxxxx` that would make each pod a template of its own.
 * `podName` is undefined for a template that no pod has been made from.
 */
export function podVolumes(spec: Json, podName: string | undefined): PodVolumes {
  const sources = records(spec, 'volumes', 'spec');
  if (sources.length === 0) return noVolumes;
  const shared: VolumeUse[] = [];
  const own: string[] = [];
  for (let index = 0; index < sources.length; index++) {
    const source = sources[index] as Json;
    const where = `spec.volumes[${index}]`;
    if (source.projected !== undefined || source.configMap !== undefined || source.secret !== undefined) continue;
    const claim = record(source, 'persistentVolumeClaim', where);
    if (claim !== undefined) {
      const name = requiredText(claim, 'claimName', `${where}.persistentVolumeClaim`);
      // The StatefulSet controller names claims `<template>-<pod>`, the volume has the template's name.
      if (podName !== undefined && name === `${text(source, 'name', where)}-${podName}`) own.push(name);
      else shared.push(readOnly({ kind: 'claim', claim: name }, claim, where));
      continue;
    }
    const use = otherVolume(source, where);
    if (use === undefined) continue;
    shared.push(use);
    // The ephemeral volume controller names them `<pod>-<volume>` (KEP-1698).
    if (use.kind === 'ephemeral' && podName !== undefined) own.push(`${podName}-${use.volume}`);
  }
  return { shared, own };
}

function otherVolume(source: Json, where: string): VolumeUse | undefined {
  const ephemeral = record(source, 'ephemeral', where);
  if (ephemeral !== undefined) return ephemeralVolume(source, ephemeral, where);
  const csi = record(source, 'csi', where);
  if (csi !== undefined) return { kind: 'csi-inline', driver: requiredText(csi, 'driver', `${where}.csi`) };
  const ebs = record(source, 'awsElasticBlockStore', where);
  if (ebs !== undefined)
    return readOnly(
      { kind: 'aws-ebs', volumeId: requiredText(ebs, 'volumeID', `${where}.awsElasticBlockStore`) },
      ebs,
      where,
    );
  const emptyDir = record(source, 'emptyDir', where);
  if (emptyDir !== undefined) {
    const volume = requiredText(source, 'name', where);
    const medium = text(emptyDir, 'medium', `${where}.emptyDir`);
    return medium === undefined || medium === ''
      ? { kind: 'empty-dir', volume }
      : { kind: 'empty-dir', volume, medium };
  }
  const hostPath = record(source, 'hostPath', where);
  if (hostPath !== undefined) return { kind: 'host-path', path: requiredText(hostPath, 'path', `${where}.hostPath`) };
  return undefined;
}

function ephemeralVolume(source: Json, ephemeral: Json, where: string): VolumeUse {
  const use: Writable<Extract<VolumeUse, { kind: 'ephemeral' }>> = {
    kind: 'ephemeral',
    volume: requiredText(source, 'name', where),
  };
  const path = `${where}.ephemeral.volumeClaimTemplate.spec`;
  const template = record(ephemeral, 'volumeClaimTemplate', `${where}.ephemeral`);
  const spec = template === undefined ? undefined : record(template, 'spec', `${where}.ephemeral.volumeClaimTemplate`);
  if (spec === undefined) return use;
  const storageClass = text(spec, 'storageClassName', path);
  const accessModes = texts(spec, 'accessModes', path);
  const resources = record(spec, 'resources', path);
  const requests = resources === undefined ? undefined : record(resources, 'requests', `${path}.resources`);
  const bytes = quantityBytes(requests, 'storage', `${path}.resources.requests`);
  if (storageClass !== undefined) use.storageClass = storageClass;
  if (accessModes !== undefined) use.accessModes = accessModes;
  if (bytes !== undefined) use.requestBytes = bytes;
  return use;
}

function readOnly<T extends Extract<VolumeUse, { readOnly?: boolean }>>(use: T, source: Json, where: string): T {
  return flag(source, 'readOnly', where) === true ? { ...use, readOnly: true } : use;
}
