import { z } from 'zod';
import type { PodExtra, PodTemplate, VolumeUse } from '../pod.js';
import { amountSchema, instantSchema, nonNegativeSchema, optional, stringRecordSchema } from './primitives.js';
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
      z.object({ kind: z.literal('claim'), claim: z.string(), readOnly: optional(z.boolean()) }),
      z.object({
        kind: z.literal('ephemeral'),
        volume: z.string(),
        storageClass: optional(z.string()),
        accessModes: optional(z.array(z.string())),
        requestBytes: optional(amountSchema()),
      }),
      z.object({ kind: z.literal('csi-inline'), driver: z.string() }),
      z.object({ kind: z.literal('aws-ebs'), volumeId: z.string(), readOnly: optional(z.boolean()) }),
      z.object({ kind: z.literal('empty-dir'), volume: z.string(), medium: optional(z.string()) }),
      z.object({ kind: z.literal('host-path'), path: z.string() }),
    ]),
  ),
);

export const podTemplateSchema = lazy(() =>
  schemaOf<PodTemplate>()(
    z.object({
      namespace: z.string(),
      labels: stringRecordSchema(),
      annotations: optional(stringRecordSchema()),
      needs: resourceAmountsSchema(),
      containers: z.array(
        z.object({
          name: z.string(),
          sidecar: optional(z.boolean()),
          init: optional(z.boolean()),
          requests: resourceAmountsSchema(),
          limits: optional(resourceAmountsSchema()),
        }),
      ),
      schedulerName: optional(z.string()),
      schedulingGates: optional(z.array(z.string())),
      nodeName: optional(z.string()),
      nodeSelector: optional(stringRecordSchema()),
      nodeAffinity: optional(nodeAffinitySchema()),
      podAffinity: optional(podAffinitySchema()),
      podAntiAffinity: optional(podAffinitySchema()),
      tolerations: optional(z.array(tolerationSchema())),
      topologySpread: optional(z.array(topologySpreadConstraintSchema())),
      hostPorts: optional(
        z.array(z.object({ hostIp: z.string(), protocol: z.enum(['TCP', 'UDP', 'SCTP']), port: z.int() })),
      ),
      hostNetwork: optional(z.boolean()),
      volumes: optional(z.array(volumeUseSchema())),
      resourceClaims: optional(z.array(z.string())),
      podGroup: optional(z.string()),
      priority: optional(z.int()),
      priorityClass: optional(z.string()),
      preemptionPolicy: optional(z.enum(['PreemptLowerPriority', 'Never'])),
      runtimeClass: optional(z.string()),
      qosClass: optional(z.enum(['Guaranteed', 'Burstable', 'BestEffort'])),
      terminationGracePeriodSeconds: optional(nonNegativeSchema()),
      readinessSeconds: optional(nonNegativeSchema()),
      requiredNodeFeatures: optional(z.array(z.string())),
    }),
  ),
);

export const podExtraSchema = lazy(() =>
  schemaOf<PodExtra>()(
    z.object({
      phase: optional(z.enum(['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'])),
      ready: optional(z.boolean()),
      deletionAtMs: optional(instantSchema()),
      pinnedNode: optional(z.string()),
      claims: optional(z.array(z.string())),
      labels: optional(stringRecordSchema()),
      annotations: optional(stringRecordSchema()),
      occupies: optional(resourceAmountsSchema()),
      mirror: optional(z.boolean()),
      nominatedNode: optional(z.string()),
    }),
  ),
);
