import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until something is there, and returns it. Throws when it took longer than `timeoutMs`, naming what was
 * waited for and, where there was one, the last error.
 */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs = 30_000, everyMs = 50 }: { readonly timeoutMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const until = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await ask();
      if (found !== undefined && found !== false) return found;
      last = undefined;
    } catch (error) {
      if (error instanceof Unrecoverable) throw error;
      last = error;
    }
    if (performance.now() > until) {
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, last === undefined ? {} : { cause: last });
    }
    await sleep(everyMs);
  }
}

/** Thrown by what `waitUntil` asks when waiting longer is of no use. */
export class Unrecoverable extends Error {}
