import { z } from 'zod';
import type {
  AdmissionWebhook,
  DeviceClass,
  HorizontalPodAutoscaler,
  LimitRange,
  Namespace,
  PriorityClass,
  ResourceQuota,
  RuntimeClass,
  Service,
  ServiceBackend,
} from '../cluster-state.js';
import type { CoverageEntry } from '../coverage.js';
import type { PodDisruptionBudget } from '../disruption-budget.js';
import type { SchedulerFacts } from '../scheduler-facts.js';
import {
  amountSchema,
  instantSchema,
  intOrPercentSchema,
  nonNegativeSchema,
  optional,
  record,
  stringRecordSchema,
} from './primitives.js';
import { resourceAmountsSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';
import { labelSelectorSchema, tolerationSchema, topologySpreadConstraintSchema } from './selectors.js';
import { workloadRefSchema } from './workload.js';

/** The objects of a cluster beside nodes, pods, workloads, storage and node pools. */

export const coverageEntrySchema = lazy(() =>
  schemaOf<CoverageEntry>()(
    z.object({
      kind: z.string(),
      namespace: optional(z.string()),
      state: z.enum(['listed', 'partial', 'absent', 'forbidden']),
      resourceVersion: optional(z.string()),
      observedAtMs: optional(instantSchema()),
    }),
  ),
);

export const namespaceSchema = lazy(() =>
  schemaOf<Namespace>()(
    z.object({
      name: z.string(),
      labels: optional(stringRecordSchema()),
      annotations: optional(stringRecordSchema()),
    }),
  ),
);

export const podDisruptionBudgetSchema = lazy(() =>
  schemaOf<PodDisruptionBudget>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      uid: optional(z.string()),
      selector: optional(labelSelectorSchema()),
      minAvailable: optional(intOrPercentSchema()),
      maxUnavailable: optional(intOrPercentSchema()),
      unhealthyPodEvictionPolicy: optional(z.enum(['IfHealthyBudget', 'AlwaysAllow'])),
      generation: optional(z.int()),
      status: optional(
        z.object({
          observedGeneration: optional(z.int()),
          disruptionsAllowed: z.int(),
          currentHealthy: z.int(),
          desiredHealthy: z.int(),
          expectedPods: z.int(),
          disruptedPods: optional(record(z.number())),
        }),
      ),
    }),
  ),
);

export const horizontalPodAutoscalerSchema = lazy(() =>
  schemaOf<HorizontalPodAutoscaler>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      uid: optional(z.string()),
      target: workloadRefSchema(),
      minReplicas: amountSchema(),
      maxReplicas: amountSchema(),
      currentReplicas: optional(amountSchema()),
      desiredReplicas: optional(amountSchema()),
      utilisationOf: optional(z.array(z.string())),
    }),
  ),
);

export const priorityClassSchema = lazy(() =>
  schemaOf<PriorityClass>()(
    z.object({
      name: z.string(),
      value: z.number(),
      globalDefault: optional(z.boolean()),
      preemptionPolicy: optional(z.enum(['PreemptLowerPriority', 'Never'])),
    }),
  ),
);

export const runtimeClassSchema = lazy(() =>
  schemaOf<RuntimeClass>()(
    z.object({
      name: z.string(),
      overhead: optional(resourceAmountsSchema()),
      nodeSelector: optional(stringRecordSchema()),
      tolerations: optional(z.array(tolerationSchema())),
    }),
  ),
);

export const limitRangeSchema = lazy(() =>
  schemaOf<LimitRange>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      items: z.array(
        z.object({
          type: z.string(),
          defaultRequest: optional(resourceAmountsSchema()),
          defaultLimit: optional(resourceAmountsSchema()),
          min: optional(resourceAmountsSchema()),
          max: optional(resourceAmountsSchema()),
        }),
      ),
    }),
  ),
);

export const resourceQuotaSchema = lazy(() =>
  schemaOf<ResourceQuota>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      hard: record(nonNegativeSchema()),
      used: record(nonNegativeSchema()),
      scopes: optional(z.array(z.string())),
      scoped: optional(z.boolean()),
    }),
  ),
);

export const deviceClassSchema = lazy(() =>
  schemaOf<DeviceClass>()(z.object({ name: z.string(), extendedResourceName: optional(z.string()) })),
);

export const serviceSchema = lazy(() =>
  schemaOf<Service>()(z.object({ namespace: z.string(), name: z.string(), selector: optional(stringRecordSchema()) })),
);

export const serviceBackendSchema = lazy(() =>
  schemaOf<ServiceBackend>()(
    z.object({
      namespace: z.string(),
      service: z.string(),
      pods: z.array(z.object({ namespace: z.string(), name: z.string(), ready: z.boolean() })),
    }),
  ),
);

export const admissionWebhookSchema = lazy(() =>
  schemaOf<AdmissionWebhook>()(
    z.object({
      name: z.string(),
      kind: z.enum(['validating', 'mutating']),
      failurePolicy: z.enum(['Fail', 'Ignore']),
      service: optional(z.object({ namespace: z.string(), name: z.string() })),
      matchesPods: z.boolean(),
      namespaceSelector: optional(labelSelectorSchema()),
      objectSelector: optional(labelSelectorSchema()),
    }),
  ),
);

export const schedulerFactsSchema = lazy(() =>
  schemaOf<SchedulerFacts>()(
    z.object({
      assumed: z.boolean(),
      profiles: z.array(
        z.object({
          schedulerName: z.string(),
          scoringStrategy: z.enum(['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']),
          defaultConstraints: z.union([z.literal('System'), z.array(topologySpreadConstraintSchema())]),
        }),
      ),
      extenders: optional(z.array(z.string())),
      featureGates: optional(record(z.boolean())),
    }),
  ),
);
