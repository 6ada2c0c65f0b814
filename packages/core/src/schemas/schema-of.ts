import type { z } from 'zod';
import type { JsonValue } from '../json.js';

/**
 * Holds a schema to an interface in both directions. `z.ZodType<T>` alone accepts a schema that has forgotten an optional
 * field or that demands more than the interface, and the two drift apart unseen: here either one fails to compile.
 *
 *     const nodeSchema = lazy(() => schemaOf<Node>('Node')(z.object({ … })));
 *
 * With a name, JSON Schemas define it once and refer to it: an action would otherwise be written out in 1.7 MB.
 */
export function schemaOf<T>(name?: string) {
  return <S extends z.ZodType>(schema: S & Held<T, z.output<S>>): z.ZodType<T> =>
    (name === undefined ? schema : schema.meta({ id: name })) as unknown as z.ZodType<T>;
}

/** The schema, built when first asked for: building all of them takes longer than importing the rest of this package. */
export function lazy<S>(build: () => S): () => S {
  let built: { readonly schema: S } | undefined;
  return () => {
    built ??= { schema: build() };
    return built.schema;
  };
}

/** Accepts anything when the types are the same; names both when they are not. */
type Held<T, Output> =
  Identical<Plain<T>, Plain<Output>> extends true
    ? unknown
    : { readonly 'the schema and the type differ': { readonly type: Plain<T>; readonly schema: Plain<Output> } };

/**
 * The type with intersections and inheritance flattened and everything readonly, so that only names, types and
 * optionality are compared. Arrays and tuples stay what they are, as in every homomorphic mapped type. JsonValue is left
 * alone: it contains itself.
 */
type Plain<T> = JsonValue extends T ? T : PlainEach<T>;

type PlainEach<T> = T extends string | number | boolean | bigint | null | undefined
  ? T
  : { readonly [K in keyof T]: Plain<T[K]> };

/** True for types that the compiler cannot tell apart; assignability alone would let optional fields come and go. */
type Identical<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
