import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Aborted } from '@cloudoptim/core';
import { badInput } from './bad-input.js';

const chunkBytes = 1 << 18;

/** The first bytes of an input, and all of it. */
export interface Input {
  /** At least the first 64 bytes, unless the input is shorter. */
  readonly head: Buffer;
  readonly chunks: AsyncIterable<Buffer>;
}

/** Opens a file or a stream; what begins with gzip's magic bytes is decompressed, whatever its name. */
export async function openInput(
  input: string | AsyncIterable<unknown>,
  source: string,
  signal: AbortSignal | undefined,
): Promise<Input> {
  const stream = typeof input === 'string' ? createReadStream(input, { highWaterMark: chunkBytes }) : input;
  const raw = await peek(bytesOf(stream, source, signal));
  if (raw.head[0] !== 0x1f || raw.head[1] !== 0x8b) return raw;
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  // The error reaches the reader through gunzip itself; the callback only keeps it from being unhandled.
  pipeline(Readable.from(raw.chunks), gunzip, () => {});
  return peek(unzipped(gunzip, source));
}

async function* bytesOf(
  stream: AsyncIterable<unknown>,
  source: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      if (signal?.aborted === true) throw new Aborted(signal.reason);
      if (typeof chunk === 'string') yield Buffer.from(chunk, 'utf8');
      else if (chunk instanceof Uint8Array) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      else throw badInput(source, undefined, 'the stream must give bytes or texts');
    }
  } catch (error) {
    throw fileError(error, source);
  }
}

async function* unzipped(gunzip: AsyncIterable<Buffer>, source: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'Z_BUF_ERROR')
      throw badInput(source, undefined, 'the gzip stream ends too early: the file was cut off. Write it again.', error);
    if (code?.startsWith('Z_') === true) throw badInput(source, undefined, 'it begins like gzip but is damaged', error);
    throw error;
  }
}

async function peek(chunks: AsyncGenerator<Buffer>): Promise<Input> {
  const first: Buffer[] = [];
  let size = 0;
  while (size < 64) {
    const next = await chunks.next();
    if (next.done === true) break;
    first.push(Buffer.from(next.value));
    size += next.value.length;
  }
  const head = Buffer.concat(first);
  return { head, chunks: startingWith(head, chunks) };
}

async function* startingWith(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function fileError(error: unknown, source: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return badInput(source, undefined, 'there is no such file', error);
    case 'EACCES':
    case 'EPERM':
      return badInput(source, undefined, 'it may not be read: check its permissions', error);
    default:
      return error;
  }
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
