import { z } from 'zod';
import { issueLimit } from '../errors/issue.js';
import type { PodTable } from '../pod.js';
import { sentenceOf } from './issues-of.js';
import { podExtraSchema } from './pod.js';
import { isRecord, ownJsonSchemas } from './primitives.js';
import { everyItem, isString, quickCheck, setQuickCheck, withinBounds } from './quick-check.js';
import { lazy } from './schema-of.js';

/**
 * Pods as columns, checked by loops: 150,000 rows through a schema of their own take a hundred milliseconds and, when one
 * field is wrong in all of them, 150,000 issues. Whether indices point into the other lists of the state is checked by the
 * schema of the state, which has those.
 */
export const podTableSchema = lazy(() => {
  const schema = z.custom<PodTable>().superRefine((input: unknown, context) => {
    let left = issueLimit;
    const report = (path: (string | number)[], message: string) => {
      if (left-- > 0) context.addIssue({ code: 'custom', message, path, input: undefined });
    };
    if (!isRecord(input)) {
      report([], 'must be an object with the columns of the pod table');
      return;
    }
    const { count } = input;
    if (!isIndex(count)) {
      report(['count'], 'must be the number of pods');
      return;
    }
    for (const [column, { test, expected }] of Object.entries(columns)) {
      const values = input[column];
      if (!Array.isArray(values)) {
        report([column], `must be a list of ${count}, one entry a pod`);
        continue;
      }
      if (values.length !== count) report([column], `has ${values.length} entries and there are ${count} pods`);
      for (let pod = 0; pod < values.length && left > 0; pod++) {
        if (!test(values[pod])) report([column, pod], `must be ${expected}`);
      }
    }
    checkExtra(input.extra, count, report);
  });
  setQuickCheck(schema, isPodTable);
  ownJsonSchemas.set(schema, podTableJsonSchema);
  return schema;
});

function isPodTable(input: unknown): boolean {
  if (!isRecord(input) || !isIndex(input.count) || !isRecord(input.extra)) return false;
  const { count, name, template, workload, node, createdAtSeconds } = input;
  const lists = [name, template, workload, node, createdAtSeconds];
  if (!lists.every((list) => Array.isArray(list) && list.length === count)) return false;
  if (!everyItem(name as unknown[], isString)) return false;
  if (!withinBounds(template, 0) || !withinBounds(createdAtSeconds, 0)) return false;
  if (!withinBounds(workload, -1) || !withinBounds(node, -1)) return false;
  let found = 0;
  checkExtra(input.extra, count, () => found++);
  return found === 0;
}

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const index = {
  test: isIndex,
  expected: 'a position, a whole number of at least 0',
  json: { type: 'integer', minimum: 0 },
};
const indexOrNone = {
  test: (value: unknown) => value === -1 || isIndex(value),
  expected: 'a position, or -1 for none',
  json: { type: 'integer', minimum: -1 },
};
const columns = {
  name: { test: (value: unknown) => typeof value === 'string', expected: 'a string', json: { type: 'string' } },
  template: index,
  workload: indexOrNone,
  node: indexOrNone,
  createdAtSeconds: {
    test: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0,
    expected: 'whole seconds since the epoch',
    json: { type: 'integer', minimum: 0 },
  },
} as const;

function checkExtra(extra: unknown, count: number, report: (path: (string | number)[], message: string) => void): void {
  if (!isRecord(extra)) {
    report(['extra'], 'must be an object with pod positions as keys');
    return;
  }
  const schema = podExtraSchema();
  const isRight = quickCheck(schema);
  for (const key of Object.keys(extra)) {
    const pod = Number(key);
    if (!isIndex(pod) || pod >= count || String(pod) !== key) {
      report(['extra', key], `is not the position of one of the ${count} pods`);
      continue;
    }
    if (isRight(extra[key])) continue;
    const result = schema.safeParse(extra[key]);
    if (result.success) continue;
    for (const issue of result.error.issues)
      report(['extra', key, ...(issue.path as string[])], sentenceOf(issue, extra[key]));
  }
}

function podTableJsonSchema(): Record<string, unknown> {
  const { $schema: _, ...extra } = z.toJSONSchema(podExtraSchema(), { unrepresentable: 'any' });
  const lists = Object.entries(columns).map(([name, { json }]) => [name, { type: 'array', items: json }]);
  return {
    type: 'object',
    properties: {
      count: { type: 'integer', minimum: 0 },
      ...Object.fromEntries(lists),
      extra: { type: 'object', propertyNames: { pattern: '^\\d+$' }, additionalProperties: extra },
    },
    required: ['count', ...Object.keys(columns), 'extra'],
  };
}
