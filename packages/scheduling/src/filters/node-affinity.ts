import type { Node, NodeSelectorTerm } from '@cloudoptim/core';
import { labelOf } from '../labels.js';
import { matchesTerm } from '../node-selectors.js';
import type { PodFacts } from '../pod-facts.js';
import type { Filter, PreFilter } from './filter.js';

const refusal = ["node(s) didn't match Pod's node affinity/selector"];
const notAmongNames = ["node(s) didn't satisfy plugin(s) [NodeAffinity]"];

/** nodeSelector and required node affinity must both hold (nodeaffinity/node_affinity.go). */
export const nodeAffinity: Filter = (pod, node, view) => {
  const object = view.node(node);
  return object !== undefined && matchesNodeAffinity(pod, object) ? undefined : refusal;
};

/** Terms that each name nodes which exclude one another can match no node at all. */
export const nodeAffinityConflict: PreFilter = (pod) =>
  namesAllowed(pod)?.size === 0 ? ['pod affinity terms conflict'] : undefined;

/**
 * Where every term names nodes by metadata.name, kube-scheduler looks at no others, and says so in words of its own
 * (schedule_one.go, the absent nodes of a PreFilterResult). DaemonSet pods are the common case.
 */
export const nodeNames: Filter = (pod, node, view) => {
  const names = namesAllowed(pod);
  return names === undefined || names.has(view.node(node)?.name ?? '') ? undefined : notAmongNames;
};

/** Also what `nodeAffinityPolicy: Honor` asks of a topology domain. */
export function matchesNodeAffinity({ template, pinnedNode }: PodFacts, node: Node): boolean {
  for (const key in template.nodeSelector)
    if (Object.hasOwn(template.nodeSelector, key) && labelOf(node.labels, key) !== template.nodeSelector[key])
      return false;
  if (pinnedNode !== undefined && pinnedNode !== node.name) return false;
  const required = template.nodeAffinity?.required;
  if (required === undefined) return true;
  // The converter takes the matchFields of DaemonSet pods out of their template; what is left of such a term may be empty.
  return required.nodeSelectorTerms.some((term) => matchesTerm(term, node, pinnedNode !== undefined));
}

function namesAllowed({ template, pinnedNode }: PodFacts): ReadonlySet<string> | undefined {
  const terms = template.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  if (pinnedNode !== undefined) return new Set([pinnedNode]);
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const own = namesOf(term);
    if (own === undefined) return undefined;
    for (const name of own) names.add(name);
  }
  return names;
}

function namesOf(term: NodeSelectorTerm): readonly string[] | undefined {
  let names: readonly string[] | undefined;
  for (const { key, operator, values = [] } of term.matchFields ?? []) {
    if (key !== 'metadata.name' || operator !== 'In') continue;
    names = names === undefined ? values : names.filter((name) => values.includes(name));
  }
  return names;
}
