import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Aborted } from '@cloudoptim/core';
import { headerDocument, type SnapshotHeader } from '../snapshot-header.js';
import { badInput } from './bad-input.js';
import { type DumpList, DumpObject } from './dump-object.js';
import { expandDocument } from './expand-document.js';
import { nothingRemoved, type Removed, redact } from './redact.js';

export interface WriteDumpOptions {
  /** Removes secrets and whatever else a ClusterState is not made of. On unless it is switched off. */
  readonly redact?: boolean;
  /** Written first: when the dump was taken and what it covers. */
  readonly header?: SnapshotHeader;
  readonly signal?: AbortSignal;
}

export interface WrittenDump {
  /** Objects written. */
  readonly objects: number;
  readonly removed: Removed;
}

/**
 * Writes objects, Lists or the steps of `readDump` as a dump that `readDump` reads, compressed when the name ends in `.gz`.
 * Only the owner may read the file (0600). It appears under its name once it is whole: a crash leaves what was there before.
 * Lists stay lists, since they are what tells that everything was listed.
 */
export async function writeDump(
  objects: Iterable<unknown> | AsyncIterable<unknown>,
  path: string,
  options: WriteDumpOptions = {},
): Promise<WrittenDump> {
  const counts = { objects: 0, removed: nothingRemoved() };
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  const file = await openNew(temporary, path);
  try {
    const plain = inBlocks(documents(objects, options, counts));
    for await (const block of path.endsWith('.gz') ? zipped(plain) : plain) await file.writeFile(block);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
  return counts;
}

async function* documents(
  objects: Iterable<unknown> | AsyncIterable<unknown>,
  options: WriteDumpOptions,
  counts: { objects: number; removed: Removed },
): AsyncGenerator<string> {
  if (options.header !== undefined) yield `${JSON.stringify(headerDocument(options.header))}\n`;
  const open: { readonly list: DumpList; items: number }[] = [];
  for await (const input of objects) {
    if (options.signal?.aborted === true) throw new Aborted(options.signal.reason);
    for (const step of DumpObject.isInstance(input) ? [input] : expandDocument(input, 'input')) {
      const innermost = open[open.length - 1];
      if (step.endsList) {
        // An empty list ends without ever having begun.
        if (step.list !== innermost?.list)
          yield `${comma(innermost)}{"items":[${closing(step.list)}${innermost === undefined ? '\n' : ''}`;
        else {
          open.pop();
          yield `${closing(step.list)}${open.length === 0 ? '\n' : ''}`;
        }
        continue;
      }
      const object = options.redact === false ? step.object : redact(step.object, counts.removed).object;
      if (object === undefined) continue;
      if (step.list !== undefined && step.list !== innermost?.list) {
        yield `${comma(innermost)}{"items":[`;
        open.push({ list: step.list, items: 0 });
      }
      counts.objects++;
      yield `${comma(open[open.length - 1])}${JSON.stringify(object)}${open.length === 0 ? '\n' : ''}`;
    }
  }
  // Lists that the input never closed were cut off; they are closed without a kind, so that they count for nothing.
  for (let list = open.pop(); list !== undefined; list = open.pop()) yield ']}\n';
}

function comma(list: { items: number } | undefined): string {
  if (list === undefined) return '';
  list.items++;
  return list.items > 1 ? ',\n' : '\n';
}

function closing(list: DumpList | undefined): string {
  const { kind, apiVersion, resourceVersion, continue: more, namespace } = list ?? {};
  const metadata = {
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(more === undefined ? {} : { continue: more }),
    // No metadata of a List has a namespace; here it keeps what the folder of a cluster-info dump told.
    ...(namespace === undefined ? {} : { namespace }),
  };
  const rest = JSON.stringify({
    ...(kind === undefined ? {} : { kind }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
    metadata,
  });
  return `],${rest.slice(1)}`;
}

function zipped(plain: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
  const gzip = createGzip({ level: 1 });
  // An error reaches the reader through gzip itself; the callback only keeps it from being unhandled.
  pipeline(Readable.from(plain), gzip, () => {});
  return gzip;
}

/** Small writes cost more than the bytes in them. */
async function* inBlocks(texts: AsyncGenerator<string>): AsyncGenerator<Buffer> {
  let waiting: string[] = [];
  let size = 0;
  for await (const text of texts) {
    waiting.push(text);
    size += text.length;
    if (size < 1 << 18) continue;
    yield Buffer.from(waiting.join(''));
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.from(waiting.join(''));
}

async function openNew(temporary: string, path: string): Promise<FileHandle> {
  try {
    return await open(temporary, 'wx', 0o600);
  } catch (error) {
    throw badInput(
      path,
      undefined,
      'the dump cannot be written here: check that the folder exists and may be written to',
      error,
    );
  }
}
