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
      namespace: z.string().exactOptional(),
      state: z.enum(['listed', 'partial', 'absent', 'forbidden']),
      resourceVersion: z.string().exactOptional(),
      observedAtMs: instantSchema().exactOptional(),
    }),
  ),
);

export const namespaceSchema = lazy(() =>
  schemaOf<Namespace>()(
    z.object({
      name: z.string(),
      labels: stringRecordSchema().exactOptional(),
      annotations: stringRecordSchema().exactOptional(),
    }),
  ),
);

export const podDisruptionBudgetSchema = lazy(() =>
  schemaOf<PodDisruptionBudget>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      uid: z.string().exactOptional(),
      selector: labelSelectorSchema().exactOptional(),
      minAvailable: intOrPercentSchema().exactOptional(),
      maxUnavailable: intOrPercentSchema().exactOptional(),
      unhealthyPodEvictionPolicy: z.enum(['IfHealthyBudget', 'AlwaysAllow']).exactOptional(),
      generation: z.int().exactOptional(),
      status: z
        .object({
          observedGeneration: z.int().exactOptional(),
          disruptionsAllowed: z.int(),
          currentHealthy: z.int(),
          desiredHealthy: z.int(),
          expectedPods: z.int(),
          disruptedPods: record(z.number()).exactOptional(),
        })
        .exactOptional(),
    }),
  ),
);

export const horizontalPodAutoscalerSchema = lazy(() =>
  schemaOf<HorizontalPodAutoscaler>()(
    z.object({
      namespace: z.string(),
      name: z.string(),
      uid: z.string().exactOptional(),
      target: workloadRefSchema(),
      minReplicas: amountSchema(),
      maxReplicas: amountSchema(),
      currentReplicas: amountSchema().exactOptional(),
      desiredReplicas: amountSchema().exactOptional(),
      utilisationOf: z.array(z.string()).exactOptional(),
    }),
  ),
);

export const priorityClassSchema = lazy(() =>
  schemaOf<PriorityClass>()(
    z.object({
      name: z.string(),
      value: z.number(),
      globalDefault: z.boolean().exactOptional(),
      preemptionPolicy: z.enum(['PreemptLowerPriority', 'Never']).exactOptional(),
    }),
  ),
);

export const runtimeClassSchema = lazy(() =>
  schemaOf<RuntimeClass>()(
    z.object({
      name: z.string(),
      overhead: resourceAmountsSchema().exactOptional(),
      nodeSelector: stringRecordSchema().exactOptional(),
      tolerations: z.array(tolerationSchema()).exactOptional(),
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
          defaultRequest: resourceAmountsSchema().exactOptional(),
          defaultLimit: resourceAmountsSchema().exactOptional(),
          min: resourceAmountsSchema().exactOptional(),
          max: resourceAmountsSchema().exactOptional(),
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
      scopes: z.array(z.string()).exactOptional(),
      scoped: z.boolean().exactOptional(),
    }),
  ),
);

export const deviceClassSchema = lazy(() =>
  schemaOf<DeviceClass>()(z.object({ name: z.string(), extendedResourceName: z.string().exactOptional() })),
);

export const serviceSchema = lazy(() =>
  schemaOf<Service>()(
    z.object({ namespace: z.string(), name: z.string(), selector: stringRecordSchema().exactOptional() }),
  ),
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
      service: z.object({ namespace: z.string(), name: z.string() }).exactOptional(),
      matchesPods: z.boolean(),
      namespaceSelector: labelSelectorSchema().exactOptional(),
      objectSelector: labelSelectorSchema().exactOptional(),
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
      extenders: z.array(z.string()).exactOptional(),
      featureGates: record(z.boolean()).exactOptional(),
    }),
  ),
);
