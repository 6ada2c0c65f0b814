import { z } from 'zod';
import type {
  CsiDriver,
  CsiStorageCapacity,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageClass,
  VolumeAttachment,
} from '../storage.js';
import { amountSchema, instantSchema, optional, stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { labelSelectorSchema, nodeSelectorSchema } from './selectors.js';

const volumeModeSchema = lazy(() => z.enum(['Filesystem', 'Block']));

export const persistentVolumeClaimSchema = lazy(() =>
  schemaOf<PersistentVolumeClaim>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      uid: optional(z.string()),
      phase: optional(z.enum(['Pending', 'Bound', 'Lost'])),
      volume: optional(z.string()),
      storageClass: optional(z.string()),
      accessModes: optional(z.array(z.string())),
      requestBytes: optional(amountSchema()),
      selector: optional(labelSelectorSchema()),
      deletionAtMs: optional(instantSchema()),
      selectedNode: optional(z.string()),
      volumeMode: optional(volumeModeSchema()),
    }),
  ),
);

export const persistentVolumeSchema = lazy(() =>
  schemaOf<PersistentVolume>()(
    z.object({
      name: z.string(),
      uid: optional(z.string()),
      phase: optional(z.enum(['Pending', 'Available', 'Bound', 'Released', 'Failed'])),
      storageClass: optional(z.string()),
      accessModes: optional(z.array(z.string())),
      capacityBytes: optional(amountSchema()),
      nodeAffinity: optional(nodeSelectorSchema()),
      labels: optional(stringRecordSchema()),
      claim: optional(z.object({ namespace: z.string(), name: z.string(), uid: optional(z.string()) })),
      csi: optional(z.object({ driver: z.string(), volumeHandle: z.string() })),
      awsEbsVolumeId: optional(z.string()),
      local: optional(z.boolean()),
      deletionAtMs: optional(instantSchema()),
      volumeMode: optional(volumeModeSchema()),
    }),
  ),
);

export const storageClassSchema = lazy(() =>
  schemaOf<StorageClass>()(
    z.object({
      name: z.string(),
      provisioner: z.string(),
      bindingMode: z.enum(['Immediate', 'WaitForFirstConsumer']),
      isDefault: optional(z.boolean()),
      allowedTopologies: optional(
        z.array(z.object({ expressions: z.array(z.object({ key: z.string(), values: z.array(z.string()) })) })),
      ),
    }),
  ),
);

export const csiDriverSchema = lazy(() =>
  schemaOf<CsiDriver>()(
    z.object({
      name: z.string(),
      storageCapacity: optional(z.boolean()),
      attachRequired: optional(z.boolean()),
    }),
  ),
);

export const csiStorageCapacitySchema = lazy(() =>
  schemaOf<CsiStorageCapacity>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      storageClass: z.string(),
      nodeTopology: optional(labelSelectorSchema()),
      capacityBytes: optional(amountSchema()),
      maximumVolumeBytes: optional(amountSchema()),
    }),
  ),
);

export const volumeAttachmentSchema = lazy(() =>
  schemaOf<VolumeAttachment>()(
    z.object({
      name: z.string(),
      attacher: z.string(),
      node: z.string(),
      volume: optional(z.string()),
      attached: z.boolean(),
      deletionAtMs: optional(instantSchema()),
    }),
  ),
);
