import { z } from 'zod';
import type { Fact } from '../fact.js';
import type { NodeRef } from '../intent.js';
import { offeringRefSchema } from './market.js';
import { amountSchema, indexSchema, jsonValueSchema, optional, usdPerHourSchema } from './primitives.js';
import { nodeResourcesSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';
import { workloadRefSchema } from './workload.js';

export const nodeRefSchema = lazy(() =>
  schemaOf<NodeRef>('NodeRef')(
    z.union([z.object({ uid: z.string().min(1) }), z.object({ launch: z.string().min(1) })]),
  ),
);

export const factSchema = lazy(() =>
  schemaOf<Fact>('Fact')(
    z.discriminatedUnion('fact', [
      z.object({ fact: z.literal('node-exists'), node: nodeRefSchema(), name: optional(z.string()) }),
      z.object({ fact: z.literal('node-ready'), node: nodeRefSchema(), allocatableAtLeast: nodeResourcesSchema() }),
      z.object({ fact: z.literal('node-cordoned'), node: nodeRefSchema() }),
      z.object({
        fact: z.literal('node-holds-at-most'),
        node: nodeRefSchema(),
        pods: z.array(z.tuple([indexSchema(), amountSchema()])),
      }),
      z.object({
        fact: z.literal('budget-allows'),
        namespace: z.string(),
        budget: z.string(),
        evictions: amountSchema(),
      }),
      z.object({ fact: z.literal('workload-replicas'), workload: workloadRefSchema(), replicas: amountSchema() }),
      z.object({ fact: z.literal('workload-generation'), workload: workloadRefSchema(), generation: z.int() }),
      z.object({
        fact: z.literal('autoscaler-bounds'),
        namespace: z.string(),
        name: z.string(),
        minReplicas: amountSchema(),
        maxReplicas: amountSchema(),
      }),
      z.object({ fact: z.literal('node-group-size'), group: z.string(), desired: amountSchema() }),
      z.object({ fact: z.literal('nodepool-unchanged-by'), nodePool: z.string(), patch: jsonValueSchema() }),
      z.object({ fact: z.literal('price-at-most'), offering: offeringRefSchema(), usdPerHour: usdPerHourSchema() }),
      z.object({ fact: z.literal('no-freeze') }),
    ]),
  ),
);
