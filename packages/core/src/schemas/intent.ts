import { z } from 'zod';
import type { ContainerResize, DrainedPods, Intent, NodeTemplate } from '../intent.js';
import { nodeRefSchema } from './fact.js';
import { offeringRefSchema, rankedOfferingShape } from './market.js';
import { capacityTypeSchema, nodeOwnerSchema } from './node.js';
import {
  amountSchema,
  indexSchema,
  jsonValueSchema,
  optional,
  ownJsonSchemas,
  record,
  stringRecordSchema,
} from './primitives.js';
import { subjectSchema } from './reason.js';
import { nodeResourcesSchema, resourceAmountsSchema } from './resources.js';
import { lazy, schemaOf } from './schema-of.js';
import { taintSchema } from './selectors.js';
import { workloadRefSchema } from './workload.js';

const nodeTemplateSchema = lazy(() =>
  schemaOf<NodeTemplate>('NodeTemplate')(
    z.object({
      labels: stringRecordSchema(),
      taints: z.array(taintSchema()),
      startupTaints: z.array(taintSchema()),
      architecture: z.enum(['amd64', 'arm64']),
      operatingSystem: z.enum(['linux', 'windows']),
      zones: z.array(z.string()),
      amiFamily: optional(z.string()),
      rootVolumeBytes: optional(amountSchema()),
      csiDrivers: optional(z.array(z.object({ name: z.string(), allocatableCount: optional(amountSchema()) }))),
      inferred: z.boolean(),
    }),
  ),
);

const drainedPodsSchema = lazy(() =>
  schemaOf<DrainedPods>('DrainedPods')(
    z.object({
      template: indexSchema(),
      count: z.int().min(1),
      expected: z.array(z.object({ node: nodeRefSchema(), count: z.int().min(1) })),
    }),
  ),
);

const containerResizeSchema = lazy(() =>
  schemaOf<ContainerResize>('ContainerResize')(
    z.object({
      name: z.string(),
      requests: resourceAmountsSchema(),
      limits: optional(resourceAmountsSchema()),
      prior: z.object({ requests: resourceAmountsSchema(), limits: optional(resourceAmountsSchema()) }),
    }),
  ),
);

/** A name with a slash, so that the extensions of two authors do not collide: `example.com/rotate-logs`. */
const extensionNameSchema = lazy(() => {
  const schema = z.custom<`${string}/${string}`>(
    (input) => typeof input === 'string' && /^[^/]+\/.+$/.test(input),
    'must be an owner and a name with a slash between them, such as "example.com/rotate-logs"',
  );
  ownJsonSchemas.set(schema, () => ({ type: 'string', pattern: '^[^/]+/.+$' }));
  return schema;
});

/** The members of the closed union, each with the fields that every action shares given by `common`. */
export function intentMembers<C extends z.core.$ZodLooseShape>(common: C) {
  const node = nodeRefSchema();
  const workload = workloadRefSchema();
  const owner = nodeOwnerSchema();
  const changes = record(z.string().nullable());
  const bounds = { minReplicas: amountSchema(), maxReplicas: amountSchema() };
  const strategies = ['LeastAllocated', 'MostAllocated'] as const;
  return [
    z.object({
      kind: z.literal('launch-node'),
      key: z.string().min(1),
      template: nodeTemplateSchema(),
      offerings: z.tuple([z.object(rankedOfferingShape())], z.object(rankedOfferingShape())),
      assumedAllocatable: nodeResourcesSchema(),
      via: owner,
      ...common,
    }),
    z.object({ kind: z.literal('cordon-node'), node, ...common }),
    z.object({ kind: z.literal('uncordon-node'), node, ...common }),
    z.object({
      kind: z.literal('taint-node'),
      node,
      taint: taintSchema(),
      remove: optional(z.boolean()),
      ...common,
    }),
    z.object({ kind: z.literal('label-node'), node, labels: changes, ...common }),
    z.object({ kind: z.literal('annotate-node'), node, annotations: changes, ...common }),
    z.object({ kind: z.literal('drain-node'), node, pods: z.array(drainedPodsSchema()), ...common }),
    z.object({
      kind: z.literal('evict-pod'),
      node,
      namespace: z.string(),
      name: z.string(),
      template: indexSchema(),
      expected: optional(node),
      ...common,
    }),
    z.object({ kind: z.literal('terminate-node'), node, via: owner, ...common }),
    z.object({ kind: z.literal('delete-nodeclaim'), node, nodeClaim: z.string().min(1), via: owner, ...common }),
    z.object({
      kind: z.literal('set-node-group-size'),
      group: owner,
      from: amountSchema(),
      to: amountSchema(),
      ...common,
    }),
    z.object({
      kind: z.literal('configure-nodepool'),
      nodePool: z.string(),
      patch: jsonValueSchema(),
      prior: jsonValueSchema(),
      ...common,
    }),
    z.object({
      kind: z.literal('configure-nodeoverlay'),
      nodeOverlay: z.string(),
      spec: jsonValueSchema(),
      prior: jsonValueSchema(),
      ...common,
    }),
    z.object({
      kind: z.literal('configure-scheduler'),
      profile: z.string(),
      scoringStrategy: z.enum(strategies),
      prior: z.enum([...strategies, 'RequestedToCapacityRatio']),
      ...common,
    }),
    z.object({ kind: z.literal('scale-workload'), workload, from: amountSchema(), to: amountSchema(), ...common }),
    z.object({
      kind: z.literal('surge-workload'),
      workload,
      from: amountSchema(),
      to: amountSchema(),
      node,
      ...common,
    }),
    z.object({
      kind: z.literal('resize-workload'),
      workload,
      method: z.enum(['in-place', 'rollout', 'patch']),
      containers: z.tuple([containerResizeSchema()], containerResizeSchema()),
      ...common,
    }),
    z.object({
      kind: z.literal('suspend-workload'),
      workload,
      priorReplicas: optional(amountSchema()),
      ...common,
    }),
    z.object({
      kind: z.literal('resume-workload'),
      workload,
      // Resuming to zero would restore nothing: a workload suspended at zero is left alone instead.
      replicas: optional(z.int().min(1)),
      ...common,
    }),
    z.object({
      kind: z.literal('set-autoscaler-bounds'),
      autoscaler: z.object({ kind: z.string(), namespace: z.string(), name: z.string() }),
      ...bounds,
      prior: z.object(bounds),
      ...common,
    }),
    z.object({
      kind: z.literal('prefer-capacity'),
      workload,
      capacityType: capacityTypeSchema(),
      offerings: z.array(offeringRefSchema()),
      weight: z.int().min(1).max(100),
      ...common,
    }),
    z.object({
      kind: z.literal('extension'),
      name: extensionNameSchema(),
      subject: subjectSchema(),
      payload: jsonValueSchema(),
      ...common,
    }),
  ] as const;
}

export const intentSchema = lazy(() => schemaOf<Intent>('Intent')(z.discriminatedUnion('kind', intentMembers({}))));
