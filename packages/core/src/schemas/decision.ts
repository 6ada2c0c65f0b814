import { z } from 'zod';
import type { DecisionRequest, DecisionResponse } from '../decision.js';
import { clusterStateSchema } from './cluster-state.js';
import { marketSchema } from './market.js';
import { planSchema } from './plan.js';
import { policySchema } from './policy.js';
import { jsonValueSchema, nonNegativeSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { strictObject } from './strict-object.js';
import { usageHistorySchema } from './usage-history.js';

/** Options stay as they are: the schema of the engine that is asked parses them. */
export const decisionRequestSchema = lazy(() =>
  schemaOf<DecisionRequest>()(
    strictObject({
      contractVersion: z.literal('v1'),
      policy: policySchema().prefault({}),
      options: z.unknown(),
      memory: jsonValueSchema().exactOptional(),
      cluster: clusterStateSchema().exactOptional(),
      market: marketSchema().exactOptional(),
      usage: usageHistorySchema().exactOptional(),
    }),
  ),
);

export const decisionResponseSchema = lazy(() =>
  schemaOf<DecisionResponse>()(
    z.object({
      contractVersion: z.literal('v1'),
      plan: planSchema(),
      memory: jsonValueSchema().exactOptional(),
      spentUnits: nonNegativeSchema(),
    }),
  ),
);
