import { z } from 'zod';
import type { Estimate } from '../estimate.js';
import type { Action, ActionGroup, Draft, LowerBoundCertificate, Plan } from '../plan.js';
import { factSchema } from './fact.js';
import { intentMembers, intentSchema } from './intent.js';
import {
  amountSchema,
  instantSchema,
  jsonValueSchema,
  optional,
  record,
  shareSchema,
  usdPerHourSchema,
} from './primitives.js';
import { reasonSchema, rejectionSchema } from './reason.js';
import { lazy, schemaOf } from './schema-of.js';

const draftShape = () => ({
  reasons: z.tuple([reasonSchema()], reasonSchema()),
  notBeforeMs: optional(instantSchema()),
});

export const draftSchema = lazy(() => schemaOf<Draft>()(z.discriminatedUnion('kind', intentMembers(draftShape()))));

export const actionSchema = lazy(() =>
  schemaOf<Action>()(
    z.discriminatedUnion(
      'kind',
      intentMembers({
        ...draftShape(),
        id: z.string().min(1),
        dependsOn: z.array(z.string()),
        expect: z.array(factSchema()),
        deadlineSeconds: z.number().positive(),
        onFailure: z.enum(['stop-group', 'stop-plan']),
        undo: optional(intentSchema()),
      }),
    ),
  ),
);

const estimateSchema = lazy(() =>
  schemaOf<Estimate>('Estimate')(
    z
      .object({
        point: z.number(),
        lower: z.number(),
        upper: z.number(),
        confidence: shareSchema(),
        basis: z.string(),
      })
      .refine(({ point, lower, upper }) => lower <= point && point <= upper, 'must have lower ≤ point ≤ upper'),
  ),
);

const actionGroupSchema = lazy(() =>
  schemaOf<ActionGroup>('ActionGroup')(
    z.object({
      id: z.string().min(1),
      dependsOn: z.array(z.string()),
      actions: z.array(actionSchema()),
      executor: optional(z.literal('karpenter')),
      savingsUsdPerHour: estimateSchema(),
    }),
  ),
);

export const lowerBoundCertificateSchema = lazy(() =>
  schemaOf<LowerBoundCertificate>('LowerBoundCertificate')(
    z.object({
      usdPerHour: usdPerHourSchema(),
      method: z.string(),
      dualPrices: record(z.number()),
      cuts: z.array(z.object({ kind: z.string(), dualPrice: z.number(), payload: jsonValueSchema() })),
      counts: optional(z.object({ pendingPods: z.boolean(), keptNodesAtMs: optional(instantSchema()) })),
      scope: z.string(),
    }),
  ),
);

export const planSchema = lazy(() =>
  schemaOf<Plan>()(
    z.object({
      schema: z.literal('plan/v1'),
      contractVersion: z.literal('v1'),
      id: z.string().min(1),
      engine: z.object({ id: z.string(), version: z.string() }),
      considers: z.array(z.enum(['nodes', 'workloads', 'containers', 'replicas', 'pools'])),
      createdAtMs: instantSchema(),
      validUntilMs: instantSchema(),
      seed: z.number(),
      stateDigest: optional(z.string()),
      clusterId: optional(z.string()),
      pricesAsOfMs: optional(instantSchema()),
      groups: z.array(actionGroupSchema()),
      maxGroupsInFlight: amountSchema(),
      rejections: z.array(rejectionSchema()),
      currentUsdPerHour: usdPerHourSchema(),
      projectedUsdPerHour: estimateSchema(),
      savingsUsdPerHour: estimateSchema(),
      unpriced: z.array(rejectionSchema()),
      lowerBound: optional(lowerBoundCertificateSchema()),
      truncated: z.boolean(),
    }),
  ),
);
