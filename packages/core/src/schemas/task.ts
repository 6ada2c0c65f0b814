import { z } from 'zod';
import type { ClusterMetrics } from '../cluster-metrics.js';
import type { Task, TaskResult } from '../task.js';
import { offeringRefSchema } from './market.js';
import { actionSchema } from './plan.js';
import { amountSchema, instantSchema, optional, usdPerHourSchema } from './primitives.js';
import { reasonSchema } from './reason.js';
import { resourceAmountsSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';

/** What passes between a host and its executors. */

export const taskSchema = lazy(() =>
  schemaOf<Task>()(
    z.object({
      schema: z.literal('task/v1'),
      id: z.string().min(1),
      planId: z.string().min(1),
      groupId: z.string().min(1),
      action: actionSchema(),
      attempt: amountSchema(),
      clusterId: z.string(),
      issuedAtMs: instantSchema(),
      leaseUntilMs: instantSchema(),
      clientToken: z.string(),
    }),
  ),
);

export const taskResultSchema = lazy(() =>
  schemaOf<TaskResult>()(
    z.object({
      schema: z.literal('task-result/v1'),
      taskId: z.string().min(1),
      outcome: z.enum(['succeeded', 'failed', 'refused', 'expired']),
      startedAtMs: instantSchema(),
      finishedAtMs: instantSchema(),
      reasons: z.array(reasonSchema()),
      launched: optional(
        z.object({
          nodeUid: z.string(),
          providerId: z.string(),
          offering: offeringRefSchema(),
          usdPerHour: optional(usdPerHourSchema()),
        }),
      ),
      evicted: optional(z.array(z.object({ namespace: z.string(), name: z.string() }))),
    }),
  ),
);

export const clusterMetricsSchema = lazy(() =>
  schemaOf<ClusterMetrics>()(
    z.object({
      schema: z.literal('cluster-metrics/v1'),
      clusterId: z.string(),
      observedAtMs: instantSchema(),
      nodes: z.array(
        z.object({
          uid: z.string(),
          name: z.string(),
          ready: z.boolean(),
          allocatable: resourceAmountsSchema(),
          requested: resourceAmountsSchema(),
          used: optional(resourceAmountsSchema()),
          pods: amountSchema(),
        }),
      ),
      pods: z.object({ running: amountSchema(), pending: amountSchema(), failed: amountSchema() }),
      usdPerHour: usdPerHourSchema().nullable(),
    }),
  ),
);
