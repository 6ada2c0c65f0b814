/**
 * Reading of untrusted objects. Every reader takes the object, the key and where the object stands, and throws `FieldError`
 * when the value has the wrong type: a manifest that says `replicas: "three"` is reported by its field, never guessed at.
 * `null` reads as absent, as the Kubernetes API does.
 */

/** An object of JSON whose fields are not known yet. */
export type Json = { readonly [key: string]: unknown };

/** One field of one object is not what Kubernetes would accept. */
export class FieldError extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = 'FieldError';
    this.field = field;
  }
}

const none: readonly never[] = [];

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(object: Json, key: string, where: string): Json | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value)) throw wrong(where, key, value, 'an object');
  return value;
}

export function requiredRecord(object: Json, key: string, where: string): Json {
  const value = record(object, key, where);
  if (value === undefined) throw new FieldError(join(where, key), 'it is missing');
  return value;
}

export function text(object: Json, key: string, where: string): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrong(where, key, value, 'a text');
  return value;
}

/** As `text`, but an empty text is absent: the API writes `""` for many unset fields. */
export function filledText(object: Json, key: string, where: string): string | undefined {
  const value = text(object, key, where);
  return value === '' ? undefined : value;
}

export function requiredText(object: Json, key: string, where: string): string {
  const value = filledText(object, key, where);
  if (value === undefined) throw new FieldError(join(where, key), 'it is missing');
  return value;
}

export function integer(object: Json, key: string, where: string): number | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(where, key, value, 'a whole number');
  return value;
}

export function flag(object: Json, key: string, where: string): boolean | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrong(where, key, value, 'true or false');
  return value;
}

export function list(object: Json, key: string, where: string): readonly unknown[] {
  const value = object[key];
  if (value === undefined || value === null) return none;
  if (!Array.isArray(value)) throw wrong(where, key, value, 'a list');
  return value;
}

export function records(object: Json, key: string, where: string): readonly Json[] {
  const values = list(object, key, where);
  for (let index = 0; index < values.length; index++)
    if (!isRecord(values[index])) throw wrong(where, `${key}[${index}]`, values[index], 'an object');
  return values as readonly Json[];
}

export function texts(object: Json, key: string, where: string): readonly string[] | undefined {
  const values = list(object, key, where);
  if (values.length === 0) return undefined;
  for (let index = 0; index < values.length; index++)
    if (typeof values[index] !== 'string') throw wrong(where, `${key}[${index}]`, values[index], 'a text');
  return values as readonly string[];
}

/** One of a closed set; anything else is reported, since guessing its meaning could make an unsafe plan look safe. */
export function choice<const T extends string>(
  object: Json,
  key: string,
  where: string,
  choices: readonly T[],
): T | undefined {
  const value = filledText(object, key, where);
  if (value === undefined) return undefined;
  const found = choices.find((one) => one === value);
  if (found === undefined) throw wrong(where, key, value, `one of ${choices.join(', ')}`);
  return found;
}

export function requiredChoice<const T extends string>(
  object: Json,
  key: string,
  where: string,
  choices: readonly T[],
): T {
  const value = choice(object, key, where, choices);
  if (value === undefined) throw new FieldError(join(where, key), 'it is missing');
  return value;
}

/** Texts by key, in key order so that equal maps have equal bytes; undefined when there are none. */
export function textMap(object: Json, key: string, where: string): Record<string, string> | undefined {
  const value = record(object, key, where);
  if (value === undefined) return undefined;
  const keys = Object.keys(value);
  if (keys.length === 0) return undefined;
  const map: Record<string, string> = {};
  for (const name of keys.sort()) {
    const entry = value[name];
    if (typeof entry !== 'string') throw wrong(where, `${key}[${JSON.stringify(name)}]`, entry, 'a text');
    setOwn(map, name, entry);
  }
  return map;
}

/** A number, or a percentage such as `25%`. */
export function intOrPercent(object: Json, key: string, where: string): number | string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (typeof value === 'string') {
    if (/^\d{1,9}%$/.test(value)) return value;
    if (/^\d{1,9}$/.test(value)) return Number(value);
  }
  throw wrong(where, key, value, 'a whole number or a percentage such as 25%');
}

/** Milliseconds since the epoch of an RFC 3339 time. */
export function timeMs(object: Json, key: string, where: string): number | undefined {
  const value = text(object, key, where);
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  if (!Number.isFinite(time) || !/^\d{4}-/.test(value))
    throw wrong(where, key, value, 'a time such as 2026-01-31T12:00:00Z');
  return time;
}

/** Sets a key that may be called `__proto__`, which a plain assignment would lose. */
export function setOwn<T>(map: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}

export function join(where: string, key: string): string {
  return where === '' ? key : `${where}.${key}`;
}

function wrong(where: string, key: string, value: unknown, wanted: string): FieldError {
  return new FieldError(join(where, key), `it is ${describe(value)}; it must be ${wanted}`);
}

/** Says what a value is without repeating much of it: it may be a secret in the wrong place, or a megabyte. */
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
}
