import type { PodTemplate } from '@cloudoptim/core';
import type { PodRow } from '../convert/pod.js';
import { podShape } from '../convert/pod-template.js';
import type { TemplateTable } from '../convert/template-table.js';
import { isRecord, type Json, record, setOwn, textMap } from '../fields.js';
import { honouredAnnotations } from '../object-meta.js';
import { byText } from '../order.js';
import { type Admission, admitPodSpec } from './admit-template.js';
import type { OwnerRow } from './owner-row.js';

/** What is known of a workload when its successor's template is sought. */
export interface SuccessorQuestion {
  readonly owner: OwnerRow | undefined;
  readonly pods: readonly PodRow[];
  /** pod-template-hash of a Deployment's current ReplicaSet. */
  readonly currentHash: string | undefined;
}

/**
 * Number of the template that the workload's next pod will have, -1 when that cannot be told.
 *
 * The newest live pod of the current revision is the best witness, since it shows what webhooks add; one whose spec was
 * changed afterwards is not, since an in-place resize is lost on eviction. Without a witness the owner's template is admitted
 * as the API server would. Without the owner, pods that all look alike say what the next one looks like.
 */
export function successorTemplate(question: SuccessorQuestion, templates: TemplateTable, admission: Admission): number {
  const { owner, pods } = question;
  const live = pods.filter(isLive);
  if (owner?.template === undefined) return commonTemplate(live);
  const revision = revisionLabel(owner, question.currentHash);
  const witness = revision === undefined ? undefined : newest(live, revision, templates);
  if (witness !== undefined) return beforeScheduling(witness, owner.template, templates);
  return templates.add(admittedTemplate(owner, owner.template, revision, admission));
}

type Revision = { readonly label: string; readonly value: string } | 'any';

/** The label by which the pods of an owner's current revision are known; `any` for owners without revisions. */
function revisionLabel(owner: OwnerRow, currentHash: string | undefined): Revision | undefined {
  switch (owner.kind) {
    case 'Deployment':
      return currentHash === undefined ? undefined : { label: 'pod-template-hash', value: currentHash };
    case 'StatefulSet':
      return owner.revision === undefined ? undefined : { label: 'controller-revision-hash', value: owner.revision };
    case 'DaemonSet':
      if (owner.revision !== undefined) return { label: 'pod-template-generation', value: owner.revision };
      return owner.rollout === 'stable' ? 'any' : undefined;
    default:
      return 'any';
  }
}

function newest(live: readonly PodRow[], revision: Revision, templates: TemplateTable): PodRow | undefined {
  let best: PodRow | undefined;
  for (const pod of live) {
    if (pod.changed) continue;
    if (revision !== 'any' && templates.get(pod.template).labels[revision.label] !== revision.value) continue;
    if (best === undefined || isNewer(pod, best)) best = pod;
  }
  return best;
}

function isNewer(a: PodRow, b: PodRow): boolean {
  return ((a.createdAtMs ?? 0) - (b.createdAtMs ?? 0) || byText(b.name, a.name)) > 0;
}

function isLive(pod: PodRow): boolean {
  return pod.phase !== 'Succeeded' && pod.phase !== 'Failed' && pod.extra?.deletionAtMs === undefined;
}

function commonTemplate(live: readonly PodRow[]): number {
  const numbers = new Set(live.map((pod) => pod.template));
  const [only] = numbers;
  return numbers.size === 1 && only !== undefined ? only : -1;
}

/** A live pod has lost its scheduling gates, and its node name is the scheduler's; the next pod starts with the template's. */
function beforeScheduling(witness: PodRow, ownerTemplate: Json, templates: TemplateTable): number {
  const spec = record(ownerTemplate, 'spec', 'spec.template') ?? {};
  const nodeName = typeof spec.nodeName === 'string' && spec.nodeName !== '' ? spec.nodeName : undefined;
  const gates = Array.isArray(spec.schedulingGates)
    ? spec.schedulingGates.flatMap((gate) => (isRecord(gate) && typeof gate.name === 'string' ? [gate.name] : []))
    : [];
  if (nodeName === undefined && gates.length === 0) return witness.template;
  return templates.add(inFieldOrder({ ...templates.get(witness.template) }, gates, nodeName));
}

function admittedTemplate(
  owner: OwnerRow,
  ownerTemplate: Json,
  revision: Revision | undefined,
  admission: Admission,
): PodTemplate {
  const metadata = record(ownerTemplate, 'metadata', 'spec.template') ?? {};
  const labels = { ...textMap(metadata, 'labels', 'spec.template.metadata') };
  if (revision !== undefined && revision !== 'any') setOwn(labels, revision.label, revision.value);
  const source = record(ownerTemplate, 'spec', 'spec.template') ?? {};
  const spec = admitPodSpec(source, owner.namespace, owner.kind, labels, admission);
  const { template } = podShape({
    namespace: owner.namespace,
    podName: undefined,
    labels: textMap({ labels }, 'labels', ''),
    annotations: honouredAnnotations(metadata),
    spec,
  });
  const nodeName = typeof source.nodeName === 'string' && source.nodeName !== '' ? source.nodeName : undefined;
  return nodeName === undefined ? template : inFieldOrder({ ...template }, template.schedulingGates ?? [], nodeName);
}

/** Puts gates and node name where `podShape` would have: the text of a template is its key. */
function inFieldOrder(template: PodTemplate, gates: readonly string[], nodeName: string | undefined): PodTemplate {
  const {
    namespace,
    labels,
    needs,
    containers,
    annotations,
    schedulerName,
    schedulingGates: _,
    nodeName: __,
    ...rest
  } = template;
  return {
    namespace,
    labels,
    needs,
    containers,
    ...(annotations === undefined ? {} : { annotations }),
    ...(schedulerName === undefined ? {} : { schedulerName }),
    ...(gates.length === 0 ? {} : { schedulingGates: gates }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...rest,
  };
}
