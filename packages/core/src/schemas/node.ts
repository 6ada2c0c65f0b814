import { z } from 'zod';
import type { Node, NodeOwner } from '../node.js';
import { amountSchema, instantSchema, stringRecordSchema } from './primitives.js';
import { nodeResourcesSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';
import { taintSchema } from './selectors.js';

export const capacityTypeSchema = lazy(() => z.enum(['on-demand', 'spot', 'reserved']));

export const nodeOwnerSchema = lazy(() =>
  schemaOf<NodeOwner>()(
    z.object({
      kind: z.enum(['karpenter', 'eks-auto', 'managed-node-group', 'asg', 'self-managed', 'unknown']),
      name: z.string().exactOptional(),
      nodeClaim: z.string().exactOptional(),
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
      annotations: stringRecordSchema().exactOptional(),
      taints: z.array(taintSchema()).exactOptional(),
      unschedulable: z.boolean().exactOptional(),
      ready: z.boolean(),
      readySinceMs: instantSchema().exactOptional(),
      deletionAtMs: instantSchema().exactOptional(),
      allocatable: nodeResourcesSchema(),
      providerId: z.string().exactOptional(),
      instanceType: z.string().exactOptional(),
      region: z.string().exactOptional(),
      zone: z.string().exactOptional(),
      capacityType: capacityTypeSchema().exactOptional(),
      owner: nodeOwnerSchema(),
      autoscaler: z.enum(['karpenter', 'eks-auto', 'cluster-autoscaler', 'none', 'unknown']),
      csiDrivers: z
        .array(z.object({ name: z.string(), allocatableCount: amountSchema().exactOptional() }))
        .exactOptional(),
      declaredFeatures: z.array(z.string()).exactOptional(),
    }),
  ),
);
