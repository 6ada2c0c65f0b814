import type { RolloutState, Workload } from '@cloudoptim/core';
import { type RunningAutoscaler, runningAutoscaler } from '../convert/autoscaler.js';
import { integer, isRecord, type Json, record } from '../fields.js';
import { type ControllerReference, honouredAnnotations, type ObjectMeta } from '../object-meta.js';
import { gitOpsOf } from './git-ops.js';

/** What a kind of owner says of itself beyond names: figures, strategy, selector. */
export type OwnerFigures = Partial<
  Pick<
    Workload,
    | 'replicas'
    | 'readyReplicas'
    | 'updatedReplicas'
    | 'observedGeneration'
    | 'scalable'
    | 'selector'
    | 'strategy'
    | 'podManagement'
    | 'claimTemplates'
    | 'suspended'
    | 'schedule'
    | 'timeZone'
  >
>;

/** An object that makes pods, as listed. */
export interface OwnerRow {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly createdAtMs: number | undefined;
  readonly generation: number | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly gitOps: Workload['gitOps'];
  readonly controller: ControllerReference | undefined;
  readonly figures: OwnerFigures;
  readonly rollout: RolloutState;
  /** The pod template (metadata and spec) of its current revision, not yet defaulted. */
  readonly template: Json | undefined;
  /** What tells its current revision, in the words of its kind; see successor.ts. */
  readonly revision: string | undefined;
  /** A Job that is over. */
  readonly finished: boolean;
  readonly autoscaler: RunningAutoscaler | undefined;
}

export interface OwnerDetails {
  readonly figures: OwnerFigures;
  readonly rollout: RolloutState;
  readonly template?: Json | undefined;
  readonly revision?: string | undefined;
  readonly finished?: boolean;
}

export function ownerRow(meta: ObjectMeta, details: OwnerDetails): OwnerRow {
  return {
    apiVersion: meta.apiVersion,
    kind: meta.kind,
    namespace: meta.namespace,
    name: meta.name,
    uid: meta.uid,
    createdAtMs: meta.createdAtMs,
    generation: meta.generation,
    labels: meta.labels,
    annotations: honouredAnnotations(meta.source),
    gitOps: gitOpsOf(meta),
    controller: meta.controller,
    figures: details.figures,
    rollout: details.rollout,
    template: details.template,
    revision: details.revision,
    finished: details.finished ?? false,
    autoscaler: autoscalerOf(details.template),
  };
}

/**
 * An object of a kind that we do not know, in case pods turn out to be its own (an Argo Rollout, a database operator's set).
 * Undefined unless it has replicas. Nothing of it is trusted enough to be reported as malformed.
 */
export function customOwnerRow(object: Json, meta: ObjectMeta): OwnerRow | undefined {
  const spec = object.spec;
  if (!isRecord(spec) || typeof spec.replicas !== 'number') return undefined;
  const status = isRecord(object.status) ? object.status : {};
  const figures: { -readonly [K in keyof OwnerFigures]: OwnerFigures[K] } = {};
  if (Number.isSafeInteger(spec.replicas)) figures.replicas = spec.replicas;
  if (Number.isSafeInteger(status.readyReplicas)) figures.readyReplicas = status.readyReplicas as number;
  if (Number.isSafeInteger(status.observedGeneration)) figures.observedGeneration = status.observedGeneration as number;
  return ownerRow(meta, { figures, rollout: 'unknown' });
}

/** The scale of any owner (autoscaling/v1 Scale): named and identified like the owner itself. */
export interface ScaleRow {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
  readonly replicas: number;
}

export function scaleRow(object: Json, meta: ObjectMeta): ScaleRow {
  const spec = record(object, 'spec', '') ?? {};
  return {
    namespace: meta.namespace,
    name: meta.name,
    uid: meta.uid,
    replicas: integer(spec, 'replicas', 'spec') ?? 0,
  };
}

function autoscalerOf(template: Json | undefined): RunningAutoscaler | undefined {
  const spec = template === undefined ? undefined : record(template, 'spec', 'spec.template');
  return spec === undefined ? undefined : runningAutoscaler(spec);
}
