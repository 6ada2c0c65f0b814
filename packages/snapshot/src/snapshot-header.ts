import type { CoverageEntry, CoverageState } from '@cloudoptim/core';
import { FieldError, filledText, isRecord, type Json, records, requiredText, timeMs } from './fields.js';
import type { Writable } from './order.js';

const headerApiVersion = 'snapshot.cloudoptim.io/v1';
const headerKind = 'SnapshotHeader';

/** What a dump cannot say with Kubernetes objects: when it was taken, and how much of each kind it covers. */
export interface SnapshotHeader {
  readonly takenAtMs?: number;
  readonly region?: string;
  /** `major.minor`. */
  readonly serverVersion?: string;
  readonly coverage?: readonly CoverageEntry[];
}

/** The header as the first document of a dump. */
export function headerDocument({ takenAtMs, region, serverVersion, coverage }: SnapshotHeader): Json {
  return {
    apiVersion: headerApiVersion,
    kind: headerKind,
    ...(takenAtMs === undefined ? {} : { takenAt: new Date(takenAtMs).toISOString() }),
    ...(region === undefined ? {} : { region }),
    ...(serverVersion === undefined ? {} : { gitVersion: `v${serverVersion}.0` }),
    ...(coverage === undefined ? {} : { coverage }),
  };
}

export function isHeader(object: Json): boolean {
  return object.kind === headerKind && object.apiVersion === headerApiVersion;
}

const states: readonly CoverageState[] = ['listed', 'partial', 'absent', 'forbidden'];

/** Reads a header back; throws FieldError. */
export function readHeader(object: Json): SnapshotHeader {
  const header: Writable<SnapshotHeader> = {};
  const takenAtMs = timeMs(object, 'takenAt', '');
  const region = filledText(object, 'region', '');
  const version = filledText(object, 'gitVersion', '')?.match(/^v(\d{1,4}\.\d{1,4})\./)?.[1];
  if (takenAtMs !== undefined) header.takenAtMs = takenAtMs;
  if (region !== undefined) header.region = region;
  if (version !== undefined) header.serverVersion = version;
  if (object.coverage !== undefined)
    header.coverage = records(object, 'coverage', '').map((source) => {
      if (!isRecord(source)) throw new FieldError('coverage', 'it must be a list of objects');
      const state = states.find((one) => one === source.state);
      if (state === undefined) throw new FieldError('coverage[].state', `it must be one of ${states.join(', ')}`);
      const entry: Writable<CoverageEntry> = { kind: requiredText(source, 'kind', 'coverage[]'), state };
      const namespace = filledText(source, 'namespace', 'coverage[]');
      const resourceVersion = filledText(source, 'resourceVersion', 'coverage[]');
      if (namespace !== undefined) entry.namespace = namespace;
      if (resourceVersion !== undefined) entry.resourceVersion = resourceVersion;
      if (typeof source.observedAtMs === 'number') entry.observedAtMs = source.observedAtMs;
      return entry;
    });
  return header;
}
