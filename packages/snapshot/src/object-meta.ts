import {
  FieldError,
  filledText,
  flag,
  integer,
  isRecord,
  type Json,
  records,
  requiredText,
  setOwn,
  text,
  textMap,
  timeMs,
} from './fields.js';
import { isHonouredAnnotation } from './honoured-annotations.js';

/** An entry of metadata.ownerReferences with `controller: true`. */
export interface ControllerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** metadata of a Kubernetes object, as far as the conversion uses it. */
export interface ObjectMeta {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly generation: number | undefined;
  readonly createdAtMs: number | undefined;
  readonly deletionAtMs: number | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly controller: ControllerReference | undefined;
  /** metadata itself, for annotations. */
  readonly source: Json;
}

/** Reads metadata; throws FieldError when there is no name. A namespaced object without a namespace is in `default`. */
export function objectMeta(object: Json, kind: string, namespaced: boolean): ObjectMeta {
  const source = object.metadata;
  if (!isRecord(source)) throw new FieldError('metadata', 'it is missing or not an object');
  return {
    apiVersion: text(object, 'apiVersion', '') ?? '',
    kind,
    namespace: namespaced ? (filledText(source, 'namespace', 'metadata') ?? 'default') : '',
    name: requiredText(source, 'name', 'metadata'),
    uid: filledText(source, 'uid', 'metadata'),
    resourceVersion: filledText(source, 'resourceVersion', 'metadata'),
    generation: integer(source, 'generation', 'metadata'),
    createdAtMs: timeMs(source, 'creationTimestamp', 'metadata'),
    deletionAtMs: timeMs(source, 'deletionTimestamp', 'metadata'),
    labels: textMap(source, 'labels', 'metadata'),
    controller: controllerOf(source),
    source,
  };
}

/** One annotation, as written. */
export function annotation(meta: ObjectMeta, key: string): string | undefined {
  const annotations = meta.source.annotations;
  if (!isRecord(annotations) || !Object.hasOwn(annotations, key)) return undefined;
  const value = annotations[key];
  return typeof value === 'string' ? value : undefined;
}

/** The annotations that CloudOptim honours, in key order; undefined when there are none. */
export function honouredAnnotations(metadata: Json): Record<string, string> | undefined {
  const annotations = metadata.annotations;
  if (!isRecord(annotations)) return undefined;
  let found: string[] | undefined;
  for (const key of Object.keys(annotations)) {
    if (!isHonouredAnnotation(key)) continue;
    found ??= [];
    found.push(key);
  }
  if (found === undefined) return undefined;
  const kept: Record<string, string> = {};
  for (const key of found.sort()) {
    const value = annotations[key];
    if (typeof value !== 'string')
      throw new FieldError(`metadata.annotations[${JSON.stringify(key)}]`, 'it must be a text');
    setOwn(kept, key, value);
  }
  return kept;
}

function controllerOf(metadata: Json): ControllerReference | undefined {
  for (const reference of records(metadata, 'ownerReferences', 'metadata')) {
    if (flag(reference, 'controller', 'metadata.ownerReferences[]') !== true) continue;
    return {
      apiVersion: text(reference, 'apiVersion', 'metadata.ownerReferences[]') ?? '',
      kind: requiredText(reference, 'kind', 'metadata.ownerReferences[]'),
      name: requiredText(reference, 'name', 'metadata.ownerReferences[]'),
      uid: text(reference, 'uid', 'metadata.ownerReferences[]') ?? '',
    };
  }
  return undefined;
}
