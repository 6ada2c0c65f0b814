import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { JsonScanner } from '../src/dump/json-scanner.js';
import { locateJsonError } from '../src/dump/locate-json-error.js';
import { type DumpObject, fromKubernetes, readDump, redact, writeDump } from '../src/index.js';
import { arbitraryObjects, secretMark } from './support/arbitrary-objects.js';

const folder = mkdtempSync(join(tmpdir(), 'cloudoptim-laws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Values that nest, repeat `items` and hold every character that could confuse a scanner. */
const key = fc.constantFrom('items', 'kind', 'a', '"', '\\', '{', 'é', '__proto__', 'it\\u0065ms');
const leaf = fc.oneof(
  fc.constantFrom('{', '}', '[', ']', '"', '\\', '\\"', ',', 'é\u2028', '', 'PodList'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const documents = fc.array(value, { minLength: 1, maxLength: 4 });

const pieces = (bytes: Buffer, sizes: readonly number[]): Buffer[] => {
  const cut: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    cut.push(bytes.subarray(at, at + size));
    at += size;
  }
  return cut;
};

async function steps(chunks: readonly Buffer[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { object, list, endsList } of readDump(Readable.from(chunks)))
    found.push({ object, list: { ...list }, endsList });
  return found;
}

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });

describe('laws of reading', () => {
  it('chunks may end anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.constantFrom(undefined, 2), sizes, async (values, indent, sizes) => {
        // A bare number at the end of a chunk may go on in the next: a line break ends it.
        const text = `[${values.map((one) => JSON.stringify(one, undefined, indent)).join(',')}]`;
        const whole = Buffer.from(text);
        expect(await steps(pieces(whole, sizes))).toEqual(await steps([whole]));
      }),
      lawParameters(),
    );
  });

  it('what is no list comes out as it went in, whatever stands in its texts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.dictionary(
            key.filter((one) => one !== 'items'),
            value,
          ),
        ),
        sizes,
        async (objects, sizes) => {
          const found = await steps(pieces(Buffer.from(JSON.stringify(objects)), sizes));
          expect(found.map((step) => (step as { object: unknown }).object)).toEqual(
            JSON.parse(JSON.stringify(objects)),
          );
        },
      ),
      lawParameters(),
    );
  });

  it('text that is cut short or changed is an error or other JSON, never silently less', async () => {
    await fc.assert(
      fc.asyncProperty(documents, fc.nat(), async (values, where) => {
        const text = Buffer.from(JSON.stringify(values));
        const cut = text.subarray(0, 1 + (where % (text.length - 1 || 1)));
        if (cut.length === text.length) return;
        await expect(steps([cut])).rejects.toMatchObject({ code: 'invalid-input' });
      }),
      lawParameters(),
    );
  });

  it('any bytes at all end in objects or in an error that has a place', async () => {
    const noise = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc
        .array(
          fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'items', '"items"', '1', 'null', ' ', '=', '\n'),
        )
        .map((parts) => Buffer.from(`[${parts.join('')}`)),
    );
    await fc.assert(
      fc.property(noise, (bytes) => {
        const scanner = new JsonScanner('noise');
        try {
          scanner.push(Buffer.from(bytes));
          scanner.end();
        } catch (error) {
          expect(error).toMatchObject({
            code: 'invalid-input',
            message: expect.stringMatching(/byte \d+ \(line \d+\)/),
          });
        }
      }),
      lawParameters(),
    );
  });

  it('the place of a fault is found exactly when JSON.parse finds a fault', () => {
    const tokens = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '\\',
        '1',
        '-',
        '01',
        '1.5e3',
        'true',
        'nul',
        ' ',
        '\n',
        '"\\u12"',
        '"\\n"',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          tokens.map((parts) => parts.join('')),
          fc.json(),
        ),
        (text) => {
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          expect(locateJsonError(Buffer.from(text)) === undefined).toBe(isJson);
        },
      ),
      lawParameters(1000),
    );
  });
});

describe('laws of writing', () => {
  it('a redacted dump converts to the same bytes of state, and holds no secret', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryObjects,
        fc.constantFrom('loose', 'list', 'typed'),
        fc.boolean(),
        async (objects, form, gzip) => {
          const path = join(folder, `${run++}.json${gzip ? '.gz' : ''}`);
          const input = inForm(objects, form);
          const before = JSON.stringify(input);
          const { removed } = await writeDump(input, path);
          expect(JSON.stringify(input)).toBe(before);
          const written = readFileSync(path);
          const text = (gzip ? gunzipSync(written) : written).toString('utf8');
          expect(text).not.toContain(secretMark);
          expect(statSync(path).mode & 0o777).toBe(0o600);
          expect(removed.secrets).toBe(objects.filter((one) => (one as { kind?: string }).kind === 'Secret').length);
          if (text === '') return;
          const { takenAt } = (await fromKubernetes(input)).report;
          // Without any time in the objects the clock would differ.
          const options = takenAt === 'clock' ? { takenAtMs: 1 } : {};
          const original = await fromKubernetes(input, options);
          const redacted = await fromKubernetes(readDump(path), options);
          expect(JSON.stringify(redacted.state)).toBe(JSON.stringify(original.state));
          rmSync(path);
        },
      ),
      lawParameters(),
    );
  });

  it('what is written whole is read back whole', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryObjects, fc.constantFrom('loose', 'list', 'typed'), async (objects, form) => {
        if (objects.length === 0) return;
        const path = join(folder, `whole-${run++}.json`);
        await writeDump(inForm(objects, form), path, { redact: false });
        const found: unknown[] = [];
        for await (const step of readDump(path)) if (!(step as DumpObject).endsList) found.push(step.object);
        expect(new Set(found.map((one) => JSON.stringify(sorted(one))))).toEqual(
          new Set(objects.map((one) => JSON.stringify(sorted(one)))),
        );
        rmSync(path);
      }),
      lawParameters(),
    );
  });

  it('redaction is its own fixed point', () => {
    fc.assert(
      fc.property(arbitraryObjects, (objects) => {
        for (const object of objects) {
          const once = redact(object).object;
          if (once !== undefined) expect(redact(once).object).toEqual(once);
        }
      }),
      lawParameters(),
    );
  });
});

/** The same objects loose, in one List, or in typed lists whose items have no kind. */
function inForm(objects: readonly unknown[], form: 'loose' | 'list' | 'typed'): unknown[] {
  if (form === 'loose') return [...objects];
  if (form === 'list') return [{ apiVersion: 'v1', kind: 'List', items: objects }];
  return objects.map((object) => {
    const { kind, apiVersion, ...rest } = object as { kind?: string; apiVersion?: string };
    return kind === undefined
      ? object
      : { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: '5' }, items: [rest] };
  });
}

/** Keys in order, since a kind that was given back stands elsewhere. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
