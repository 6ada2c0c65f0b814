import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { canonicalJson, type JsonValue } from '../src/index.js';
import { plainJson } from '../src/plain-json.js';

const keys = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', '', '1', '10', '9'));
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, -0, 1e21, 5e-324, Number.MAX_SAFE_INTEGER),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('json'), { maxLength: 5 }),
    // Built by JSON.parse, as documents are: there `__proto__` is a key like any other.
    fc.array(fc.tuple(keys, tie('json')), { maxLength: 6 }).map(objectOf),
  ),
}));

it('canonical JSON is JSON of the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    lawParameters(500),
  );
});

it('canonical JSON does not depend on the order of keys', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(keys, json), { selector: ([key]) => key, maxLength: 8 }),
      fc.nat(),
      (entries, turn) => {
        const at = entries.length === 0 ? 0 : turn % entries.length;
        const turned = [...entries.slice(at), ...entries.slice(0, at)].reverse();
        expect(canonicalJson(objectOf(turned))).toBe(canonicalJson(objectOf(entries)));
      },
    ),
    lawParameters(300),
  );
});

it('plain JSON survives JSON unchanged, and is its own copy', () => {
  fc.assert(
    fc.property(json, (value) => {
      const { value: plain, issues } = plainJson(value, '');
      expect(issues).toEqual([]);
      // toEqual tells -0 from 0: negative zero would come back as zero, so it must not be there.
      expect(plain).toEqual(JSON.parse(JSON.stringify(plain)));
      expect(JSON.stringify(plain)).toBe(JSON.stringify(value));
      expect(plainJson(plain, '').value).toEqual(plain);
    }),
    lawParameters(500),
  );
});

it('plain JSON reports whatever JSON would turn into something else', () => {
  const foreign = fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n,
    new Date(0),
    new Map(),
    new Float64Array(2),
    () => 1,
    Symbol('x'),
  );
  fc.assert(
    fc.property(foreign, fc.array(fc.constantFrom('list', 'object'), { maxLength: 5 }), (value, wrappings) => {
      const wrapped = wrappings.reduce<unknown>((inner, kind) => (kind === 'list' ? [inner] : { field: inner }), value);
      const path = wrappings.reduceRight((text, kind) => text + (kind === 'list' ? '[0]' : '.field'), 'root');
      expect(plainJson(wrapped, 'root').issues.map((issue) => issue.path)).toEqual([path]);
    }),
    lawParameters(200),
  );
});

it('plain JSON ends on a value that contains itself', () => {
  const value: Record<string, unknown> = {};
  value.self = value;
  expect(plainJson(value, 'memory').issues[0]?.message).toMatch(/contains itself/);
});

function objectOf(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  const fields = entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return JSON.parse(`{${fields.join(',')}}`) as JsonValue;
}
