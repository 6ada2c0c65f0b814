import { Readable } from 'node:stream';
import type { Io } from '../../src/io.js';

export interface MemoryIo extends Io {
  /** Everything printed so far. */
  out(): string;
  err(): string;
}

/** An Io without a process: what is printed is kept, the clock stands still. */
export function memoryIo(
  given: Partial<Pick<Io, 'env' | 'cwd' | 'signal'>> & { stdin?: string; isTTY?: boolean; nowMs?: number } = {},
): MemoryIo {
  const texts = { out: '', err: '' };
  const output = (to: 'out' | 'err') => ({
    isTTY: given.isTTY ?? false,
    columns: 120,
    async write(text: string) {
      texts[to] += text;
    },
  });
  return {
    stdout: output('out'),
    stderr: output('err'),
    stdin: Readable.from(given.stdin === undefined ? [] : [Buffer.from(given.stdin)]),
    env: given.env ?? {},
    cwd: given.cwd ?? process.cwd(),
    signal: given.signal ?? new AbortController().signal,
    nowMs: () => given.nowMs ?? Date.parse('2026-10-05T10:00:00Z'),
    out: () => texts.out,
    err: () => texts.err,
  };
}
