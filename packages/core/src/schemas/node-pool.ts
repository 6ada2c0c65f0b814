import { z } from 'zod';
import type { NodeClaim, NodeClass, NodeGroup, NodeOverlay, NodePool } from '../node-pool.js';
import { capacityTypeSchema } from './node.js';
import { amountSchema, instantSchema, nonNegativeSchema, record, stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { nodeSelectorRequirementSchema, nodeSelectorRequirementShape, taintSchema } from './selectors.js';

export const nodePoolSchema = lazy(() =>
  schemaOf<NodePool>()(
    z.object({
      name: z.string(),
      uid: z.string().exactOptional(),
      weight: z.number().exactOptional(),
      labels: stringRecordSchema().exactOptional(),
      taints: z.array(taintSchema()).exactOptional(),
      startupTaints: z.array(taintSchema()).exactOptional(),
      requirements: z
        .array(z.object({ ...nodeSelectorRequirementShape(), minValues: z.int().exactOptional() }))
        .exactOptional(),
      limits: record(nonNegativeSchema()).exactOptional(),
      usage: record(nonNegativeSchema()).exactOptional(),
      replicas: amountSchema().exactOptional(),
      consolidationPolicy: z.string().exactOptional(),
      consolidateAfterSeconds: nonNegativeSchema().nullable().exactOptional(),
      budgets: z
        .array(
          z.object({
            nodes: z.string(),
            reasons: z.array(z.string()).exactOptional(),
            schedule: z.string().exactOptional(),
            durationSeconds: nonNegativeSchema().exactOptional(),
          }),
        )
        .exactOptional(),
      nodeClass: z.object({ kind: z.string(), name: z.string() }).exactOptional(),
      expireAfterSeconds: nonNegativeSchema().nullable().exactOptional(),
      terminationGracePeriodSeconds: nonNegativeSchema().exactOptional(),
    }),
  ),
);

export const nodeClaimSchema = lazy(() =>
  schemaOf<NodeClaim>()(
    z.object({
      name: z.string(),
      uid: z.string().exactOptional(),
      nodePool: z.string().exactOptional(),
      nodeName: z.string().exactOptional(),
      providerId: z.string().exactOptional(),
      instanceType: z.string().exactOptional(),
      zone: z.string().exactOptional(),
      capacityType: capacityTypeSchema().exactOptional(),
      initialized: z.boolean().exactOptional(),
      deletionAtMs: instantSchema().exactOptional(),
    }),
  ),
);

export const nodeClassSchema = lazy(() =>
  schemaOf<NodeClass>()(
    z.object({
      kind: z.string(),
      name: z.string(),
      amiFamily: z.string().exactOptional(),
      zones: z.array(z.string()).exactOptional(),
      rootVolumeBytes: amountSchema().exactOptional(),
      maxPods: amountSchema().exactOptional(),
      podsPerCore: amountSchema().exactOptional(),
      kubeReserved: stringRecordSchema().exactOptional(),
      systemReserved: stringRecordSchema().exactOptional(),
      evictionHard: stringRecordSchema().exactOptional(),
    }),
  ),
);

export const nodeOverlaySchema = lazy(() =>
  schemaOf<NodeOverlay>()(
    z.object({
      name: z.string(),
      weight: z.number().exactOptional(),
      requirements: z.array(nodeSelectorRequirementSchema()).exactOptional(),
      price: z.string().exactOptional(),
      priceAdjustment: z.string().exactOptional(),
      capacity: record(nonNegativeSchema()).exactOptional(),
    }),
  ),
);

export const nodeGroupSchema = lazy(() =>
  schemaOf<NodeGroup>()(
    z.object({
      kind: z.enum(['managed-node-group', 'asg']),
      name: z.string(),
      minSize: amountSchema().exactOptional(),
      maxSize: amountSchema().exactOptional(),
      desiredSize: amountSchema().exactOptional(),
      instanceTypes: z.array(z.string()).exactOptional(),
    }),
  ),
);
