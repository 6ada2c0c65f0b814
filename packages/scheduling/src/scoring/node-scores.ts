import { matchesTerm } from '../node-selectors.js';
import type { PodFacts } from '../pod-facts.js';
import { tolerates } from '../tolerations.js';
import type { View } from '../view.js';

/** TaintToleration: the fewer PreferNoSchedule taints that the pod does not tolerate the better (taint_toleration.go). */
export function preferredTaintScores(pod: PodFacts, nodes: readonly number[], view: View): readonly number[] {
  if (!nodes.some((node) => untoleratedTaints(pod, node, view) > 0)) return [];
  return shares(nodes.map((node) => untoleratedTaints(pod, node, view))).map((score) => 100 - score);
}

function untoleratedTaints({ template }: PodFacts, node: number, view: View): number {
  let count = 0;
  for (const taint of view.node(node)?.taints ?? [])
    if (taint.effect === 'PreferNoSchedule' && !tolerates(template.tolerations, taint, view.comparisonOperators))
      count++;
  return count;
}

/** NodeAffinity: the sum of the weights of the preferred terms that match, as a share of the highest (node_affinity.go). */
export function nodePreferenceScores({ template }: PodFacts, nodes: readonly number[], view: View): readonly number[] {
  const preferred = template.nodeAffinity?.preferred ?? [];
  if (preferred.length === 0) return [];
  return shares(
    nodes.map((node) => {
      const object = view.node(node);
      if (object === undefined) return 0;
      return preferred.reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, object) ? weight : 0), 0);
    }),
  );
}

/** Hundredths of the highest. */
function shares(scores: readonly number[]): number[] {
  const highest = Math.max(0, ...scores);
  return scores.map((score) => (highest === 0 ? 0 : Math.trunc((score * 100) / highest)));
}
