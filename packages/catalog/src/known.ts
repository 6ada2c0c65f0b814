import type { Reason } from '@cloudoptim/core';

/** A fact, or the reason why it is not known. What is not known is never zero and never a guess. */
export type Known<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly reason: Reason };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown(code: string, message: string): { readonly known: false; readonly reason: Reason } {
  return { known: false, reason: { code, message } };
}
