import type { PodFacts } from '../pod-facts.js';
import type { SpreadConstraint, SpreadCounts } from '../spread-constraint.js';
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
    const counts = spreadCounts(pod, constraint, view);
    // With fewer domains than asked for, the fewest counts as zero.
    const minimum = counts.domains < constraint.minDomains ? 0 : counts.minimum;
    if ((counts.byDomain[domain] ?? 0) + constraint.selfMatch - minimum > constraint.maxSkew) return skewed;
  }
  return undefined;
};

/**
 * A node counts when it has the keys of all constraints and passes this constraint's policies. A cordoned or NotReady node
 * counts until its object is gone, unless taints are honoured and it has one (kubernetes#106127).
 */
function spreadCounts(pod: PodFacts, constraint: SpreadConstraint, view: View): SpreadCounts {
  const { matching } = constraint;
  const known = constraint.counts;
  if (known !== undefined && known.counter === matching.version && known.topology === view.topology.version)
    return known;
  const keys = pod.spread.map((entry) => view.topology.domains(entry.topologyKey));
  const domains = view.topology.domains(constraint.topologyKey);
  const counting = new Array<boolean>(domains.count).fill(false);
  const byDomain = new Array<number>(domains.count).fill(0);
  for (let node = 0; node < view.nodeCount; node++) {
    const domain = domains.of[node] ?? -1;
    if (domain === -1 || keys.some((key) => (key.of[node] ?? -1) === -1)) continue;
    if (!included(pod, constraint, node, view)) continue;
    counting[domain] = true;
    byDomain[domain] = (byDomain[domain] as number) + (matching.perNode[node] ?? 0);
  }
  let minimum = Number.POSITIVE_INFINITY;
  let count = 0;
  for (let domain = 0; domain < domains.count; domain++) {
    if (counting[domain] !== true) continue;
    count++;
    minimum = Math.min(minimum, byDomain[domain] as number);
  }
  const counts = { counter: matching.version, topology: view.topology.version, byDomain, minimum, domains: count };
  constraint.counts = counts;
  return counts;
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
