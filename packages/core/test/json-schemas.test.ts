import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contractDocuments, defaultPolicy, type JsonValue, jsonSchemaOf } from '../src/index.js';

const folder = fileURLToPath(new URL('../schemas/', import.meta.url));

const updating = process.env.CLOUDOPTIM_UPDATE_SCHEMAS === '1';
const remedy =
  'The contract changed. If that is meant: CLOUDOPTIM_UPDATE_SCHEMAS=1 npx vitest run packages/core/test/json-schemas.test.ts, ' +
  'then npx biome check --write packages/core/schemas, and commit the files.';

describe.each(contractDocuments)('the JSON Schema of %s', (name) => {
  const schema = jsonSchemaOf(name);

  it('is the committed one', () => {
    const file = `${folder}${name}.schema.json`;
    if (updating) writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
    expect(JSON.parse(readFileSync(file, 'utf8')), remedy).toEqual(schema);
  });

  it('refers only to definitions that it has', () => {
    const { $defs = {} } = schema as { $defs?: object };
    for (const reference of referencesIn(schema)) {
      expect(Object.keys($defs).map((key) => `#/$defs/${key}`)).toContain(reference);
    }
  });

  it('has an id, a title and a description', () => {
    expect(schema).toMatchObject({
      $id: `urn:cloudoptim:v1:${name}`,
      title: expect.stringMatching(/^[A-Z]/),
      description: expect.stringMatching(/\.$/),
    });
  });
});

it('leaves no schema behind of a document that is no more', () => {
  expect(readdirSync(folder).sort()).toEqual(contractDocuments.map((name) => `${name}.schema.json`).sort());
});

it('gives every field of the policy a sentence of help and its default', () => {
  const { properties } = jsonSchemaOf('policy') as unknown as { properties: Record<string, Field> };
  expect(Object.keys(properties).sort()).toEqual(Object.keys(defaultPolicy).sort());
  const missing: string[] = [];
  const check = (path: string, field: Field, value: unknown) => {
    if (!/\w+ .*\.$/.test(field.description ?? '')) missing.push(`${path}: help`);
    if (field.properties === undefined) {
      if (JSON.stringify(field.default) !== JSON.stringify(value)) missing.push(`${path}: default`);
      return;
    }
    for (const [name, inner] of Object.entries(field.properties)) {
      check(`${path}.${name}`, inner, (value as Record<string, unknown>)[name]);
    }
  };
  for (const [name, field] of Object.entries(properties)) {
    check(name, field, (defaultPolicy as unknown as Record<string, unknown>)[name]);
  }
  expect(missing).toEqual([]);
});

interface Field {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Field>>;
}

function referencesIn(value: JsonValue): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) =>
    key === '$ref' && typeof field === 'string' ? [field] : referencesIn(field as JsonValue),
  );
}
