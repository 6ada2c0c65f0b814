import { z } from 'zod';
import type { JsonValue } from './json.js';
import { clusterStateSchema } from './schemas/cluster-state.js';
import { decisionRequestSchema, decisionResponseSchema } from './schemas/decision.js';
import { marketSchema } from './schemas/market.js';
import { actionSchema, planSchema } from './schemas/plan.js';
import { policySchema } from './schemas/policy.js';
import { ownJsonSchemas } from './schemas/primitives.js';
import { clusterMetricsSchema, taskResultSchema, taskSchema } from './schemas/task.js';
import { usageHistorySchema } from './schemas/usage-history.js';

/** The documents of the contract that have a JSON Schema, with the schema and a sentence about each. */
const documents = {
  action: [
    actionSchema,
    'One sealed step of a plan: what to do, why, after what, and what it expects of live objects.',
  ],
  'cluster-metrics': [clusterMetricsSchema, 'Load and health of a cluster at one instant, as an agent reports it.'],
  'cluster-state': [clusterStateSchema, 'One cluster at one instant. What it does not know is said in coverage.'],
  'decision-request': [decisionRequestSchema, 'One question to a decision engine: policy, options and inputs.'],
  'decision-response': [decisionResponseSchema, 'The answer of a decision engine: a plan, and what to remember.'],
  market: [marketSchema, 'Offerings with prices, supplies and interruption risks at one instant. null is unknown.'],
  plan: [
    planSchema,
    'What an engine proposes: groups of actions with reasons, savings, and why others were left alone.',
  ],
  policy: [policySchema, 'What users allow. Every field may be left out and then has its default.'],
  task: [taskSchema, 'One leased, idempotent order to one executor.'],
  'task-result': [taskResultSchema, 'What became of a task.'],
  'usage-history': [usageHistorySchema, 'What containers used over time, as mergeable histograms.'],
} as const satisfies Readonly<Record<string, readonly [() => z.ZodType, string]>>;

export type ContractDocument = keyof typeof documents;

export const contractDocuments = Object.keys(documents) as readonly ContractDocument[];

/** JSON Schema (draft 2020-12) of a document as it is written: fields that have a default are not required. */
export function jsonSchemaOf(name: ContractDocument): JsonValue {
  const [schema, description] = documents[name];
  const title = name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  return { $id: `urn:cloudoptim:v1:${name}`, title, description, ...(toJsonSchema(schema()) as object) };
}

/** For any schema, those of this package included that zod cannot translate itself. */
export function toJsonSchema(schema: z.ZodType): JsonValue {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const own = ownJsonSchemas.get(zodSchema);
      if (own !== undefined) Object.assign(jsonSchema, own());
    },
  }) as JsonValue;
}
