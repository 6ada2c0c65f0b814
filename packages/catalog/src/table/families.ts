import { accelerated } from './accelerated.js';
import { computeOptimized } from './compute-optimized.js';
import { type DecodedType, decodeType } from './decode-type.js';
import { type FamilyRule, parseFamilyLine, splitFamilyLines } from './family-line.js';
import { generalPurpose } from './general-purpose.js';
import { memoryOptimized } from './memory-optimized.js';
import { storageOptimized } from './storage-optimized.js';

/** Everything is decoded when first asked for, so that importing the catalogue costs nothing. */
let lines: ReadonlyMap<string, string> | undefined;
const rules = new Map<string, FamilyRule>();
const types = new Map<string, DecodedType>();

/** All families, in the order of the table. */
export function familyNames(): Iterable<string> {
  return familyLines().keys();
}

/** Undefined when no line has that name. */
export function familyRule(family: string): FamilyRule | undefined {
  const cached = rules.get(family);
  if (cached !== undefined) return cached;
  const line = familyLines().get(family);
  if (line === undefined) return undefined;
  const rule = parseFamilyLine(line);
  rules.set(family, rule);
  return rule;
}

/** A type of the table, decoded once and frozen; undefined when the table has no such type. */
export function decodedType(name: string): DecodedType | undefined {
  const cached = types.get(name);
  if (cached !== undefined) return cached;
  const dot = name.indexOf('.');
  const size = name.slice(dot + 1);
  const rule = dot < 0 ? undefined : familyRule(name.slice(0, dot));
  if (rule === undefined || !rule.sizes.includes(size)) return undefined;
  const type = deepFreeze(decodeType(rule, size));
  types.set(name, type);
  return type;
}

function familyLines(): ReadonlyMap<string, string> {
  lines ??= splitFamilyLines(
    [generalPurpose, computeOptimized, memoryOptimized, storageOptimized, accelerated].join(''),
  );
  return lines;
}

/** One caller's change to a shared fact would be every caller's wrong answer. */
function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
