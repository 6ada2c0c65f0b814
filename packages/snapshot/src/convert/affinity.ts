import type { NodeAffinity, NodeSelector, NodeSelectorTerm, PodAffinity, PodAffinityTerm } from '@cloudoptim/core';
import { FieldError, integer, type Json, record, records, requiredRecord, requiredText, texts } from '../fields.js';
import type { Writable } from '../order.js';
import { labelSelector, nodeSelector, requiredTerm } from './selectors.js';

/** spec.affinity, with the node name that a DaemonSet pod is pinned to told apart. */
export interface Affinity {
  readonly node?: NodeAffinity;
  readonly pod?: PodAffinity;
  readonly antiPod?: PodAffinity;
  readonly pinnedNode?: string;
}

const noAffinity: Affinity = {};
const requiredKey = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredKey = 'preferredDuringSchedulingIgnoredDuringExecution';

export function affinity(spec: Json): Affinity {
  const source = record(spec, 'affinity', 'spec');
  if (source === undefined) return noAffinity;
  const result: Writable<Affinity> = {};
  const node = record(source, 'nodeAffinity', 'spec.affinity');
  if (node !== undefined) {
    const pinned = unpin(nodeAffinity(node, 'spec.affinity.nodeAffinity'));
    if (pinned.affinity.required !== undefined || pinned.affinity.preferred !== undefined)
      result.node = pinned.affinity;
    if (pinned.node !== undefined) result.pinnedNode = pinned.node;
  }
  const pod = podAffinity(source, 'podAffinity');
  const antiPod = podAffinity(source, 'podAntiAffinity');
  if (pod !== undefined) result.pod = pod;
  if (antiPod !== undefined) result.antiPod = antiPod;
  return result;
}

function nodeAffinity(source: Json, where: string): NodeAffinity {
  const result: Writable<NodeAffinity> = {};
  const required = nodeSelector(source, requiredKey, where);
  if (required !== undefined) result.required = required;
  const preferred = records(source, preferredKey, where).map((entry) => ({
    weight: integer(entry, 'weight', `${where}.${preferredKey}[]`) ?? 0,
    preference: requiredTerm(entry, 'preference', `${where}.${preferredKey}[]`),
  }));
  if (preferred.length > 0) result.preferred = preferred;
  return result;
}

/**
 * The DaemonSet controller puts `metadata.name In [node]` into every required term of each of its pods (kubernetes
 * pkg/controller/daemon/util/daemonset_util.go). Left there, each pod would be a template of its own. (A and N) or (B and N)
 * is N and (A or B), and a term that has nothing else than N is true once N holds.
 */
function unpin(whole: NodeAffinity): { readonly affinity: NodeAffinity; readonly node?: string } {
  const terms = whole.required?.nodeSelectorTerms;
  if (terms === undefined || terms.length === 0) return { affinity: whole };
  const node = pinnedName(terms[0] as NodeSelectorTerm);
  if (node === undefined || terms.some((term) => pinnedName(term) !== node)) return { affinity: whole };
  const rest: NodeSelectorTerm[] = [];
  for (const term of terms)
    if (term.matchExpressions !== undefined) rest.push({ matchExpressions: term.matchExpressions });
  const affinity: Writable<NodeAffinity> = {};
  if (rest.length === terms.length) affinity.required = { nodeSelectorTerms: rest } satisfies NodeSelector;
  if (whole.preferred !== undefined) affinity.preferred = whole.preferred;
  return { affinity, node };
}

function pinnedName(term: NodeSelectorTerm): string | undefined {
  const [field, ...others] = term.matchFields ?? [];
  if (field === undefined || others.length > 0) return undefined;
  if (field.key !== 'metadata.name' || field.operator !== 'In' || field.values?.length !== 1) return undefined;
  return field.values[0];
}

function podAffinity(affinitySource: Json, key: string): PodAffinity | undefined {
  const source = record(affinitySource, key, 'spec.affinity');
  if (source === undefined) return undefined;
  const where = `spec.affinity.${key}`;
  const result: Writable<PodAffinity> = {};
  const required = records(source, requiredKey, where).map((term) =>
    podAffinityTerm(term, `${where}.${requiredKey}[]`),
  );
  const preferred = records(source, preferredKey, where).map((entry) => ({
    weight: integer(entry, 'weight', `${where}.${preferredKey}[]`) ?? 0,
    term: podAffinityTerm(
      requiredRecord(entry, 'podAffinityTerm', `${where}.${preferredKey}[]`),
      `${where}.${preferredKey}[].podAffinityTerm`,
    ),
  }));
  if (required.length > 0) result.required = required;
  if (preferred.length > 0) result.preferred = preferred;
  return required.length > 0 || preferred.length > 0 ? result : undefined;
}

function podAffinityTerm(source: Json, where: string): PodAffinityTerm {
  const term: Writable<PodAffinityTerm> = { topologyKey: requiredText(source, 'topologyKey', where) };
  const selector = labelSelector(source, 'labelSelector', where);
  const namespaces = texts(source, 'namespaces', where);
  const namespaceSelector = labelSelector(source, 'namespaceSelector', where);
  const matchLabelKeys = texts(source, 'matchLabelKeys', where);
  const mismatchLabelKeys = texts(source, 'mismatchLabelKeys', where);
  if (selector !== undefined) term.labelSelector = selector;
  if (namespaces !== undefined) term.namespaces = namespaces;
  if (namespaceSelector !== undefined) term.namespaceSelector = namespaceSelector;
  if (matchLabelKeys !== undefined) term.matchLabelKeys = matchLabelKeys;
  if (mismatchLabelKeys !== undefined) term.mismatchLabelKeys = mismatchLabelKeys;
  if (selector === undefined && (matchLabelKeys !== undefined || mismatchLabelKeys !== undefined))
    throw new FieldError(`${where}.matchLabelKeys`, 'the API allows it only beside a labelSelector');
  return term;
}
