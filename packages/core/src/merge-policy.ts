import type { PartialPolicy } from './engine.js';
import { defaultPolicy, type Policy } from './policy.js';

/** The policy with defaults for whatever is not given: objects are merged field by field, lists replace the default. */
export function mergePolicy(partial: PartialPolicy = {}): Policy {
  const merged: Record<string, unknown> = { ...defaultPolicy };
  for (const [key, value] of Object.entries(partial)) {
    if (value === undefined) continue;
    const base = Object.hasOwn(merged, key) ? merged[key] : undefined;
    merged[key] = isObject(base) && isObject(value) ? { ...base, ...withoutUndefined(value) } : value;
  }
  return merged as unknown as Policy;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{ cpuShare: undefined }` means "not given", and must not hide the default. */
function withoutUndefined(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}
