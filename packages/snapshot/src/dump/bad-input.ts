import { InvalidInput } from '@cloudoptim/core';

/** Where something stands in an input: bytes and lines are counted after decompression, lines from 1. */
export interface Position {
  readonly offset: number;
  readonly line: number;
}

/** The error for an input that cannot be read, with the place and the remedy. */
export function badInput(source: string, at: Position | undefined, message: string, cause?: unknown): InvalidInput {
  const path = at === undefined ? '' : `byte ${at.offset} (line ${at.line})`;
  return new InvalidInput(source, [{ path, message }], cause === undefined ? {} : { cause });
}
