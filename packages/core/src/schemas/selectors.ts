import { z } from 'zod';
import type {
  LabelSelector,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from '../selectors.js';
import { optional, stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

export const labelSelectorSchema = lazy(() =>
  schemaOf<LabelSelector>('LabelSelector')(
    z.object({
      matchLabels: optional(stringRecordSchema()),
      matchExpressions: optional(
        z.array(
          z.object({
            key: z.string(),
            operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
            values: optional(z.array(z.string())),
          }),
        ),
      ),
    }),
  ),
);

export const nodeSelectorRequirementShape = () => ({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
  values: optional(z.array(z.string())),
});

export const nodeSelectorRequirementSchema = lazy(() =>
  schemaOf<NodeSelectorRequirement>()(z.object(nodeSelectorRequirementShape())),
);

const nodeSelectorTermSchema = lazy(() =>
  schemaOf<NodeSelectorTerm>()(
    z.object({
      matchExpressions: optional(z.array(nodeSelectorRequirementSchema())),
      matchFields: optional(z.array(nodeSelectorRequirementSchema())),
    }),
  ),
);

export const nodeSelectorSchema = lazy(() =>
  schemaOf<NodeSelector>('NodeSelector')(z.object({ nodeSelectorTerms: z.array(nodeSelectorTermSchema()) })),
);

export const nodeAffinitySchema = lazy(() =>
  schemaOf<NodeAffinity>('NodeAffinity')(
    z.object({
      required: optional(nodeSelectorSchema()),
      preferred: optional(z.array(z.object({ weight: z.number(), preference: nodeSelectorTermSchema() }))),
    }),
  ),
);

const podAffinityTermSchema = lazy(() =>
  schemaOf<PodAffinityTerm>()(
    z.object({
      topologyKey: z.string(),
      labelSelector: optional(labelSelectorSchema()),
      namespaces: optional(z.array(z.string())),
      namespaceSelector: optional(labelSelectorSchema()),
      matchLabelKeys: optional(z.array(z.string())),
      mismatchLabelKeys: optional(z.array(z.string())),
    }),
  ),
);

export const podAffinitySchema = lazy(() =>
  schemaOf<PodAffinity>('PodAffinity')(
    z.object({
      required: optional(z.array(podAffinityTermSchema())),
      preferred: optional(z.array(z.object({ weight: z.number(), term: podAffinityTermSchema() }))),
    }),
  ),
);

export const tolerationSchema = lazy(() =>
  schemaOf<Toleration>('Toleration')(
    z.object({
      key: optional(z.string()),
      operator: optional(z.enum(['Equal', 'Exists', 'Lt', 'Gt'])),
      value: optional(z.string()),
      effect: optional(z.enum(taintEffects)),
      tolerationSeconds: optional(z.number()),
    }),
  ),
);

export const taintSchema = lazy(() =>
  schemaOf<Taint>('Taint')(z.object({ key: z.string(), value: optional(z.string()), effect: z.enum(taintEffects) })),
);

export const topologySpreadConstraintSchema = lazy(() =>
  schemaOf<TopologySpreadConstraint>('TopologySpreadConstraint')(
    z.object({
      maxSkew: z.int(),
      topologyKey: z.string(),
      whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
      labelSelector: optional(labelSelectorSchema()),
      minDomains: optional(z.int()),
      nodeAffinityPolicy: optional(z.enum(['Honor', 'Ignore'])),
      nodeTaintsPolicy: optional(z.enum(['Honor', 'Ignore'])),
      matchLabelKeys: optional(z.array(z.string())),
    }),
  ),
);
