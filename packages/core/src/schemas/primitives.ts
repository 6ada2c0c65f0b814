import { z } from 'zod';
import type { JsonValue } from '../json.js';
import { plainJson } from '../plain-json.js';
import { sentenceOf } from './issues-of.js';
import { quickCheck, setQuickCheck } from './quick-check.js';
import { lazy } from './schema-of.js';

/** The small schemas that the others are made of. Those with a loop of their own are where zod would take most of the time. */

/** Whole and not negative: counts, bytes, millicores. */
export const amountSchema = lazy(() => z.int().min(0));
/** Position in another list. */
export const indexSchema = lazy(() => z.int().min(0));
/** Finite and not negative. */
export const nonNegativeSchema = lazy(() => z.number().min(0));
/** Milliseconds since the epoch. */
export const instantSchema = lazy(() => z.number().min(0));
/** From 0 to 1. */
export const shareSchema = lazy(() => z.number().min(0).max(1));
export const usdPerHourSchema = lazy(() => z.number().min(0));

/**
 * A field that may be absent: `.exactOptional()` to the compiler, `.optional()` at run time. zod's exactOptional runs the
 * inner schema on every absent field and throws the issues away, which makes a state of 5,000 nodes four times slower; the
 * price is that a field which is there but undefined passes, and JSON knows no such field.
 */
export function optional<S extends z.ZodType>(schema: S): z.ZodExactOptional<S> {
  return schema.optional() as unknown as z.ZodExactOptional<S>;
}

/** JSON Schemas of those schemas that zod cannot translate, for `jsonSchemas`. */
export const ownJsonSchemas = new WeakMap<object, () => Record<string, unknown>>();

/**
 * A record whose values have a schema. Unlike z.record it checks and keeps a key named `__proto__`, which is data like any
 * other, and it returns the very object that it was given.
 */
export function record<V>(values: z.ZodType<V>): z.ZodType<Readonly<Record<string, V>>> {
  const isRight = quickCheck(values);
  const schema = z.custom<Readonly<Record<string, V>>>().superRefine((input: unknown, context) => {
    if (!isRecord(input)) return void context.addIssue({ code: 'custom', message: notARecord(input), input });
    for (const key of Object.keys(input)) {
      if (isRight(input[key])) continue;
      const result = values.safeParse(input[key]);
      if (result.success) continue;
      for (const issue of result.error.issues) {
        context.addIssue({ code: 'custom', message: sentenceOf(issue, input[key]), path: [key, ...issue.path], input });
      }
    }
  });
  ownJsonSchemas.set(schema, () => {
    const { $schema: _, ...additionalProperties } = z.toJSONSchema(values, { unrepresentable: 'any' });
    return { type: 'object', additionalProperties };
  });
  return schema;
}

/** Labels and the like. Half of the values of a state are of this kind. */
export const stringRecordSchema = lazy(() => {
  const schema = z.custom<Readonly<Record<string, string>>>().superRefine((input: unknown, context) => {
    if (!isRecord(input)) return void context.addIssue({ code: 'custom', message: notARecord(input), input });
    for (const key of Object.keys(input)) {
      if (typeof input[key] !== 'string') {
        context.addIssue({ code: 'custom', message: 'must be a string', path: [key], input: input[key] });
      }
    }
  });
  setQuickCheck(schema, isStringRecord);
  ownJsonSchemas.set(schema, () => ({ type: 'object', additionalProperties: { type: 'string' } }));
  return schema;
});

/** `for in` lists no key array for each of a hundred thousand records; what it finds beyond own keys can only make it say no. */
function isStringRecord(input: unknown): boolean {
  if (!isRecord(input)) return false;
  for (const key in input) if (typeof input[key] !== 'string') return false;
  return true;
}

/** Long lists of numbers, such as histogram weights: finite and not negative. */
export const numbersSchema = lazy(() => {
  const isColumn = (input: unknown) =>
    Array.isArray(input) && input.every((item) => Number.isFinite(item) && item >= 0);
  const schema = z.custom<readonly number[]>(isColumn, 'must be a list of finite numbers of at least 0');
  ownJsonSchemas.set(schema, () => ({ type: 'array', items: { type: 'number', minimum: 0 } }));
  return schema;
});

/** Any JSON, returned as it is. */
export const jsonValueSchema = lazy(() => {
  const schema = z.custom<JsonValue>().superRefine((input: unknown, context) => {
    if (input === undefined) return void context.addIssue({ code: 'custom', message: 'is missing', input });
    for (const { path, message } of plainJson(input, '').issues) {
      context.addIssue({
        code: 'custom',
        message: path === '' ? message : `at ${path.replace(/^\./, '')}: ${message}`,
        input,
      });
    }
  });
  ownJsonSchemas.set(schema, () => ({}));
  return schema;
});

/** A whole number or a percentage such as `25%`. */
export const intOrPercentSchema = lazy(() => {
  const isIntOrPercent = (input: unknown) =>
    (typeof input === 'number' && Number.isSafeInteger(input) && input >= 0) ||
    (typeof input === 'string' && /^\d+%$/.test(input));
  const schema = z.custom<number | string>(
    isIntOrPercent,
    'must be a whole number of at least 0, or a percentage such as "25%"',
  );
  ownJsonSchemas.set(schema, () => ({
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^\\d+%$' },
    ],
  }));
  return schema;
});

export function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function notARecord(input: unknown): string {
  return input === undefined ? 'is missing' : 'must be an object';
}
