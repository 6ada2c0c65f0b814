import { isRecord, type Json } from '../fields.js';
import { type DumpList, DumpObject } from './dump-object.js';

/**
 * Takes a parsed document apart: arrays and Lists into their items, with an end for each List. As in kubectl, what has a list
 * called `items` is a List. Lists within lists are taken apart too; the depth is bounded by the parser's.
 */
export function* expandDocument(document: unknown, source: string, namespace?: string): Generator<DumpObject> {
  if (Array.isArray(document)) {
    for (const element of document) yield* expandDocument(element, source, namespace);
    return;
  }
  if (!isRecord(document) || !isList(document)) {
    yield new DumpObject(document ?? null, undefined, source);
    return;
  }
  const list: DumpList = { source };
  describeList(list, document);
  if (namespace !== undefined) list.namespace = namespace;
  for (const item of Array.isArray(document.items) ? document.items : []) {
    if (isRecord(item) && isList(item)) yield* expandDocument(item, source, namespace);
    else yield new DumpObject(withListKind(item, list), list, source);
  }
  yield new DumpObject(undefined, list, source);
}

/** Go writes an empty list as `null`; of an object that is no List that means nothing. */
function isList(document: Json): boolean {
  if (Array.isArray(document.items)) return true;
  return document.items === null && typeof document.kind === 'string' && document.kind.endsWith('List');
}

/** Copies what an envelope says of its list. */
export function describeList(list: DumpList, envelope: Json): void {
  if (typeof envelope.kind === 'string') list.kind = envelope.kind;
  if (typeof envelope.apiVersion === 'string') list.apiVersion = envelope.apiVersion;
  const metadata = isRecord(envelope.metadata) ? envelope.metadata : {};
  if (typeof metadata.resourceVersion === 'string' && metadata.resourceVersion !== '')
    list.resourceVersion = metadata.resourceVersion;
  if (typeof metadata.continue === 'string' && metadata.continue !== '') list.continue = metadata.continue;
}

/** The kind of a typed list's items: `Pod` of `PodList`; undefined for a plain List. */
export function itemKind(list: DumpList): string | undefined {
  const kind = list.kind;
  return kind === undefined || kind === 'List' || !kind.endsWith('List') ? undefined : kind.slice(0, -4);
}

/** Items of a typed list carry no kind of their own; the list's is given back to them. The caller's object is not changed. */
export function withListKind(item: unknown, list: DumpList): unknown {
  if (!isRecord(item) || item.kind !== undefined) return item;
  const kind = itemKind(list);
  if (kind === undefined) return item;
  return { apiVersion: list.apiVersion ?? 'v1', kind, ...item };
}
