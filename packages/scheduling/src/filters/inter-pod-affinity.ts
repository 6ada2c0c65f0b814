import { type AffinityTerm, asksForNamespaceLabels, termSelects } from '../affinity-term.js';
import type { Counter } from '../counters.js';
import { type Labels, selects } from '../labels.js';
import type { Lookups } from '../lookups.js';
import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';
import type { Filter } from './filter.js';

export const unmetAffinity = ["node(s) didn't match pod affinity rules"];
export const unmetAntiAffinity = ["node(s) didn't match pod anti-affinity rules"];
export const keptAway = ["node(s) didn't satisfy existing pods anti-affinity rules"];

/** Required terms of the pod, and required anti-affinity of the pods already bound (interpodaffinity/filtering.go). */
export const interPodAffinity: Filter = (pod, node, view) => {
  if (pod.affinity.length > 0 && !satisfiesAffinity(pod, node, view)) return unmetAffinity;
  for (const term of pod.antiAffinity)
    if (podsNear(selectedBy([term], view), term, node, view) > 0) return unmetAntiAffinity;
  for (const index of termsAgainst(pod, view)) {
    const { term, carriers } = view.antiAffinityTerms[index] as View['antiAffinityTerms'][number];
    if (podsNear(carriers, term, node, view) > 0) return keptAway;
  }
  return undefined;
};

/**
 * Each term's domain must hold a pod that matches all terms. The first pod of a group is let in anywhere, provided that the
 * node has every topology key, that no bound pod matches, and that the pod matches its own terms.
 */
function satisfiesAffinity(pod: PodFacts, node: number, view: View): boolean {
  const matching = selectedBy(pod.affinity, view);
  let found = true;
  for (const term of pod.affinity) {
    if ((view.topology.domains(term.topologyKey).of[node] ?? -1) === -1) return false;
    if (podsNear(matching, term, node, view) === 0) found = false;
  }
  if (found) return true;
  const anywhere = pod.affinity.some((term) => matching.byDomain(term.topologyKey, view.topology).size > 0);
  return !anywhere && pod.affinity.every((term) => termSelects(term, pod.namespace, pod.labels, view.lookups));
}

/** The counter of bound pods that all of the terms select. */
export function selectedBy(terms: readonly AffinityTerm[], view: View): Counter {
  const key = terms.length === 1 ? (terms[0] as AffinityTerm).key : terms.map((term) => term.key).join(' and ');
  return view.counters.get(
    `affinity ${key}`,
    true,
    (template, labels) => terms.every((term) => termSelects(term, template.namespace, labels, view.lookups)),
    terms[0]?.selector?.matchLabels,
  );
}

/** Pods of the counter in the node's domain of the term. */
export function podsNear(counter: Counter, term: AffinityTerm, node: number, view: View): number {
  // Nodes without the key are in no domain, -1, where nobody is counted.
  const domain = view.topology.domains(term.topologyKey).of[node] ?? -1;
  return counter.byDomain(term.topologyKey, view.topology).get(domain) ?? 0;
}

/** Terms of bound pods that select this pod; each term is asked once. */
export function termsAgainst(pod: PodFacts, view: View): readonly number[] {
  const { against } = pod;
  for (; against.seen < view.antiAffinityTerms.length; against.seen++) {
    const { term } = view.antiAffinityTerms[against.seen] as View['antiAffinityTerms'][number];
    if (keepsAway(term, pod.namespace, pod.labels, view.lookups)) against.terms.push(against.seen);
  }
  return against.terms;
}

/**
 * Whether a bound pod's anti-affinity term selects a pod. A namespace whose labels nobody listed may be one that the term
 * selects: kept apart, since wrongly together cannot be undone.
 */
export function keepsAway(term: AffinityTerm, namespace: string, labels: Labels, lookups: Lookups): boolean {
  return (
    termSelects(term, namespace, labels, lookups) ||
    (asksForNamespaceLabels(term) &&
      lookups.namespaceLabels(namespace) === undefined &&
      !lookups.covers('Namespace') &&
      selects(term.selector, labels))
  );
}
