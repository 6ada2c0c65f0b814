import { z } from 'zod';
import type {
  CsiDriver,
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeAttachment,
} from '../storage.js';
import { amountSchema, instantSchema, stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { labelSelectorSchema, nodeSelectorSchema } from './selectors.js';

const volumeModeSchema = lazy(() => z.enum(['Filesystem', 'Block']));

export const persistentVolumeClaimSchema = lazy(() =>
  schemaOf<PersistentVolumeClaim>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      uid: z.string().exactOptional(),
      phase: z.enum(['Pending', 'Bound', 'Lost']).exactOptional(),
      volume: z.string().exactOptional(),
      storageClass: z.string().exactOptional(),
      accessModes: z.array(z.string()).exactOptional(),
      requestBytes: amountSchema().exactOptional(),
      selector: labelSelectorSchema().exactOptional(),
      deletionAtMs: instantSchema().exactOptional(),
      selectedNode: z.string().exactOptional(),
      volumeMode: volumeModeSchema().exactOptional(),
    }),
  ),
);

export const persistentVolumeSchema = lazy(() =>
  schemaOf<PersistentVolume>()(
    z.object({
      name: z.string(),
      uid: z.string().exactOptional(),
      phase: z.enum(['Pending', 'Available', 'Bound', 'Released', 'Failed']).exactOptional(),
      storageClass: z.string().exactOptional(),
      accessModes: z.array(z.string()).exactOptional(),
      capacityBytes: amountSchema().exactOptional(),
      nodeAffinity: nodeSelectorSchema().exactOptional(),
      labels: stringRecordSchema().exactOptional(),
      claim: z.object({ namespace: z.string(), name: z.string(), uid: z.string().exactOptional() }).exactOptional(),
      csi: z.object({ driver: z.string(), volumeHandle: z.string() }).exactOptional(),
      awsEbsVolumeId: z.string().exactOptional(),
      local: z.boolean().exactOptional(),
      deletionAtMs: instantSchema().exactOptional(),
      volumeMode: volumeModeSchema().exactOptional(),
    }),
  ),
);

export const storageClassSchema = lazy(() =>
  schemaOf<StorageClass>()(
    z.object({
      name: z.string(),
      provisioner: z.string(),
      bindingMode: z.enum(['Immediate', 'WaitForFirstConsumer']),
      isDefault: z.boolean().exactOptional(),
      allowedTopologies: z
        .array(z.object({ expressions: z.array(z.object({ key: z.string(), values: z.array(z.string()) })) }))
        .exactOptional(),
    }),
  ),
);

export const csiDriverSchema = lazy(() =>
  schemaOf<CsiDriver>()(
    z.object({
      name: z.string(),
      storageCapacity: z.boolean().exactOptional(),
      attachRequired: z.boolean().exactOptional(),
    }),
  ),
);

export const csiStorageCapacitySchema = lazy(() =>
  schemaOf<CsiStorageCapacity>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      storageClass: z.string(),
      nodeTopology: labelSelectorSchema().exactOptional(),
      capacityBytes: amountSchema().exactOptional(),
      maximumVolumeBytes: amountSchema().exactOptional(),
    }),
  ),
);

export const volumeAttachmentSchema = lazy(() =>
  schemaOf<VolumeAttachment>()(
    z.object({
      name: z.string(),
      attacher: z.string(),
      node: z.string(),
      volume: z.string().exactOptional(),
      attached: z.boolean(),
      deletionAtMs: instantSchema().exactOptional(),
    }),
  ),
);
