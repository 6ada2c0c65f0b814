import type { PodFacts } from '../pod-facts.js';
import type { SpreadConstraint, SpreadCounts } from '../spread-constraint.js';
import { inclusionOf } from '../spread-inclusion.js';
import { untoleratedTaint } from '../tolerations.js';
import type { View } from '../view.js';
import type { Filter } from './filter.js';
import { matchesNodeAffinity } from './node-affinity.js';

export const skewed = ["node(s) didn't match pod topology spread constraints"];
export const unlabelled = ["node(s) didn't match pod topology spread constraints (missing required label)"];

/**
 * matching pods in the node's domain + 1 if the pod selects itself − the fewest in any domain ≤ maxSkew
 * (podtopologyspread/filtering.go).
 */
export const podTopologySpread: Filter = (pod, node, view) => {
  for (const constraint of pod.spread) {
    const domain = view.topology.domains(constraint.topologyKey).of[node] ?? -1;
    if (domain === -1) return unlabelled;
    if (beyondSkew(pod, constraint, domain, view) > 0) return skewed;
  }
  return undefined;
};

/** How many matching pods the domain has too many for the pod to come; 0 or less where it may. */
export function beyondSkew(pod: PodFacts, constraint: SpreadConstraint, domain: number, view: View): number {
  const counts = spreadCounts(pod, constraint, view);
  // With fewer domains than asked for, the fewest counts as zero.
  const minimum = counts.domains < constraint.minDomains ? 0 : counts.minimum;
  return (counts.byDomain[domain] ?? 0) + constraint.selfMatch - minimum - constraint.maxSkew;
}

/** Matching pods by domain, on the nodes that count. */
function spreadCounts(pod: PodFacts, constraint: SpreadConstraint, view: View): SpreadCounts {
  const { matching } = constraint;
  const known = constraint.counts;
  if (known !== undefined && known.counter === matching.version && known.topology === view.topology.version)
    return known;
  const inclusion = inclusionOf(pod, constraint, view, included);
  const { of, count } = view.topology.domains(constraint.topologyKey);
  const byDomain = new Array<number>(count).fill(0);
  for (const [node, pods] of matching.perNode) {
    const domain = of[node] as number;
    if (inclusion.has(node)) byDomain[domain] = (byDomain[domain] as number) + pods;
  }
  let minimum = Number.POSITIVE_INFINITY;
  let domains = 0;
  for (let domain = 0; domain < count; domain++) {
    if ((inclusion.nodes[domain] ?? 0) === 0) continue;
    domains++;
    minimum = Math.min(minimum, byDomain[domain] as number);
  }
  const found = { counter: matching.version, topology: view.topology.version, byDomain, minimum, domains };
  constraint.counts = found;
  return found;
}

/** Whether a node's domain counts for a constraint of a pod. */
export function included(pod: PodFacts, constraint: SpreadConstraint, node: number, view: View): boolean {
  const object = view.node(node);
  if (object === undefined) return false;
  if (constraint.honourAffinity && !matchesNodeAffinity(pod, object)) return false;
  return (
    !constraint.honourTaints ||
    untoleratedTaint(object.taints, pod.template.tolerations, view.comparisonOperators) === undefined
  );
}
