import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { ReadDumpOptions } from '@cloudoptim/snapshot';
import type { Io } from '../io.js';
import { abortable } from './read-stdin.js';

/** What --snapshot names, as `readDump` takes it: a path, or the standard input. */
export function dumpInput(path: string, io: Io): string | Readable {
  return path === '-' ? abortable(io.stdin, io.signal) : resolve(io.cwd, path);
}

/** How `readDump` calls the standard input in its messages, and when it stops. */
export function dumpOptions({ signal }: Io): ReadDumpOptions {
  return { name: 'the standard input', signal };
}

export function sourceName(path: string): string {
  return path === '-' ? 'the standard input' : path;
}
