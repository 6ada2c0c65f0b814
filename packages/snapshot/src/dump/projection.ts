import { isRecord, setOwn } from '../fields.js';

/**
 * What of a value to keep: `true` keeps it whole, an object keeps the fields it names, a list of one shape keeps that of each
 * element. Fields that nobody named are left out, so a field that Kubernetes adds tomorrow is not leaked today.
 */
export type Projection = true | readonly [Projection] | { readonly [field: string]: Projection };

export function project(value: unknown, shape: Projection): unknown {
  if (shape === true || value === null || value === undefined) return value;
  if (isElementShape(shape))
    return Array.isArray(value) ? value.map((element) => project(element, shape[0])) : undefined;
  if (!isRecord(value)) return undefined;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(shape, key)) continue;
    const field = project(value[key], shape[key] as Projection);
    if (field !== undefined) setOwn(kept, key, field);
  }
  return kept;
}

function isElementShape(shape: Projection): shape is readonly [Projection] {
  return Array.isArray(shape);
}
