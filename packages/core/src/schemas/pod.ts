import { z } from 'zod';
import type { PodExtra, PodTemplate, VolumeUse } from '../pod.js';
import { amountSchema, instantSchema, nonNegativeSchema, stringRecordSchema } from './primitives.js';
import { resourceAmountsSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';
import {
  nodeAffinitySchema,
  podAffinitySchema,
  tolerationSchema,
  topologySpreadConstraintSchema,
} from './selectors.js';

const volumeUseSchema = lazy(() =>
  schemaOf<VolumeUse>()(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('claim'), claim: z.string(), readOnly: z.boolean().exactOptional() }),
      z.object({
        kind: z.literal('ephemeral'),
        volume: z.string(),
        storageClass: z.string().exactOptional(),
        accessModes: z.array(z.string()).exactOptional(),
        requestBytes: amountSchema().exactOptional(),
      }),
      z.object({ kind: z.literal('csi-inline'), driver: z.string() }),
      z.object({ kind: z.literal('aws-ebs'), volumeId: z.string(), readOnly: z.boolean().exactOptional() }),
      z.object({ kind: z.literal('empty-dir'), volume: z.string(), medium: z.string().exactOptional() }),
      z.object({ kind: z.literal('host-path'), path: z.string() }),
    ]),
  ),
);

export const podTemplateSchema = lazy(() =>
  schemaOf<PodTemplate>()(
    z.object({
      namespace: z.string(),
      labels: stringRecordSchema(),
      annotations: stringRecordSchema().exactOptional(),
      needs: resourceAmountsSchema(),
      containers: z.array(
        z.object({
          name: z.string(),
          sidecar: z.boolean().exactOptional(),
          init: z.boolean().exactOptional(),
          requests: resourceAmountsSchema(),
          limits: resourceAmountsSchema().exactOptional(),
        }),
      ),
      schedulerName: z.string().exactOptional(),
      schedulingGates: z.array(z.string()).exactOptional(),
      nodeName: z.string().exactOptional(),
      nodeSelector: stringRecordSchema().exactOptional(),
      nodeAffinity: nodeAffinitySchema().exactOptional(),
      podAffinity: podAffinitySchema().exactOptional(),
      podAntiAffinity: podAffinitySchema().exactOptional(),
      tolerations: z.array(tolerationSchema()).exactOptional(),
      topologySpread: z.array(topologySpreadConstraintSchema()).exactOptional(),
      hostPorts: z
        .array(z.object({ hostIp: z.string(), protocol: z.enum(['TCP', 'UDP', 'SCTP']), port: z.int() }))
        .exactOptional(),
      hostNetwork: z.boolean().exactOptional(),
      volumes: z.array(volumeUseSchema()).exactOptional(),
      resourceClaims: z.array(z.string()).exactOptional(),
      podGroup: z.string().exactOptional(),
      priority: z.int().exactOptional(),
      priorityClass: z.string().exactOptional(),
      preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).exactOptional(),
      runtimeClass: z.string().exactOptional(),
      qosClass: z.enum(['Guaranteed', 'Burstable', 'BestEffort']).exactOptional(),
      terminationGracePeriodSeconds: nonNegativeSchema().exactOptional(),
      readinessSeconds: nonNegativeSchema().exactOptional(),
      requiredNodeFeatures: z.array(z.string()).exactOptional(),
    }),
  ),
);

export const podExtraSchema = lazy(() =>
  schemaOf<PodExtra>()(
    z.object({
      phase: z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']).exactOptional(),
      ready: z.boolean().exactOptional(),
      deletionAtMs: instantSchema().exactOptional(),
      pinnedNode: z.string().exactOptional(),
      claims: z.array(z.string()).exactOptional(),
      labels: stringRecordSchema().exactOptional(),
      annotations: stringRecordSchema().exactOptional(),
      occupies: resourceAmountsSchema().exactOptional(),
      mirror: z.boolean().exactOptional(),
      nominatedNode: z.string().exactOptional(),
    }),
  ),
);
