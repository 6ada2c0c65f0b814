import type { JsonValue } from '@cloudoptim/core';

/** An operation of a JSON Patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: JsonValue }
  | { readonly op: 'remove'; readonly path: string };

/**
 * A merge patch (RFC 7386) as a JSON Patch that holds only while each field that it changes is as `prior`, the merge patch that
 * takes it back, says: the API server refuses it as a whole when somebody has changed one meanwhile, and their change is kept.
 * That a field is absent cannot be asked for.
 */
export function guardedPatch(patch: JsonValue, prior: JsonValue, path = ''): PatchOperation[] {
  if (isObject(patch) && isObject(prior))
    return Object.entries(patch).flatMap(([key, to]) =>
      guardedPatch(to, Object.hasOwn(prior, key) ? (prior[key] as JsonValue) : null, `${path}/${escaped(key)}`),
    );
  if (prior === null) return patch === null ? [] : [{ op: 'add', path, value: patch }];
  const asBefore: PatchOperation = { op: 'test', path, value: prior };
  return [asBefore, patch === null ? { op: 'remove', path } : { op: 'replace', path, value: patch }];
}

function isObject(value: JsonValue): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key as part of a JSON pointer (RFC 6901). */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
