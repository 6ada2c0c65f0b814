import type { RolloutState, UpdateStrategy } from '@cloudoptim/core';
import { equalitySelector, labelSelector } from '../convert/selectors.js';
import {
  choice,
  filledText,
  flag,
  integer,
  intOrPercent,
  type Json,
  record,
  records,
  requiredRecord,
  requiredText,
} from '../fields.js';
import { annotation, type ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';
import { type OwnerFigures, type OwnerRow, ownerRow } from './owner-row.js';

type Figures = Writable<OwnerFigures>;

export function deployment(object: Json, meta: ObjectMeta): OwnerRow {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '');
  const figures: Figures = { replicas: integer(spec, 'replicas', 'spec') ?? 1, scalable: true };
  addSelector(figures, spec);
  figures.strategy = updateStrategy(spec, 'strategy', 'rollingUpdate');
  let rollout: RolloutState = 'unknown';
  if (status !== undefined) {
    addStatus(figures, status, 'readyReplicas', 'updatedReplicas');
    // As `kubectl rollout status` sees it, less the wait for availability: a pod that is being moved is not a rollout.
    const replicas = integer(status, 'replicas', 'status') ?? 0;
    const updated = figures.updatedReplicas ?? 0;
    const wanted = figures.replicas ?? 1;
    const isMoving = isBehind(meta, figures) || updated < wanted || replicas > updated;
    rollout = isMoving ? 'in-progress' : 'stable';
  }
  if (flag(spec, 'paused', 'spec') === true) rollout = 'paused';
  const revision = annotation(meta, 'deployment.kubernetes.io/revision');
  // A template newer than the controller has seen has no ReplicaSet yet, so the revision says nothing of it.
  const isSeen = status !== undefined && !isBehind(meta, figures);
  return ownerRow(meta, {
    figures,
    rollout,
    template: record(spec, 'template', 'spec'),
    revision: isSeen ? revision : undefined,
  });
}

export function statefulSet(object: Json, meta: ObjectMeta): OwnerRow {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '');
  const figures: Figures = { replicas: integer(spec, 'replicas', 'spec') ?? 1, scalable: true };
  addSelector(figures, spec);
  figures.strategy = updateStrategy(spec, 'updateStrategy', 'rollingUpdate');
  figures.podManagement = choice(spec, 'podManagementPolicy', 'spec', ['OrderedReady', 'Parallel']) ?? 'OrderedReady';
  const claims = records(spec, 'volumeClaimTemplates', 'spec').map((claim) =>
    requiredText(
      requiredRecord(claim, 'metadata', 'spec.volumeClaimTemplates[]'),
      'name',
      'spec.volumeClaimTemplates[].metadata',
    ),
  );
  if (claims.length > 0) figures.claimTemplates = claims;
  let rollout: RolloutState = 'unknown';
  let revision: string | undefined;
  if (status !== undefined) {
    addStatus(figures, status, 'readyReplicas', 'updatedReplicas');
    const current = filledText(status, 'currentRevision', 'status');
    const update = filledText(status, 'updateRevision', 'status');
    if (!isBehind(meta, figures)) revision = update;
    rollout = isBehind(meta, figures) || current !== update ? 'in-progress' : 'stable';
  }
  return ownerRow(meta, { figures, rollout, template: record(spec, 'template', 'spec'), revision });
}

export function daemonSet(object: Json, meta: ObjectMeta): OwnerRow {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '');
  const figures: Figures = { scalable: false };
  addSelector(figures, spec);
  figures.strategy = updateStrategy(spec, 'updateStrategy', 'rollingUpdate');
  let rollout: RolloutState = 'unknown';
  if (status !== undefined) {
    addStatus(figures, status, 'numberReady', 'updatedNumberScheduled');
    const desired = integer(status, 'desiredNumberScheduled', 'status') ?? 0;
    rollout = isBehind(meta, figures) || (figures.updatedReplicas ?? 0) < desired ? 'in-progress' : 'stable';
  }
  return ownerRow(meta, {
    figures,
    rollout,
    template: record(spec, 'template', 'spec'),
    revision: annotation(meta, 'deprecated.daemonset.template.generation'),
  });
}

