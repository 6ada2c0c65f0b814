import type { PodFacts } from '../pod-facts.js';
import type { SpreadConstraint, SpreadCounts } from '../spread-constraint.js';
import { untoleratedTaint } from '../tolerations.js';
import type { Domains } from '../topology.js';
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
  const keys = pod.spread.map((entry) => view.topology.domains(entry.topologyKey).of);
  const domains = view.topology.domains(constraint.topologyKey);
  const counts = (node: number) => keys.every((of) => (of[node] ?? -1) !== -1) && included(pod, constraint, node, view);
  const byDomain = new Array<number>(domains.count).fill(0);
  for (const [node, pods] of matching.perNode) {
    if (!counts(node)) continue;
    const domain = domains.of[node] as number;
    byDomain[domain] = (byDomain[domain] as number) + pods;
  }
  const counting = countingDomains(constraint, domains, counts, view.nodeCount);
  let minimum = Number.POSITIVE_INFINITY;
  let count = 0;
  for (let domain = 0; domain < domains.count; domain++) {
    if (counting[domain] !== true) continue;
    count++;
    minimum = Math.min(minimum, byDomain[domain] as number);
  }
  const found = { counter: matching.version, topology: view.topology.version, byDomain, minimum, domains: count };
  constraint.counts = found;
  return found;
}

/** Whether each domain has a node that counts. The node that showed it last time is asked first. */
function countingDomains(
  { witnesses }: SpreadConstraint,
  { of, count }: Domains,
  counts: (node: number) => boolean,
  nodes: number,
): readonly boolean[] {
  const counting = Array.from({ length: count }, (_, domain) => {
    const witness = witnesses[domain];
    return witness !== undefined && of[witness] === domain && counts(witness);
  });
  if (counting.every(Boolean)) return counting;
  for (let node = 0; node < nodes; node++) {
    const domain = of[node] ?? -1;
    if (domain === -1 || counting[domain] === true || !counts(node)) continue;
    counting[domain] = true;
    witnesses[domain] = node;
  }
  return counting;
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
