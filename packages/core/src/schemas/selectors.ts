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
import { stringRecordSchema } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';

const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

export const labelSelectorSchema = lazy(() =>
  schemaOf<LabelSelector>()(
    z.object({
      matchLabels: stringRecordSchema().exactOptional(),
      matchExpressions: z
        .array(
          z.object({
            key: z.string(),
            operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
            values: z.array(z.string()).exactOptional(),
          }),
        )
        .exactOptional(),
    }),
  ),
);

export const nodeSelectorRequirementShape = () => ({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
  values: z.array(z.string()).exactOptional(),
});

export const nodeSelectorRequirementSchema = lazy(() =>
  schemaOf<NodeSelectorRequirement>()(z.object(nodeSelectorRequirementShape())),
);

const nodeSelectorTermSchema = lazy(() =>
  schemaOf<NodeSelectorTerm>()(
    z.object({
      matchExpressions: z.array(nodeSelectorRequirementSchema()).exactOptional(),
      matchFields: z.array(nodeSelectorRequirementSchema()).exactOptional(),
    }),
  ),
);

export const nodeSelectorSchema = lazy(() =>
  schemaOf<NodeSelector>()(z.object({ nodeSelectorTerms: z.array(nodeSelectorTermSchema()) })),
);

export const nodeAffinitySchema = lazy(() =>
  schemaOf<NodeAffinity>()(
    z.object({
      required: nodeSelectorSchema().exactOptional(),
      preferred: z.array(z.object({ weight: z.number(), preference: nodeSelectorTermSchema() })).exactOptional(),
    }),
  ),
);

const podAffinityTermSchema = lazy(() =>
  schemaOf<PodAffinityTerm>()(
    z.object({
      topologyKey: z.string(),
      labelSelector: labelSelectorSchema().exactOptional(),
      namespaces: z.array(z.string()).exactOptional(),
      namespaceSelector: labelSelectorSchema().exactOptional(),
      matchLabelKeys: z.array(z.string()).exactOptional(),
      mismatchLabelKeys: z.array(z.string()).exactOptional(),
    }),
  ),
);

export const podAffinitySchema = lazy(() =>
  schemaOf<PodAffinity>()(
    z.object({
      required: z.array(podAffinityTermSchema()).exactOptional(),
      preferred: z.array(z.object({ weight: z.number(), term: podAffinityTermSchema() })).exactOptional(),
    }),
  ),
);

export const tolerationSchema = lazy(() =>
  schemaOf<Toleration>()(
    z.object({
      key: z.string().exactOptional(),
      operator: z.enum(['Equal', 'Exists', 'Lt', 'Gt']).exactOptional(),
      value: z.string().exactOptional(),
      effect: z.enum(taintEffects).exactOptional(),
      tolerationSeconds: z.number().exactOptional(),
    }),
  ),
);

export const taintSchema = lazy(() =>
  schemaOf<Taint>()(z.object({ key: z.string(), value: z.string().exactOptional(), effect: z.enum(taintEffects) })),
);

export const topologySpreadConstraintSchema = lazy(() =>
  schemaOf<TopologySpreadConstraint>()(
    z.object({
      maxSkew: z.int(),
      topologyKey: z.string(),
      whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
      labelSelector: labelSelectorSchema().exactOptional(),
      minDomains: z.int().exactOptional(),
      nodeAffinityPolicy: z.enum(['Honor', 'Ignore']).exactOptional(),
      nodeTaintsPolicy: z.enum(['Honor', 'Ignore']).exactOptional(),
      matchLabelKeys: z.array(z.string()).exactOptional(),
    }),
  ),
);
