import { z } from 'zod';
import type { ContainerUsage, Histogram, UsageHistory } from '../usage-history.js';
import { amountSchema, instantSchema, nonNegativeSchema, numbersSchema, optional } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { workloadRefSchema } from './workload.js';

const hoursPerWeek = 168;

const histogramSchema = lazy(() =>
  schemaOf<Histogram>()(
    z
      .object({ bounds: z.enum(['vpa-cpu', 'vpa-memory']), bucket: numbersSchema(), weight: numbersSchema() })
      .refine(({ bucket, weight }) => bucket.length === weight.length, 'must have one weight for each bucket')
      .refine(({ bucket }) => bucket.every(Number.isSafeInteger), 'must name buckets by whole numbers'),
  ),
);

const containerUsageSchema = lazy(() =>
  schemaOf<ContainerUsage>()(
    z.object({
      workload: workloadRefSchema(),
      container: z.string(),
      resource: z.enum(['cpuMillicores', 'memoryBytes']),
      sinceMs: instantSchema(),
      untilMs: instantSchema(),
      samples: amountSchema(),
      histogram: histogramSchema(),
      peak: optional(nonNegativeSchema()),
      hourOfWeekMax: optional(z.array(nonNegativeSchema().nullable()).length(hoursPerWeek)),
      outOfMemoryKills: optional(amountSchema()),
    }),
  ),
);

export const usageHistorySchema = lazy(() =>
  schemaOf<UsageHistory>()(
    z.object({
      schema: z.literal('usage-history/v1'),
      asOfMs: instantSchema(),
      containers: z.array(containerUsageSchema()),
    }),
  ),
);
