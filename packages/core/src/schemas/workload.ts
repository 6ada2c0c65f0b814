import { z } from 'zod';
import type { UpdateStrategy, Workload, WorkloadRef } from '../workload.js';
import { amountSchema, instantSchema, intOrPercentSchema, stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { labelSelectorSchema } from './selectors.js';

const reference = () => ({
  kind: z.string().min(1),
  namespace: z.string(),
  name: z.string(),
  uid: z.string().exactOptional(),
});

export const workloadRefSchema = lazy(() => schemaOf<WorkloadRef>()(z.object(reference())));

const updateStrategySchema = lazy(() =>
  schemaOf<UpdateStrategy>()(
    z.object({
      type: z.enum(['RollingUpdate', 'Recreate', 'OnDelete']),
      maxSurge: intOrPercentSchema().exactOptional(),
      maxUnavailable: intOrPercentSchema().exactOptional(),
      minReadySeconds: z.number().exactOptional(),
    }),
  ),
);

export const workloadSchema = lazy(() =>
  schemaOf<Workload>()(
    z.object({
      ...reference(),
      apiVersion: z.string(),
      createdAtMs: instantSchema().exactOptional(),
      generation: z.int().exactOptional(),
      observedGeneration: z.int().exactOptional(),
      replicas: amountSchema().exactOptional(),
      readyReplicas: amountSchema().exactOptional(),
      updatedReplicas: amountSchema().exactOptional(),
      scalable: z.boolean().exactOptional(),
      successorTemplate: z.int().min(-1),
      selector: labelSelectorSchema().exactOptional(),
      strategy: updateStrategySchema().exactOptional(),
      rollout: z.enum(['stable', 'in-progress', 'paused', 'unknown']),
      podManagement: z.enum(['OrderedReady', 'Parallel']).exactOptional(),
      claimTemplates: z.array(z.string()).exactOptional(),
      labels: stringRecordSchema().exactOptional(),
      annotations: stringRecordSchema().exactOptional(),
      gitOps: z.enum(['argocd', 'flux']).exactOptional(),
      suspended: z.boolean().exactOptional(),
      schedule: z.string().exactOptional(),
      timeZone: z.string().exactOptional(),
      owner: workloadRefSchema().exactOptional(),
    }),
  ),
);
