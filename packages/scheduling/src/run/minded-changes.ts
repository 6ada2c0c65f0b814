import { selectedBy, termsAgainst } from '../filters/inter-pod-affinity.js';
import { included } from '../filters/pod-topology-spread.js';
import type { PodFacts } from '../pod-facts.js';
import { inclusionOf } from '../spread-inclusion.js';
import { toleratesCordon } from '../tolerates-cordon.js';
import type { View } from '../view.js';

/**
 * Numbers of which one is another after each change of what a pod minds beyond the room that others take: which pods are there that it
 * spreads by, is drawn to or keeps from, or that keep it away. A node that has come bears on what may be placed there and nowhere else.
 * Undefined where more than that decides: it tolerates a cordon, so that a gap is room, or has ports or volumes that others may hold.
 */
export function mindedChanges(facts: PodFacts, view: View): readonly number[] | undefined {
  const { spread, affinity, antiAffinity, hostPorts, claims, inlineEbsVolumes } = facts;
  if (hostPorts.length + claims.length + inlineEbsVolumes.length > 0) return undefined;
  if (toleratesCordon(facts, view)) return undefined;
  const changes: number[] = [];
  for (const constraint of spread) {
    const { matching } = constraint;
    const { changed, domains, emptied } = inclusionOf(facts, constraint, view, included);
    // A domain that is gone may have been the one with the fewest, unless another one has no such pod at all.
    changes.push(matching.version + changed, domains > matching.perNode.size ? unminded : emptied);
  }
  if (affinity.length > 0) changes.push(selectedBy(affinity, view).version);
  for (const term of antiAffinity) changes.push(selectedBy([term], view).version);
  for (const index of termsAgainst(facts, view)) changes.push(view.antiAffinityTerms[index]?.carriers.version ?? 0);
  return changes;
}

const unminded = -1;
