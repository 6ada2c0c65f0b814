import { z } from 'zod';
import type { Node, NodeOwner } from '../node.js';
import { amountSchema, instantSchema, optional, stringRecordSchema } from './primitives.js';
import { nodeResourcesSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';
import { taintSchema } from './selectors.js';

export const capacityTypeSchema = lazy(() => z.enum(['on-demand', 'spot', 'reserved']));

export const nodeOwnerSchema = lazy(() =>
  schemaOf<NodeOwner>('NodeOwner')(
    z.object({
      kind: z.enum(['karpenter', 'eks-auto', 'managed-node-group', 'asg', 'self-managed', 'unknown']),
      name: optional(z.string()),
      nodeClaim: optional(z.string()),
    }),
  ),
);

export const nodeSchema = lazy(() =>
  schemaOf<Node>()(
    z.object({
      uid: z.string().min(1),
      name: z.string(),
      createdAtMs: instantSchema(),
      labels: stringRecordSchema(),
      annotations: optional(stringRecordSchema()),
      taints: optional(z.array(taintSchema())),
      unschedulable: optional(z.boolean()),
      ready: z.boolean(),
      readySinceMs: optional(instantSchema()),
      deletionAtMs: optional(instantSchema()),
      allocatable: nodeResourcesSchema(),
      providerId: optional(z.string()),
      instanceType: optional(z.string()),
      region: optional(z.string()),
      zone: optional(z.string()),
      capacityType: optional(capacityTypeSchema()),
      owner: nodeOwnerSchema(),
      autoscaler: z.enum(['karpenter', 'eks-auto', 'cluster-autoscaler', 'none', 'unknown']),
      csiDrivers: optional(z.array(z.object({ name: z.string(), allocatableCount: optional(amountSchema()) }))),
      declaredFeatures: optional(z.array(z.string())),
    }),
  ),
);
