import type { z } from 'zod';

/** A quick yes. False only means "ask zod": zod then finds the words for what is wrong, or finds that nothing is. */
export type QuickCheck = (value: unknown) => boolean;

/**
 * Turns a schema into a plain predicate that says yes to nothing that zod would refuse. zod makes a copy of every object that it
 * parses and a list for every issue it might find, which costs a large state five times what reading its JSON costs; most
 * documents are right, and for those a yes is all that is asked. The schema stays the one source of what is right: what is not
 * known here (transforms, formats of strings) is handed to zod.
 */
export function quickCheck(schema: z.core.$ZodType): QuickCheck {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = withChecks(schema, base(schema));
    compiled.set(schema, check);
  }
  return check;
}

/** Says how to check a schema that is a function of its own (`superRefine`), without the list of issues that zod makes for it. */
export function setQuickCheck(schema: z.core.$ZodType, check: QuickCheck): void {
  compiled.set(schema, check);
}

const compiled = new WeakMap<z.core.$ZodType, QuickCheck>();

function base(schema: z.core.$ZodType): QuickCheck {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return 'format' in def ? askZod(schema) : isString;
    case 'number':
      if (!('format' in def)) return isFiniteNumber;
      return def.format === 'safeint' ? Number.isSafeInteger : askZod(schema);
    case 'boolean':
      return isBoolean;
    case 'literal': {
      const [only] = def.values;
      return def.values.length === 1 ? (value) => value === only : (value) => def.values.includes(value as never);
    }
    case 'enum': {
      const values = new Set<unknown>(Object.values(def.entries));
      return (value) => values.has(value);
    }
    case 'optional': {
      const inner = quickCheck(def.innerType);
      return (value) => value === undefined || inner(value);
    }
    case 'nullable': {
      const inner = quickCheck(def.innerType);
      return (value) => value === null || inner(value);
    }
    case 'array': {
      const element = quickCheck(def.element);
      return (value) => Array.isArray(value) && everyItem(value, element);
    }
    case 'object':
      return def.catchall === undefined ? object(def.shape) : askZod(schema);
    case 'union': {
      // With a discriminator at most one option can say yes; without, zod takes the first that does.
      const options = def.options.map(quickCheck);
      return (value) => options.some((option) => option(value));
    }
    case 'custom':
      return def.fn === undefined ? askZod(schema) : (value) => def.fn(value as never) === true;
    default:
      return askZod(schema);
  }
}

function object(shape: Readonly<Record<string, z.core.$ZodType>>): QuickCheck {
  const keys = Object.keys(shape);
  const checks = keys.map((key) => quickCheck(shape[key] as z.core.$ZodType));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const fields = value as Readonly<Record<string, unknown>>;
    for (let at = 0; at < keys.length; at++) if (!(checks[at] as QuickCheck)(fields[keys[at] as string])) return false;
    return true;
  };
}

/** Not `every`, which skips holes: a list with holes is one that zod should see. */
export function everyItem(list: readonly unknown[], check: QuickCheck): boolean {
  for (let at = 0; at < list.length; at++) if (!check(list[at])) return false;
  return true;
}

/**
 * Whether a column holds whole numbers only, from `least` to `most`. One loop for all columns of a state: a million entries are
 * over before a loop of its own for each would be compiled.
 */
export function withinBounds(column: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  const list = column as readonly unknown[];
  for (let at = 0; at < list.length; at++) {
    const item = list[at];
    if (typeof item !== 'number' || !(item >= least && item <= most) || !Number.isInteger(item)) return false;
  }
  return true;
}

/** Adds the schema's own checks (`min`, `superRefine`, …), which zod runs once the type is right. */
function withChecks(schema: z.core.$ZodType, type: QuickCheck): QuickCheck {
  const checks = schema._zod.def.checks ?? [];
  if (checks.length === 0) return type;
  // Behind a default or a transform, checks are about what came out of it.
  if (transforms(schema)) return askZod(schema);
  const all = checks.map(checkOf);
  if (all.some((check) => check === undefined)) return askZod(schema);
  return (value) => type(value) && all.every((check) => (check as QuickCheck)(value));
}

/** Whether zod may answer with another value than the one it was given, unknown fields of objects aside. */
function transforms(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'literal':
    case 'enum':
    case 'custom':
      return false;
    case 'optional':
    case 'nullable':
      return transforms(def.innerType);
    case 'array':
      return transforms(def.element);
    case 'object':
      return Object.values(def.shape).some(transforms);
    case 'union':
      return def.options.some(transforms);
    default:
      return true;
  }
}

function checkOf(check: z.core.$ZodCheck): QuickCheck | undefined {
  if (check._zod.def.check === 'custom') return (value) => passes(check, value);
  const { def } = (check as z.core.$ZodChecks)._zod;
  switch (def.check) {
    case 'greater_than': {
      const bound = def.value as number;
      return def.inclusive ? (value) => (value as number) >= bound : (value) => (value as number) > bound;
    }
    case 'less_than': {
      const bound = def.value as number;
      return def.inclusive ? (value) => (value as number) <= bound : (value) => (value as number) < bound;
    }
    case 'min_length':
      return (value) => (value as string | readonly unknown[]).length >= def.minimum;
    default:
      return undefined;
  }
}

/** Runs a `refine` or `superRefine` as zod would on a value of the right type. */
function passes(check: z.core.$ZodCheck, value: unknown): boolean {
  const payload: z.core.ParsePayload = { value, issues: [] };
  const later = (check as z.core.$ZodCheck<unknown>)._zod.check(payload);
  return later === undefined && payload.issues.length === 0;
}

function askZod(schema: z.core.$ZodType): QuickCheck {
  return (value) => (schema as z.ZodType).safeParse(value).success;
}

export const isString = (value: unknown) => typeof value === 'string';
const isBoolean = (value: unknown) => typeof value === 'boolean';
const isFiniteNumber = (value: unknown) => Number.isFinite(value);
