import type { RolloutState, Workload, WorkloadRef } from '@cloudoptim/core';
import type { PodRow } from '../convert/pod.js';
import type { TemplateTable } from '../convert/template-table.js';
import { FieldError } from '../fields.js';
import { groupOf } from '../kinds.js';
import type { ControllerReference } from '../object-meta.js';
import { byText, type Writable } from '../order.js';
import type { Admission } from './admit-template.js';
import type { OwnerRow, ScaleRow } from './owner-row.js';
import { successorTemplate } from './successor.js';

export interface OwnerObjects {
  /** Deployments, StatefulSets, DaemonSets, ReplicationControllers, Jobs, CronJobs. */
  readonly owners: readonly OwnerRow[];
  readonly replicaSets: readonly OwnerRow[];
  /** Objects of unknown kinds that have replicas. */
  readonly custom: readonly OwnerRow[];
  readonly scales: readonly ScaleRow[];
}

export interface ResolvedWorkloads {
  readonly workloads: Workload[];
  /** Index of the workload of each pod, in the order of the pods; -1 for a bare pod. */
  readonly workloadOfPod: number[];
}

/** A workload while its pods are gathered. */
interface Gathered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly owner: OwnerRow | undefined;
  readonly pods: PodRow[];
  readonly podIndexes: number[];
  /** ReplicaSets folded into it. */
  readonly replicaSets: OwnerRow[];
}

/** Finds the controller that makes each pod's successor; ReplicaSets are folded into what controls them. */
export function resolveWorkloads(
  objects: OwnerObjects,
  pods: readonly PodRow[],
  templates: TemplateTable,
  admission: Admission,
  onMalformed: (owner: OwnerRow, error: FieldError) => void,
): ResolvedWorkloads {
  const known = new Map<string, OwnerRow>();
  for (const row of [...objects.custom, ...objects.owners, ...objects.replicaSets]) known.set(keyOf(row), row);
  const gathered = new Map<string, Gathered>();
  const gather = (reference: Reference): Gathered => {
    const key = keyOf(reference);
    let found = gathered.get(key);
    if (found === undefined) {
      const { apiVersion, kind, namespace, name } = reference;
      found = { apiVersion, kind, namespace, name, owner: known.get(key), pods: [], podIndexes: [], replicaSets: [] };
      gathered.set(key, found);
    }
    return found;
  };

  for (const row of objects.owners) if (!row.finished) gather(row);
  for (let index = 0; index < pods.length; index++) {
    const pod = pods[index] as PodRow;
    const reference = makerOf(pod, known, templates);
    if (reference === undefined) continue;
    const workload = gather(reference);
    workload.pods.push(pod);
    workload.podIndexes.push(index);
  }
  for (const row of objects.replicaSets) {
    if (row.controller === undefined) gather(row);
    else {
      // Old ones without pods are left out, but one that was scaled to 0 and still has pods counts: budgets see its 0.
      const above = { ...row.controller, namespace: row.namespace };
      const key = keyOf(above);
      if (known.has(key) || gathered.has(key) || (row.figures.replicas ?? 0) > 0) gather(above).replicaSets.push(row);
    }
  }

  const scaleOf = matchScales(objects.scales, gathered);
  const ordered = [...gathered.values()].sort(
    (a, b) =>
      byText(a.namespace, b.namespace) ||
      byText(a.kind, b.kind) ||
      byText(a.name, b.name) ||
      byText(a.apiVersion, b.apiVersion),
  );
  const workloadOfPod = new Array<number>(pods.length).fill(-1);
  const workloads = ordered.map((one, index) => {
    for (const pod of one.podIndexes) workloadOfPod[pod] = index;
    let successor = -1;
    try {
      const question = { owner: one.owner, pods: one.pods, currentHash: currentHash(one) };
      successor = successorTemplate(question, templates, admission);
    } catch (error) {
      if (!(error instanceof FieldError) || one.owner === undefined) throw error;
      onMalformed(one.owner, error);
    }
    return describe(one, successor, scaleOf.get(one), known);
  });
  return { workloads, workloadOfPod };
}

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Group, not version: a reference may name an older version than the object was listed in. */
function keyOf({ apiVersion, kind, namespace, name }: Reference): string {
  return `${groupOf(apiVersion)}/${kind}\u0000${namespace}\u0000${name}`;
}