/** A ReplicaSet or a ReplicationController, which have no revisions. */
export function replicaSet(object: Json, meta: ObjectMeta): OwnerRow {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '');
  const figures: Figures = { replicas: integer(spec, 'replicas', 'spec') ?? 1, scalable: true };
  const selector =
    meta.kind === 'ReplicationController'
      ? equalitySelector(spec, 'selector', 'spec')
      : labelSelector(spec, 'selector', 'spec');
  if (selector !== undefined) figures.selector = selector;
  if (status !== undefined) addStatus(figures, status, 'readyReplicas', undefined);
  const rollout = status === undefined ? 'unknown' : isBehind(meta, figures) ? 'in-progress' : 'stable';
  // Ten old ReplicaSets a Deployment would hold ten times the templates in memory, and none of them is ever needed.
  const template = meta.controller === undefined ? record(spec, 'template', 'spec') : undefined;
  return ownerRow(meta, {
    figures,
    rollout,
    template,
    revision: annotation(meta, 'deployment.kubernetes.io/revision'),
  });
}

export function job(object: Json, meta: ObjectMeta): OwnerRow {
  const spec = requiredRecord(object, 'spec', '');
  const status = record(object, 'status', '') ?? {};
  const figures: Figures = { scalable: false };
  const selector = labelSelector(spec, 'selector', 'spec');
  if (selector !== undefined) figures.selector = selector;
  const suspended = flag(spec, 'suspend', 'spec');
  if (suspended !== undefined) figures.suspended = suspended;
  const finished = records(status, 'conditions', 'status').some(
    (condition) => (condition.type === 'Complete' || condition.type === 'Failed') && condition.status === 'True',
  );
  return ownerRow(meta, { figures, rollout: 'stable', template: record(spec, 'template', 'spec'), finished });
}

export function cronJob(object: Json, meta: ObjectMeta): OwnerRow {
  const spec = requiredRecord(object, 'spec', '');
  const figures: Figures = { scalable: false, schedule: requiredText(spec, 'schedule', 'spec') };
  const timeZone = filledText(spec, 'timeZone', 'spec');
  const suspended = flag(spec, 'suspend', 'spec');
  if (timeZone !== undefined) figures.timeZone = timeZone;
  if (suspended !== undefined) figures.suspended = suspended;
  const jobTemplate = record(spec, 'jobTemplate', 'spec') ?? {};
  const jobSpec = record(jobTemplate, 'spec', 'spec.jobTemplate') ?? {};
  return ownerRow(meta, { figures, rollout: 'stable', template: record(jobSpec, 'template', 'spec.jobTemplate.spec') });
}

function addSelector(figures: Figures, spec: Json): void {
  const selector = labelSelector(spec, 'selector', 'spec');
  if (selector !== undefined) figures.selector = selector;
}

function addStatus(figures: Figures, status: Json, readyKey: string, updatedKey: string | undefined): void {
  const observed = integer(status, 'observedGeneration', 'status');
  if (observed !== undefined) figures.observedGeneration = observed;
  // The API leaves zero counts out.
  figures.readyReplicas = integer(status, readyKey, 'status') ?? 0;
  if (updatedKey !== undefined) figures.updatedReplicas = integer(status, updatedKey, 'status') ?? 0;
}

/** The controller has not yet seen the newest spec. */
function isBehind(meta: ObjectMeta, figures: OwnerFigures): boolean {
  return meta.generation !== undefined && (figures.observedGeneration ?? 0) < meta.generation;
}

function updateStrategy(spec: Json, key: string, detailsKey: string): UpdateStrategy {
  const source = record(spec, key, 'spec') ?? {};
  const where = `spec.${key}`;
  const strategy: Writable<UpdateStrategy> = {
    type: choice(source, 'type', where, ['RollingUpdate', 'Recreate', 'OnDelete']) ?? 'RollingUpdate',
  };
  const details = record(source, detailsKey, where);
  if (details !== undefined) {
    const maxSurge = intOrPercent(details, 'maxSurge', `${where}.${detailsKey}`);
    const maxUnavailable = intOrPercent(details, 'maxUnavailable', `${where}.${detailsKey}`);
    if (maxSurge !== undefined) strategy.maxSurge = maxSurge;
    if (maxUnavailable !== undefined) strategy.maxUnavailable = maxUnavailable;
  }
  const minReady = integer(spec, 'minReadySeconds', 'spec');
  if (minReady !== undefined && minReady !== 0) strategy.minReadySeconds = minReady;
  return strategy;
}
