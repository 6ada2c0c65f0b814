import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lawParameters } from '../../../test-support/laws.js';
import { clusterStateSchema } from '../src/schemas/cluster-state.js';
import { marketSchema } from '../src/schemas/market.js';
import { intOrPercentSchema, numbersSchema, record, stringRecordSchema } from '../src/schemas/primitives.js';
import { quickCheck } from '../src/schemas/quick-check.js';
import { market, smallCluster } from './fixtures/small-cluster.js';

/** Schemas of every kind that the contract is made of, nested; and some that only zod knows. */
const schemas: fc.Arbitrary<z.ZodType> = fc.letrec<{ schema: z.ZodType }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(
      z.string(),
      z.string().min(1),
      z.string().regex(/^a/),
      z.email(),
      z.number(),
      z.number().min(0).max(1),
      z.number().positive(),
      z.int(),
      z.int().min(-1),
      z.boolean(),
      z.null(),
      z.literal('a'),
      z.literal(['a', 'b', 1]),
      z.enum(['a', 'b']),
      z.string().transform((text) => text.length),
      z.string().default('a'),
      stringRecordSchema(),
      numbersSchema(),
      intOrPercentSchema(),
      z.strictObject({ a: z.string().optional() }),
    ),
    tie('schema').map((schema) => schema.optional()),
    tie('schema').map((schema) => schema.nullable()),
    tie('schema').map((schema) => z.array(schema)),
    tie('schema').map((schema) => z.array(schema).min(1)),
    tie('schema').map((schema) => record(schema)),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => z.object({ a, b })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => z.union([a, b])),
    tie('schema').map((b) =>
      z.discriminatedUnion('a', [z.object({ a: z.literal('a'), b }), z.object({ a: z.literal(1) })]),
    ),
    tie('schema').map((schema) => schema.refine((value) => value !== 'a', 'must not be a')),
  ),
})).schema;

const scalars = fc.constantFrom<unknown>(
  ...['', 'a', 'b', 'ab', '25%', '1%', 'a@b.de'],
  ...[0, -0, 1, -1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY],
  ...[true, false, null, undefined],
);
const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.constant(new Array<unknown>(2)),
    fc.record({ a: tie('value'), b: tie('value') }, { requiredKeys: [] }),
    fc.record({ a: tie('value'), b: tie('value'), c: tie('value') }),
    tie('value').map((value) => JSON.parse(`{"__proto__":${JSON.stringify(value) ?? null}}`)),
    fc.constant(Object.create({ a: 'a' })),
  ),
})).value;

/** What of a document is changed: one field, however deep, becomes something else. */
function changed(document: unknown, steps: readonly number[], to: unknown): unknown {
  if (typeof document !== 'object' || document === null || steps.length === 0) return to;
  const keys = Object.keys(document);
  if (keys.length === 0) return to;
  const key = keys[(steps[0] as number) % keys.length] as string;
  const copy = (Array.isArray(document) ? [...document] : { ...document }) as Record<string, unknown>;
  if (to === undefined && steps.length === 1) delete copy[key];
  else copy[key] = changed(copy[key], steps.slice(1), to);
  return copy;
}

describe('a quick yes', () => {
  it('is not said where a refinement is about a default that zod fills in', () => {
    // The refinement was asked about undefined, which it likes, and not about the default, which it refuses.
    const schema = z
      .string()
      .default('a')
      .optional()
      .refine((value) => value !== 'a');
    expect([schema.safeParse(undefined).success, quickCheck(schema)(undefined)]).toEqual([false, false]);
  });

  it('is never said to what zod refuses', () => {
    fc.assert(
      fc.property(schemas, values, (schema, value) => !quickCheck(schema)(value) || schema.safeParse(value).success),
      lawParameters(2_000),
    );
  });

  it('is said to every document of the contract that zod accepts, and to no other', () => {
    const documents = [
      [clusterStateSchema(), JSON.parse(JSON.stringify(smallCluster()))],
      [marketSchema(), JSON.parse(JSON.stringify(market()))],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
        values,
        ([schema, document], steps, value) => {
          const other = changed(document, steps, value);
          return quickCheck(schema)(document) && quickCheck(schema)(other) === schema.safeParse(other).success;
        },
      ),
      lawParameters(2_000),
    );
  });
});
