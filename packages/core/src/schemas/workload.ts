import { z } from 'zod';
import type { UpdateStrategy, Workload, WorkloadRef } from '../workload.js';
import { amountSchema, instantSchema, intOrPercentSchema, optional, stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { labelSelectorSchema } from './selectors.js';

const reference = () => ({
  kind: z.string().min(1),
  namespace: z.string(),
  name: z.string(),
  uid: optional(z.string()),
});

export const workloadRefSchema = lazy(() => schemaOf<WorkloadRef>('WorkloadRef')(z.object(reference())));

const updateStrategySchema = lazy(() =>
  schemaOf<UpdateStrategy>()(
    z.object({
      type: z.enum(['RollingUpdate', 'Recreate', 'OnDelete']),
      maxSurge: optional(intOrPercentSchema()),
      maxUnavailable: optional(intOrPercentSchema()),
      minReadySeconds: optional(z.number()),
    }),
  ),
);

export const workloadSchema = lazy(() =>
  schemaOf<Workload>()(
    z.object({
      ...reference(),
      apiVersion: z.string(),
      createdAtMs: optional(instantSchema()),
      generation: optional(z.int()),
      observedGeneration: optional(z.int()),
      replicas: optional(amountSchema()),
      replicaSetReplicas: optional(amountSchema()),
      readyReplicas: optional(amountSchema()),
      updatedReplicas: optional(amountSchema()),
      scalable: optional(z.boolean()),
      successorTemplate: z.int().min(-1),
      selector: optional(labelSelectorSchema()),
      strategy: optional(updateStrategySchema()),
      rollout: z.enum(['stable', 'in-progress', 'paused', 'unknown']),
      podManagement: optional(z.enum(['OrderedReady', 'Parallel'])),
      claimTemplates: optional(z.array(z.string())),
      labels: optional(stringRecordSchema()),
      annotations: optional(stringRecordSchema()),
      gitOps: optional(z.enum(['argocd', 'flux'])),
      suspended: optional(z.boolean()),
      schedule: optional(z.string()),
      timeZone: optional(z.string()),
      owner: optional(workloadRefSchema()),
    }),
  ),
);
