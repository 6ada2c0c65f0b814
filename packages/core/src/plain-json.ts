import { type Issue, issueLimit } from './errors/issue.js';
import type { JsonValue } from './json.js';

/**
 * A copy of a value as JSON would carry it: fields that are undefined are left out and negative zero becomes zero, so
 * that the bytes of a plan do not change on their way through a store. What JSON would silently turn into something else
 * (NaN and Infinity into null, dates into text, maps into {}) is reported with its path instead.
 */
export function plainJson(
  value: unknown,
  path: string,
): { readonly value: JsonValue; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  return { value: copy(value, path, issues, 0), issues };
}

/** Deeper than any document of the contract; a cycle would never end. */
const deepest = 100;

function copy(value: unknown, path: string, issues: Issue[], depth: number): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value === 0 ? 0 : value;
      return report(
        issues,
        path,
        `${value} is not a number that JSON can carry; compute a finite one, or leave it out.`,
      );
    case 'object':
      if (value === null) return null;
      if (depth > deepest) return report(issues, path, 'it is nested too deeply, or contains itself.');
      if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}[${index}]`, issues, depth + 1));
      return copyObject(value, path, issues, depth);
    default:
      return report(issues, path, `a ${typeof value} is not JSON; use numbers, strings, lists and plain objects.`);
  }
}

function copyObject(value: object, path: string, issues: Issue[], depth: number): JsonValue {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isForeignPlainObject(prototype)) {
    const name = value.constructor?.name ?? 'object';
    return report(issues, path, `a ${name} does not survive JSON; use a plain object or a list.`);
  }
  const result: Record<string, JsonValue> = {};
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    setOwn(result, key, copy(field, `${path}.${key}`, issues, depth + 1));
  }
  return result;
}

/** Object.prototype of another realm, such as a vm context of a test runner. */
function isForeignPlainObject(prototype: unknown): boolean {
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  );
}

/** Assigning to `__proto__` would set the prototype and lose the field. */
function setOwn(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

function report(issues: Issue[], path: string, message: string): null {
  if (issues.length < issueLimit) issues.push({ path, message });
  return null;
}
