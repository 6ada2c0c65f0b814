import type { PodExtra, PodPhase, ResourceAmounts } from '@cloudoptim/core';
import { choice, filledText, type Json, record, records, requiredRecord, timeMs } from '../fields.js';
import { annotation, type ControllerReference, honouredAnnotations, type ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';
import { type RunningAutoscaler, runningAutoscaler } from './autoscaler.js';
import { occupiedAmounts } from './pod-resources.js';
import { podShape } from './pod-template.js';
import type { TemplateTable } from './template-table.js';

/** A pod before its node and workload are known by index. */
export interface PodRow {
  readonly namespace: string;
  readonly name: string;
  readonly createdAtMs: number | undefined;
  /** Number in the template table. */
  readonly template: number;
  readonly owner: ControllerReference | undefined;
  readonly nodeName: string | undefined;
  readonly extra: PodExtra | undefined;
  readonly phase: PodPhase | undefined;
  /**
   * Its spec was changed after creation (metadata.generation, KEP-5067): perhaps resized in place, which is lost on eviction,
   * so this pod is no model for its successor.
   */
  readonly changed: boolean;
  readonly autoscaler: RunningAutoscaler | undefined;
}

/** Converts a Pod; its template goes into the table, where equal ones are shared. */
export function podRow(object: Json, meta: ObjectMeta, templates: TemplateTable): PodRow {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '');
  const shape = podShape({
    namespace: meta.namespace,
    podName: meta.name,
    labels: meta.labels,
    annotations: honouredAnnotations(meta.source),
    spec,
    qosClass: status === undefined ? undefined : filledText(status, 'qosClass', 'status'),
  });
  const nodeName = filledText(spec, 'nodeName', 'spec');
  const phase =
    status === undefined
      ? undefined
      : choice(status, 'phase', 'status', ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown']);
  const extra: Writable<PodExtra> = {};
  const usualPhase = nodeName === undefined ? 'Pending' : 'Running';
  if (phase !== undefined && phase !== usualPhase) extra.phase = phase;
  const ready = status === undefined ? undefined : readinessOf(status);
  // Said only where it differs from what the phase lets expect: a Running pod is Ready, another is not.
  if (ready !== undefined && ready !== ((phase ?? usualPhase) === 'Running')) extra.ready = ready;
  if (meta.deletionAtMs !== undefined) extra.deletionAtMs = meta.deletionAtMs;
  // That a bound pod of a DaemonSet belongs to its node goes without saying; said of each, it is a tenth of a large state.
  const sayPin = meta.controller?.kind !== 'DaemonSet' || shape.pinnedNode !== nodeName;
  if (shape.pinnedNode !== undefined && sayPin) extra.pinnedNode = shape.pinnedNode;
  if (shape.ownClaims.length > 0) extra.claims = shape.ownClaims;
  if (shape.ownLabels !== undefined) extra.labels = shape.ownLabels;
  if (shape.ownAnnotations !== undefined) extra.annotations = shape.ownAnnotations;
  const occupies = nodeName === undefined ? undefined : occupiedAmounts(shape.amounts, status);
  if (occupies !== undefined && !sameAmounts(occupies, shape.template.needs)) extra.occupies = occupies;
  const mirror = meta.controller?.kind === 'Node' || annotation(meta, 'kubernetes.io/config.mirror') !== undefined;
  if (mirror) extra.mirror = true;
  const nominated = status === undefined ? undefined : filledText(status, 'nominatedNodeName', 'status');
  if (nominated !== undefined && nodeName === undefined) extra.nominatedNode = nominated;
  return {
    namespace: meta.namespace,
    name: meta.name,
    createdAtMs: meta.createdAtMs,
    template: templates.add(shape.template),
    owner: mirror ? undefined : meta.controller,
    nodeName,
    extra: Object.keys(extra).length === 0 ? undefined : extra,
    phase,
    changed: (meta.generation ?? 1) > 1,
    autoscaler: runningAutoscaler(spec),
  };
}

/** The newest time that a pod tells of, for a dump that does not say when it was taken. */
export function podTimeMs(object: Json): number {
  let newest = 0;
  const status = record(object, 'status', '');
  if (status === undefined) return newest;
  for (const condition of records(status, 'conditions', 'status'))
    newest = Math.max(newest, timeMs(condition, 'lastTransitionTime', 'status.conditions[]') ?? 0);
  return newest;
}

/**
 * The Ready condition, whatever the phase: budgets and endpoints look at nothing else, and it outlives a node that went away.
 * Undefined without conditions: such a pod was written by hand, and is what its phase says.
 */
function readinessOf(status: Json): boolean | undefined {
  const conditions = records(status, 'conditions', 'status');
  if (conditions.length === 0) return undefined;
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

function sameAmounts(a: ResourceAmounts, b: ResourceAmounts): boolean {
  return (
    a.cpuMillicores === b.cpuMillicores &&
    a.memoryBytes === b.memoryBytes &&
    a.ephemeralStorageBytes === b.ephemeralStorageBytes &&
    JSON.stringify(a.extended) === JSON.stringify(b.extended)
  );
}
