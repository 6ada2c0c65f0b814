import { isSchedulerConfiguration } from '../convert/scheduler-configuration.js';
import { isRecord, type Json, setOwn } from '../fields.js';
import { isHonouredAnnotation, isStructuralAnnotation } from '../honoured-annotations.js';
import { kindOfObject } from '../kinds.js';
import { serverVersionOf } from '../server-version.js';
import { isHeader } from '../snapshot-header.js';
import { project } from './projection.js';
import { shapeOf, unknownKindShape } from './redaction-shapes.js';

/** How much of what was removed, by what people worry about. */
export interface Removed {
  /** Secrets, left out as a whole. */
  secrets: number;
  /** Entries of ConfigMaps. */
  configMapEntries: number;
  /** Values of environment variables; their names stay. */
  envValues: number;
  args: number;
  commands: number;
  /** Commands and headers of probes and lifecycle hooks. */
  hooks: number;
  /** `kubectl.kubernetes.io/last-applied-configuration`, which repeats whole manifests. */
  lastApplied: number;
  /** Other annotations that CloudOptim does not read. */
  annotations: number;
  managedFields: number;
  /** Objects of kinds we do not know, reduced to their names and replicas. */
  unknownKinds: number;
  /** Documents without a kind. */
  withoutKind: number;
}

export interface Redacted {
  /** Undefined when nothing of the object may stay. The given object is not changed. */
  readonly object: Json | undefined;
  readonly removed: Removed;
}

export function nothingRemoved(): Removed {
  return {
    secrets: 0,
    configMapEntries: 0,
    envValues: 0,
    args: 0,
    commands: 0,
    hooks: 0,
    lastApplied: 0,
    annotations: 0,
    managedFields: 0,
    unknownKinds: 0,
    withoutKind: 0,
  };
}

/**
 * Keeps of an object what a ClusterState is made of and nothing else: no Secret, no value of an environment variable, no
 * argument, command, message or foreign annotation. The redacted object converts to the same state.
 */
export function redact(object: unknown, removed: Removed = nothingRemoved()): Redacted {
  if (!isRecord(object) || typeof object.kind !== 'string' || object.kind === '') {
    const version = versionDocument(object);
    if (version === undefined) removed.withoutKind++;
    return { object: version, removed };
  }
  if (isHeader(object)) return { object, removed };
  if (object.kind === 'Secret') {
    removed.secrets++;
    return { object: undefined, removed };
  }
  count(object, removed);
  const isKnown =
    kindOfObject(object.apiVersion, object.kind) !== undefined ||
    object.kind === 'Scale' ||
    isSchedulerConfiguration(object);
  if (!isKnown && object.kind !== 'ConfigMap') removed.unknownKinds++;
  const shape = (isKnown ? shapeOf(object.kind) : undefined) ?? unknownKindShape;
  const kept: Record<string, unknown> = {};
  if (object.apiVersion !== undefined) kept.apiVersion = object.apiVersion;
  kept.kind = object.kind;
  kept.metadata = redactMetadata(object.metadata, removed);
  const rest = project(object, shape);
  if (isRecord(rest)) for (const key of Object.keys(rest)) setOwn(kept, key, rest[key]);
  redactTemplates(kept, removed);
  return { object: kept, removed };
}

const keptMetadata: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'labels',
  'ownerReferences',
]);

function redactMetadata(metadata: unknown, removed: Removed): unknown {
  if (!isRecord(metadata)) return metadata === undefined ? undefined : {};
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(metadata)) {
    if (keptMetadata.has(key)) setOwn(kept, key, metadata[key]);
    else if (key === 'managedFields') removed.managedFields++;
    else if (key === 'annotations') {
      const annotations = redactAnnotations(metadata.annotations, removed);
      if (annotations !== undefined) kept.annotations = annotations;
    }
  }
  return kept;
}

function redactAnnotations(annotations: unknown, removed: Removed): Json | undefined {
  if (!isRecord(annotations)) return undefined;
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(annotations)) {
    if (isHonouredAnnotation(key) || isStructuralAnnotation(key)) setOwn(kept, key, annotations[key]);
    else if (key === 'kubectl.kubernetes.io/last-applied-configuration') removed.lastApplied++;
    else removed.annotations++;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

/** Metadata of pod templates is metadata too. `kept` and what is on the way are our own copies. */
function redactTemplates(kept: Record<string, unknown>, removed: Removed): void {
  let spec: unknown = kept.spec;
  if (isRecord(spec) && isRecord(spec.jobTemplate)) spec = spec.jobTemplate.spec;
  if (!isRecord(spec) || !isRecord(spec.template) || kept.kind === 'NodePool') return;
  const template = spec.template as Record<string, unknown>;
  if (template.metadata !== undefined) template.metadata = redactMetadata(template.metadata, removed);
}

/** Counts what the shapes are going to leave out. */
function count(object: Json, removed: Removed): void {
  if (object.kind === 'ConfigMap')
    for (const key of ['data', 'binaryData'])
      if (isRecord(object[key])) removed.configMapEntries += Object.keys(object[key]).length;
  for (const container of containersOf(object)) {
    if (Array.isArray(container.env))
      removed.envValues += container.env.filter((entry) => isRecord(entry) && entry.value !== undefined).length;
    if (Array.isArray(container.args)) removed.args += container.args.length;
    if (Array.isArray(container.command)) removed.commands += container.command.length;
    for (const key of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
      const probe = container[key];
      if (isRecord(probe) && ['exec', 'httpGet', 'grpc', 'tcpSocket'].some((how) => probe[how] !== undefined))
        removed.hooks++;
    }
    if (isRecord(container.lifecycle)) removed.hooks += Object.keys(container.lifecycle).length;
  }
}

function containersOf(object: Json): Json[] {
  let spec: unknown = object.spec;
  if (isRecord(spec) && isRecord(spec.jobTemplate)) spec = spec.jobTemplate.spec;
  if (isRecord(spec) && isRecord(spec.template)) spec = spec.template.spec;
  if (!isRecord(spec)) return [];
  const { containers, initContainers } = spec;
  return [containers, initContainers].flatMap((one) => (Array.isArray(one) ? one.filter(isRecord) : []));
}

/** Of a version document only the version. */
function versionDocument(object: unknown): Json | undefined {
  const version = serverVersionOf(object);
  return version === undefined ? undefined : { serverVersion: { gitVersion: `v${version}.0` } };
}
