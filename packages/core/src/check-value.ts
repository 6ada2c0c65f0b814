import type { z } from 'zod';
import type { InputName } from './decision.js';
import type { Issue } from './errors/issue.js';
import { clusterStateSchema } from './schemas/cluster-state.js';
import { issuesOf } from './schemas/issues-of.js';
import { marketSchema } from './schemas/market.js';
import { quickCheck } from './schemas/quick-check.js';
import { usageHistorySchema } from './schemas/usage-history.js';
import { isValidated, markValidated } from './validated.js';

/** The schema of each input of a request. */
export const inputSchemas: Readonly<Record<InputName, () => z.ZodType>> = {
  cluster: clusterStateSchema,
  market: marketSchema,
  usage: usageHistorySchema,
};

/**
 * What is wrong with a value, once: a value that was found to fit is not looked at again. `name` is the schema's own, since
 * a valid market is no valid cluster; `root` is where the value stands, for paths.
 */
export function issuesIn(schema: () => z.ZodType, name: string, value: unknown, root: string): Issue[] {
  const isObject = typeof value === 'object' && value !== null;
  if (isObject && isValidated(value, name)) return [];
  const built = schema();
  if (!quickCheck(built)(value)) {
    const result = built.safeParse(value);
    if (!result.success) return issuesOf(result.error, root, value);
  }
  if (isObject) markValidated(value, name);
  return [];
}
