import { selectedBy, termsAgainst } from '../filters/inter-pod-affinity.js';
import type { PodFacts } from '../pod-facts.js';
import { tolerates, unschedulableTaint } from '../tolerations.js';
import type { View } from '../view.js';

/**
 * A number that is another one after each change of what a pod minds beyond the room that others take: which pods are there that it
 * spreads by, is drawn to or keeps from, or that keep it away. Undefined where more than that decides: it tolerates a cordon, so that
 * a gap is room, or has ports or volumes that others may hold.
 */
export function mindedChanges(facts: PodFacts, view: View): number | undefined {
  const { template, spread, affinity, antiAffinity, hostPorts, claims, inlineEbsVolumes } = facts;
  if (hostPorts.length + claims.length + inlineEbsVolumes.length > 0) return undefined;
  if (tolerates(template.tolerations, unschedulableTaint, view.comparisonOperators)) return undefined;
  // Versions only grow, so their sum stays the same only where each of them does.
  let sum = view.topology.version;
  for (const { matching } of spread) sum += matching.version;
  if (affinity.length > 0) sum += selectedBy(affinity, view).version;
  for (const term of antiAffinity) sum += selectedBy([term], view).version;
  for (const index of termsAgainst(facts, view)) sum += view.antiAffinityTerms[index]?.carriers.version ?? 0;
  return sum;
}
