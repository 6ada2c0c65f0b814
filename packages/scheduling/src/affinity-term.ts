import type { ClusterState, LabelSelector, PodAffinityTerm } from '@cloudoptim/core';
import { isAtLeast } from './kubernetes-version.js';
import { isEmptySelector, type Labels, selects, withLabelKeys } from './labels.js';
import type { Lookups } from './lookups.js';

/** A pod (anti-)affinity term with its owner's namespace and label keys merged in: it can be asked about any pod. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: LabelSelector | undefined;
  readonly namespaces: readonly string[];
  readonly namespaceSelector: LabelSelector | undefined;
  /** Equal for terms that select the same pods by the same words, whatever their topology key. */
  readonly key: string;
}

/** Resolves a term for a pod with these labels. Neither namespaces nor a selector means the pod's own namespace. */
export function resolveTerm(term: PodAffinityTerm, namespace: string, labels: Labels): AffinityTerm {
  const own = (term.namespaces ?? []).length === 0 && term.namespaceSelector === undefined;
  const namespaces = own ? [namespace] : [...(term.namespaces ?? [])].sort();
  const selector = withLabelKeys(term.labelSelector, labels, term.matchLabelKeys, term.mismatchLabelKeys);
  return {
    topologyKey: term.topologyKey,
    selector,
    namespaces,
    namespaceSelector: term.namespaceSelector,
    key: JSON.stringify([namespaces, term.namespaceSelector ?? null, selector ?? null]),
  };
}

/**
 * A term of the pod that is being placed, as kube-scheduler reads it. Since 1.34 it forgets to drop the namespace selector
 * once it has looked up the namespaces, and asks it again of no labels at all: a selector that takes those (NotIn,
 * DoesNotExist) takes every namespace (mergeAffinityTermNamespacesIfNotEmpty, whose term is no longer a pointer).
 */
export function incomingTerm(term: PodAffinityTerm, state: Pick<ClusterState, 'kubernetesVersion'>): PodAffinityTerm {
  return term.namespaceSelector !== undefined && selects(term.namespaceSelector, {}) && isAtLeast(state, 34)
    ? { ...term, namespaceSelector: {} }
    : term;
}

/**
 * Whether a term selects a pod: listed namespaces and those that the namespace selector selects are united. A namespace
 * whose labels are unknown is judged by the one label that every namespace has.
 */
export function termSelects(term: AffinityTerm, namespace: string, labels: Labels, lookups: Lookups): boolean {
  return inNamespace(term, namespace, lookups) && selects(term.selector, labels);
}

function inNamespace(term: AffinityTerm, namespace: string, lookups: Lookups): boolean {
  if (term.namespaces.includes(namespace)) return true;
  if (term.namespaceSelector === undefined) return false;
  return selects(
    term.namespaceSelector,
    lookups.namespaceLabels(namespace) ?? { 'kubernetes.io/metadata.name': namespace },
  );
}

/** Whether the term asks for labels of namespaces, which may be unknown; the empty selector takes all and asks for none. */
export function asksForNamespaceLabels(term: AffinityTerm): boolean {
  return term.namespaceSelector !== undefined && !isEmptySelector(term.namespaceSelector);
}
