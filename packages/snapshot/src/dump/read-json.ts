import { isRecord } from '../fields.js';
import { type DumpList, DumpObject } from './dump-object.js';
import { describeList, expandDocument, itemKind, withListKind } from './expand-document.js';
import { HeldItems } from './held-items.js';
import type { JsonEvent } from './json-event.js';
import { JsonScanner } from './json-scanner.js';
import { parseJsonBytes } from './parse-json-bytes.js';

interface OpenList {
  readonly list: DumpList;
  held: HeldItems | undefined;
}

/** Reads JSON documents from chunks, object by object. `namespace` is the one that all lists of the source were asked for. */
export async function* readJson(
  chunks: AsyncIterable<Buffer>,
  source: string,
  namespace?: string,
): AsyncGenerator<DumpObject> {
  const scanner = new JsonScanner(source);
  const open: OpenList[] = [];
  try {
    for await (const chunk of chunks)
      for (const event of scanner.push(chunk)) yield* take(event, open, source, namespace);
    for (const event of scanner.end()) yield* take(event, open, source, namespace);
  } finally {
    for (const { held } of open) held?.close();
  }
}

function* take(
  event: JsonEvent,
  open: OpenList[],
  source: string,
  namespace: string | undefined,
): Generator<DumpObject> {
  const innermost = open[open.length - 1];
  switch (event.type) {
    case 'scalar':
      yield new DumpObject(null, innermost?.list, source);
      return;
    case 'list-start': {
      const envelope = parseJsonBytes(Buffer.concat([event.bytes, listCloser]), source, event.at);
      const list: DumpList = { source };
      if (isRecord(envelope)) describeList(list, envelope);
      if (namespace !== undefined) list.namespace = namespace;
      open.push({ list, held: undefined });
      return;
    }
    case 'list-end':
      open.pop();
      if (innermost !== undefined) yield* finish(innermost, parseJsonBytes(event.bytes, source, event.at), source);
      return;
    case 'object': {
      const object = parseJsonBytes(event.bytes, source, event.at);
      if (innermost === undefined || (isRecord(object) && Array.isArray(object.items))) {
        yield* expandDocument(object, source, namespace);
        return;
      }
      if (isRecord(object) && object.kind === undefined && innermost.list.kind === undefined) {
        innermost.held ??= new HeldItems();
        innermost.held.add(event.bytes);
        return;
      }
      yield new DumpObject(withKindInPlace(object, innermost.list), innermost.list, source);
    }
  }
}

const listCloser = Buffer.from(']}');

function* finish({ list, held }: OpenList, envelope: unknown, source: string): Generator<DumpObject> {
  if (isRecord(envelope)) describeList(list, envelope);
  if (held !== undefined) {
    try {
      for (const bytes of held.drain())
        yield new DumpObject(withListKind(JSON.parse(bytes.toString('utf8')), list), list, source);
    } finally {
      held.close();
    }
  }
  yield new DumpObject(undefined, list, source);
}

/** As `withListKind` for an object that nobody else holds: copying 150,000 pods would be felt. */
function withKindInPlace(object: unknown, list: DumpList): unknown {
  if (!isRecord(object) || object.kind !== undefined) return object;
  const kind = itemKind(list);
  if (kind !== undefined) Object.assign(object, { kind, apiVersion: object.apiVersion ?? list.apiVersion ?? 'v1' });
  return object;
}
