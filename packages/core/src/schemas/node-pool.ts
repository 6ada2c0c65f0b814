import { z } from 'zod';
import type { NodeClaim, NodeClass, NodeGroup, NodeOverlay, NodePool } from '../node-pool.js';
import { capacityTypeSchema } from './node.js';
import { amountSchema, instantSchema, nonNegativeSchema, optional, record, stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { nodeSelectorRequirementSchema, nodeSelectorRequirementShape, taintSchema } from './selectors.js';

export const nodePoolSchema = lazy(() =>
  schemaOf<NodePool>()(
    z.object({
      name: z.string(),
      uid: optional(z.string()),
      weight: optional(z.number()),
      labels: optional(stringRecordSchema()),
      taints: optional(z.array(taintSchema())),
      startupTaints: optional(z.array(taintSchema())),
      requirements: optional(z.array(z.object({ ...nodeSelectorRequirementShape(), minValues: optional(z.int()) }))),
      limits: optional(record(nonNegativeSchema())),
      usage: optional(record(nonNegativeSchema())),
      replicas: optional(amountSchema()),
      consolidationPolicy: optional(z.string()),
      consolidateAfterSeconds: optional(nonNegativeSchema().nullable()),
      budgets: optional(
        z.array(
          z.object({
            nodes: z.string(),
            reasons: optional(z.array(z.string())),
            schedule: optional(z.string()),
            durationSeconds: optional(nonNegativeSchema()),
          }),
        ),
      ),
      nodeClass: optional(z.object({ kind: z.string(), name: z.string() })),
      expireAfterSeconds: optional(nonNegativeSchema().nullable()),
      terminationGracePeriodSeconds: optional(nonNegativeSchema()),
    }),
  ),
);

export const nodeClaimSchema = lazy(() =>
  schemaOf<NodeClaim>()(
    z.object({
      name: z.string(),
      uid: optional(z.string()),
      nodePool: optional(z.string()),
      nodeName: optional(z.string()),
      providerId: optional(z.string()),
      instanceType: optional(z.string()),
      zone: optional(z.string()),
      capacityType: optional(capacityTypeSchema()),
      initialized: optional(z.boolean()),
      deletionAtMs: optional(instantSchema()),
    }),
  ),
);

export const nodeClassSchema = lazy(() =>
  schemaOf<NodeClass>()(
    z.object({
      kind: z.string(),
      name: z.string(),
      amiFamily: optional(z.string()),
      zones: optional(z.array(z.string())),
      rootVolumeBytes: optional(amountSchema()),
      maxPods: optional(amountSchema()),
      podsPerCore: optional(amountSchema()),
      kubeReserved: optional(stringRecordSchema()),
      systemReserved: optional(stringRecordSchema()),
      evictionHard: optional(stringRecordSchema()),
    }),
  ),
);

export const nodeOverlaySchema = lazy(() =>
  schemaOf<NodeOverlay>()(
    z.object({
      name: z.string(),
      weight: optional(z.number()),
      requirements: optional(z.array(nodeSelectorRequirementSchema())),
      price: optional(z.string()),
      priceAdjustment: optional(z.string()),
      capacity: optional(record(nonNegativeSchema())),
    }),
  ),
);

export const nodeGroupSchema = lazy(() =>
  schemaOf<NodeGroup>()(
    z.object({
      kind: z.enum(['managed-node-group', 'asg']),
      name: z.string(),
      minSize: optional(amountSchema()),
      maxSize: optional(amountSchema()),
      desiredSize: optional(amountSchema()),
      instanceTypes: optional(z.array(z.string())),
    }),
  ),
);