function makerOf(pod: PodRow, known: ReadonlyMap<string, OwnerRow>, templates: TemplateTable): Reference | undefined {
  if (pod.owner === undefined) return undefined;
  const direct = { ...pod.owner, namespace: pod.namespace };
  if (direct.kind !== 'ReplicaSet') return direct;
  const replicaSet = known.get(keyOf(direct));
  if (replicaSet?.controller !== undefined) return { ...replicaSet.controller, namespace: pod.namespace };
  if (replicaSet !== undefined) return direct;
  // ReplicaSets were not listed: `<deployment>-<hash>` with the pod's own hash and a Deployment that is there leave no doubt.
  const hash = templates.get(pod.template).labels['pod-template-hash'];
  if (hash !== undefined && direct.name.endsWith(`-${hash}`)) {
    const name = direct.name.slice(0, -hash.length - 1);
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: pod.namespace, name };
    if (known.has(keyOf(deployment))) return deployment;
  }
  return direct;
}

/** The hash of a Deployment's current revision: its newest ReplicaSet, if that is the one the Deployment names. */
function currentHash({ kind, owner, replicaSets, pods }: Gathered): string | undefined {
  if (kind !== 'Deployment' || owner === undefined) return undefined;
  const revision = owner.revision;
  const current = replicaSets.find((row) => revision !== undefined && row.revision === revision);
  if (current !== undefined) return current.labels?.['pod-template-hash'];
  if (replicaSets.length > 0 || owner.rollout !== 'stable') return undefined;
  // ReplicaSets were not listed, but a finished rollout leaves pods of one revision only.
  const suffix = pods.find((pod) => pod.owner?.kind === 'ReplicaSet')?.owner?.name.slice(owner.name.length + 1);
  return suffix === undefined || suffix === '' ? undefined : suffix;
}

function matchScales(scales: readonly ScaleRow[], gathered: ReadonlyMap<string, Gathered>): Map<Gathered, ScaleRow> {
  const byUid = new Map<string, Gathered>();
  const byName = new Map<string, Gathered[]>();
  for (const one of gathered.values()) {
    const uid = one.owner?.uid ?? one.pods[0]?.owner?.uid;
    if (uid !== undefined && uid !== '') byUid.set(uid, one);
    const key = `${one.namespace}\u0000${one.name}`;
    const others = byName.get(key);
    if (others === undefined) byName.set(key, [one]);
    else others.push(one);
  }
  const matched = new Map<Gathered, ScaleRow>();
  for (const scale of scales) {
    const named = byName.get(`${scale.namespace}\u0000${scale.name}`) ?? [];
    const found =
      (scale.uid === undefined ? undefined : byUid.get(scale.uid)) ?? (named.length === 1 ? named[0] : undefined);
    if (found !== undefined) matched.set(found, scale);
  }
  return matched;
}

function describe(
  one: Gathered,
  successor: number,
  scale: ScaleRow | undefined,
  known: ReadonlyMap<string, OwnerRow>,
): Workload {
  const { owner } = one;
  const workload: Writable<Workload> = {
    kind: one.kind,
    namespace: one.namespace,
    name: one.name,
    apiVersion: owner?.apiVersion || one.apiVersion,
    successorTemplate: successor,
    rollout: rolloutOf(one),
  };
  const replicas = scale?.replicas ?? owner?.figures.replicas;
  if (owner !== undefined) {
    if (owner.uid !== undefined) workload.uid = owner.uid;
    if (owner.createdAtMs !== undefined) workload.createdAtMs = owner.createdAtMs;
    if (owner.generation !== undefined) workload.generation = owner.generation;
    Object.assign(workload, owner.figures);
    if (owner.labels !== undefined) workload.labels = owner.labels;
    if (owner.annotations !== undefined) workload.annotations = owner.annotations;
    if (owner.gitOps !== undefined) workload.gitOps = owner.gitOps;
    if (owner.controller !== undefined) workload.owner = ownerReference(owner.controller, one.namespace, known);
  }
  if (replicas !== undefined) workload.replicas = replicas;
  if (one.kind !== 'Deployment' && one.replicaSets.length > 0)
    workload.replicaSetReplicas = one.replicaSets.reduce((sum, row) => sum + (row.figures.replicas ?? 0), 0);
  if (scale !== undefined) workload.scalable = true;
  return workload;
}

function rolloutOf({ owner, replicaSets }: Gathered): RolloutState {
  if (owner === undefined) return 'unknown';
  if (owner.rollout !== 'stable') return owner.rollout;
  return replicaSets.filter((row) => (row.figures.replicas ?? 0) > 0).length > 1 ? 'in-progress' : 'stable';
}

function ownerReference(
  controller: ControllerReference,
  namespace: string,
  known: ReadonlyMap<string, OwnerRow>,
): WorkloadRef {
  const reference = { kind: controller.kind, namespace, name: controller.name };
  const uid = known.get(keyOf({ ...controller, namespace }))?.uid;
  return uid === undefined ? reference : { ...reference, uid };
}
