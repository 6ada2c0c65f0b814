/**
 * JSON with the keys of every object sorted, so that equal values give equal bytes whoever built them: documents that
 * passed a store such as PostgreSQL's jsonb come back with other key orders. This is RFC 8785, whose order of keys is that
 * of JavaScript's string comparison. Fields that are undefined are left out and negative zero is written 0, both as
 * JSON.stringify does. Throws TypeError for what JSON cannot carry (NaN, Infinity, bigint, functions).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? writeArray(value) : writeObject(value);
  return writePrimitive(value);
}

function writePrimitive(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value === null || typeof value === 'boolean') return String(value);
  throw new TypeError(`JSON cannot carry ${String(value)}.`);
}

function writeArray(values: readonly unknown[]): string {
  return `[${values.map(canonicalJson).join(',')}]`;
}

function writeObject(value: object): string {
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
