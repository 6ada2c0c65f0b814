import { selectedBy, termsAgainst } from '../filters/inter-pod-affinity.js';
import { included } from '../filters/pod-topology-spread.js';
import type { PodFacts } from '../pod-facts.js';
import { inclusionOf } from '../spread-inclusion.js';
import { tolerates, unschedulableTaint } from '../tolerations.js';
import type { View } from '../view.js';

/** Above every sum of versions, so that what stands for domains that are gone cannot be taken for one. */
const aboveVersions = 2 ** 32;

/**
 * A number that is another one after each change of what a pod minds beyond the room that others take: which pods are there that it
 * spreads by, is drawn to or keeps from, or that keep it away. Undefined where more than that decides: it tolerates a cordon, so that
 * a gap is room, or has ports or volumes that others may hold.
 */
export function mindedChanges(facts: PodFacts, view: View): number | undefined {
  const { template, spread, affinity, antiAffinity, hostPorts, claims, inlineEbsVolumes } = facts;
  if (hostPorts.length + claims.length + inlineEbsVolumes.length > 0) return undefined;
  if (tolerates(template.tolerations, unschedulableTaint, view.comparisonOperators)) return undefined;
  // All of these only grow, so their sum stays the same only where each of them does.
  let sum = 0;
  for (const constraint of spread) {
    const { matching } = constraint;
    const { changed, domains, emptied } = inclusionOf(facts, constraint, view, included);
    sum += matching.version + changed;
    // A domain that is gone may have been the one with the fewest, unless another one has no such pod at all.
    if (domains <= matching.perNode.size) sum += (emptied + 1) * aboveVersions;
  }
  if (affinity.length > 0) sum += selectedBy(affinity, view).version;
  for (const term of antiAffinity) sum += selectedBy([term], view).version;
  for (const index of termsAgainst(facts, view)) sum += view.antiAffinityTerms[index]?.carriers.version ?? 0;
  return sum;
}
