/** Order by code units: the same on every machine and in every locale, unlike localeCompare. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** For building values field by field; they are handed out as readonly. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };
