/** Checked by the compiler alone: each drift between a schema and its interface must fail to compile. */
import { z } from 'zod';
import type { JsonValue } from '../src/json.js';
import { schemaOf } from '../src/schemas/schema-of.js';

interface Disk {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly label?: string;
}
const disk = { name: z.string(), sizes: z.array(z.number()), label: z.string().exactOptional() };

schemaOf<Disk>()(z.object(disk));
schemaOf<Disk & { readonly zone: 'a' | 'b' }>()(z.object({ ...disk, zone: z.enum(['a', 'b']) }));
schemaOf<{ readonly payload: JsonValue }>()(z.object({ payload: z.custom<JsonValue>() }));
schemaOf<readonly [Disk, ...Disk[]]>()(z.tuple([z.object(disk)], z.object(disk)));

// @ts-expect-error The schema has forgotten an optional field.
schemaOf<Disk>()(z.object({ name: disk.name, sizes: disk.sizes }));
// @ts-expect-error The schema has forgotten a required field.
schemaOf<Disk>()(z.object({ name: disk.name, label: disk.label }));
// @ts-expect-error The schema knows a field that the interface lacks.
schemaOf<Disk>()(z.object({ ...disk, zone: z.string() }));
// @ts-expect-error The schema knows an optional field that the interface lacks.
schemaOf<Disk>()(z.object({ ...disk, zone: z.string().exactOptional() }));
// @ts-expect-error The schema demands what the interface leaves optional.
schemaOf<Disk>()(z.object({ ...disk, label: z.string() }));
// @ts-expect-error The schema lets an optional field be undefined, which JSON cannot carry.
schemaOf<Disk>()(z.object({ ...disk, label: z.string().optional() }));
// @ts-expect-error A field has another type.
schemaOf<Disk>()(z.object({ ...disk, sizes: z.array(z.string()) }));
// @ts-expect-error The schema knows fewer values.
schemaOf<{ readonly zone: 'a' | 'b' }>()(z.object({ zone: z.enum(['a']) }));
// @ts-expect-error The schema knows more values.
schemaOf<{ readonly zone: 'a' | 'b' }>()(z.object({ zone: z.enum(['a', 'b', 'c']) }));
// @ts-expect-error A member of the union is missing.
schemaOf<{ readonly uid: string } | { readonly launch: string }>()(z.union([z.object({ uid: z.string() })]));
// @ts-expect-error The list may be empty and the interface says that it is not.
schemaOf<readonly [string, ...string[]]>()(z.array(z.string()));
