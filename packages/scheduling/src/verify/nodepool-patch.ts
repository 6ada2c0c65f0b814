import { canonicalJson, type JsonValue, type NodePool } from '@cloudoptim/core';

/** What the state tells of a NodePool, as a part of its object. */
export function knownOf({ requirements = [], weight }: NodePool): JsonValue {
  const list = requirements.map(({ key, operator, values, minValues }) => ({
    key,
    operator,
    ...(values !== undefined && { values: [...values] }),
    ...(minValues !== undefined && { minValues }),
  }));
  return { spec: { template: { spec: { requirements: list } }, ...(weight !== undefined && { weight }) } };
}

/**
 * Whether a merge patch (RFC 7386) changes nothing of what is known of an object. What is not known is not held against it. Lists
 * are values, as there.
 */
export function changesNothing(patch: JsonValue, known: JsonValue): boolean {
  if (!isObject(patch) || !isObject(known)) return canonicalJson(patch) === canonicalJson(known);
  return Object.entries(patch).every(([key, value]) => {
    const own = known[key];
    if (own === undefined) return true;
    return value !== undefined && changesNothing(value, own);
  });
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
