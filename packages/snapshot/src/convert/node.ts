import type { Node } from '@cloudoptim/core';
import { FieldError, filledText, flag, type Json, record, records, requiredRecord, texts, timeMs } from '../fields.js';
import { honouredAnnotations, type ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';
import { nodeOwner } from './node-owner.js';
import { nodePlacement } from './node-placement.js';
import { nanoAmounts, nodeResources } from './quantities.js';
import { taints } from './selectors.js';

/** A node before what other objects tell of it (CSINode, the autoscaler in charge) is joined. */
export type NodeRow = Omit<Node, 'csiDrivers' | 'autoscaler' | 'createdAtMs'> & {
  readonly createdAtMs: number | undefined;
};

export function nodeRow(object: Json, meta: ObjectMeta): NodeRow {
  const spec = record(object, 'spec', '') ?? {};
  const status = requiredRecord(object, 'status', '');
  const labels = meta.labels ?? {};
  const ready = readyCondition(status);
  const providerId = filledText(spec, 'providerID', 'spec');
  const amounts = nanoAmounts(status, 'allocatable', 'status');
  if (amounts.size === 0) throw new FieldError('status.allocatable', 'it is missing: what the node offers is unknown');
  const row: Writable<NodeRow> = {
    uid: meta.uid ?? meta.name,
    name: meta.name,
    createdAtMs: meta.createdAtMs,
    labels,
    ready: ready?.status === 'True',
    allocatable: nodeResources(amounts, 'status.allocatable'),
    owner: nodeOwner(labels, meta.source),
    ...nodePlacement(labels, providerId),
  };
  const annotations = honouredAnnotations(meta.source);
  if (annotations !== undefined) row.annotations = annotations;
  const tainted = taints(spec, 'taints', 'spec');
  if (tainted !== undefined) row.taints = tainted;
  if (flag(spec, 'unschedulable', 'spec') === true) row.unschedulable = true;
  if (row.ready && ready !== undefined) {
    const since = timeMs(ready, 'lastTransitionTime', 'status.conditions[]');
    if (since !== undefined) row.readySinceMs = since;
  }
  if (meta.deletionAtMs !== undefined) row.deletionAtMs = meta.deletionAtMs;
  if (providerId !== undefined) row.providerId = providerId;
  const features = texts(status, 'declaredFeatures', 'status');
  if (features !== undefined) row.declaredFeatures = [...features].sort();
  return row;
}

/** The newest time that a node tells of: the kubelet's heartbeat, unless it reports through Leases alone. */
export function nodeTimeMs(object: Json): number {
  let newest = 0;
  const status = record(object, 'status', '');
  if (status === undefined) return newest;
  for (const condition of records(status, 'conditions', 'status'))
    for (const key of ['lastHeartbeatTime', 'lastTransitionTime'])
      newest = Math.max(newest, timeMs(condition, key, 'status.conditions[]') ?? 0);
  return newest;
}

function readyCondition(status: Json): Json | undefined {
  return records(status, 'conditions', 'status').find((condition) => condition.type === 'Ready');
}
