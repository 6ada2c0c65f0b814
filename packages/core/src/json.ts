/** A value that survives `JSON.parse(JSON.stringify(value))` unchanged: no `undefined`, NaN, Infinity, Date or typed array. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
