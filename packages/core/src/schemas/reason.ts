import { z } from 'zod';
import type { Reason, Rejection, Subject } from '../reason.js';
import { offeringRefSchema } from './market.js';
import { optional, record } from './primitives.js';
import { lazy, schemaOf } from './schema-of.js';
import { workloadRefSchema } from './workload.js';

export const reasonSchema = lazy(() =>
  schemaOf<Reason>('Reason')(
    z.object({
      code: z
        .string()
        .regex(/^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/, 'must be kebab-case, such as "node-empty": people count by it'),
      message: z.string().min(1),
      numbers: optional(record(z.number())),
    }),
  ),
);

export const subjectSchema = lazy(() =>
  schemaOf<Subject>('Subject')(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('cluster') }),
      z.object({ kind: z.literal('node'), uid: z.string(), name: z.string() }),
      z.object({ kind: z.literal('pod'), namespace: z.string(), name: z.string() }),
      z.object({ kind: z.literal('workload'), workload: workloadRefSchema() }),
      z.object({ kind: z.literal('container'), workload: workloadRefSchema(), container: z.string() }),
      z.object({ kind: z.literal('pool'), offering: offeringRefSchema() }),
      z.object({
        kind: z.literal('object'),
        objectKind: z.string(),
        namespace: optional(z.string()),
        name: z.string(),
      }),
    ]),
  ),
);

export const rejectionSchema = lazy(() =>
  schemaOf<Rejection>('Rejection')(z.object({ reason: reasonSchema(), subjects: z.array(subjectSchema()) })),
);
