import { type ClusterState, type CoverageEntry, InvalidInput, type SchedulerFacts } from '@cloudoptim/core';
import { assembleState } from './assemble-state.js';
import { Conversion } from './conversion.js';
import type { ConversionReport } from './conversion-report.js';
import { schedulerConfigurationKind } from './convert/scheduler-configuration.js';
import { findKind, kubernetesKinds } from './kinds.js';
import { type ServerVersion, serverVersionOf } from './server-version.js';

export interface FromKubernetesOptions {
  /** When the objects were read, in milliseconds. Else the dump's own word, else the newest time in the objects. */
  readonly takenAtMs?: number;
  /** Kinds of which everything was listed, even if none came: `Pod`, `pods` or `po`. */
  readonly listed?: readonly string[];
  /** What is known of coverage otherwise, such as `forbidden`; wins over what the input suggests. */
  readonly coverage?: readonly CoverageEntry[];
  /** The answer of `/version` or of `kubectl version -o json`. */
  readonly serverVersion?: ServerVersion | { readonly serverVersion?: ServerVersion };
  /** How kube-scheduler is set up; else what a KubeSchedulerConfiguration among the objects says, else its defaults, assumed. */
  readonly scheduler?: SchedulerFacts;
  /** For nodes whose labels do not tell their region. */
  readonly region?: string;
}

export interface ConvertedState {
  readonly state: ClusterState;
  readonly report: ConversionReport;
}

/**
 * Makes a ClusterState of Kubernetes objects, in whatever order and from whatever source: plain objects, Lists, arrays, or
 * the steps of `readDump`. Malformed objects are reported and left out, and then their kind no longer counts as listed.
 * Throws InvalidInput only when the options name a kind that does not exist.
 */
export async function fromKubernetes(
  objects: Iterable<unknown> | AsyncIterable<unknown>,
  options: FromKubernetesOptions = {},
): Promise<ConvertedState> {
  const listed = (options.listed ?? []).map(kindNamed);
  const conversion = new Conversion();
  for await (const object of objects) conversion.take(object);

  const { header } = conversion;
  const version = serverVersionOf(options.serverVersion) ?? header.serverVersion ?? conversion.serverVersion;
  const scheduler = options.scheduler ?? schedulerOf(conversion);
  const others: CoverageEntry[] = [
    { kind: 'SchedulerConfiguration', state: scheduler === undefined ? 'absent' : 'listed' },
    { kind: 'Scale', state: conversion.scales.length > 0 ? 'partial' : 'absent' },
    { kind: 'ServerVersion', state: version === undefined ? 'absent' : 'listed' },
  ];
  const stated = [...(header.coverage ?? []), ...(options.coverage ?? [])];
  const coverage = conversion.coverage.build(listed, stated, others);
  const [takenAtMs, takenAt] = takenAtOf(options.takenAtMs, header.takenAtMs, conversion.newestMs);
  const region = options.region ?? header.region;
  const state = assembleState(
    conversion,
    takenAtMs,
    coverage,
    {
      ...(region === undefined ? {} : { region }),
      ...(scheduler === undefined ? {} : { scheduler }),
    },
    version,
  );
  return { state, report: conversion.report.build(takenAt) };
}

/** What the one scheduler configuration says that came, if any; of several nobody can tell which one runs. */
function schedulerOf({ schedulers, report }: Conversion): SchedulerFacts | undefined {
  const [configuration, ...others] = schedulers.values();
  if (others.length > 0) {
    report.add({
      level: 'error',
      code: 'several-schedulers',
      kind: schedulerConfigurationKind,
      message: `${schedulers.size} different scheduler configurations came, and which of them runs cannot be told, so kube-scheduler's defaults are assumed. Keep the one that runs.`,
    });
    return undefined;
  }
  for (const { schedulerName, why } of configuration?.notModelled ?? [])
    report.add({
      level: 'warning',
      code: 'scheduler-not-modelled',
      kind: schedulerConfigurationKind,
      name: schedulerName,
      message: `Where pods of the scheduler ${schedulerName} could go cannot be told, since ${why}: they stay where they are.`,
    });
  return configuration?.facts;
}

function kindNamed(name: string): string {
  const kind = findKind(name);
  if (kind !== undefined) return kind.kind;
  throw new InvalidInput('The list of listed kinds', [
    {
      path: 'listed',
      message: `${JSON.stringify(name)} is no kind that a cluster state holds; known are ${kubernetesKinds.map((one) => one.kind).join(', ')}`,
    },
  ]);
}

function takenAtOf(
  given: number | undefined,
  dump: number | undefined,
  newest: number,
): [number, ConversionReport['takenAt']] {
  if (given !== undefined) return [given, 'given'];
  if (dump !== undefined) return [dump, 'dump'];
  if (newest > 0) return [newest, 'newest-object'];
  return [Date.now(), 'clock'];
}
