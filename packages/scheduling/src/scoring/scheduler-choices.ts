import type { IncomingPod } from '../incoming-pod.js';
import type { WorkingPlacement } from '../working-placement.js';
import { affinityScores } from './affinity-scores.js';
import { nodePreferenceScores, preferredTaintScores } from './node-scores.js';
import { balanceScore, roomScore } from './resource-scores.js';
import { spreadScores } from './spread-scores.js';

/**
 * The nodes that kube-scheduler's default profile scores highest for a pod, of those that take it; it draws one of them. Each
 * plugin gives 0 to 100 and counts by its weight (apis/config/v1/default_plugins.go): TaintToleration 3, NodeAffinity,
 * PodTopologySpread and InterPodAffinity 2, NodeResourcesFit and NodeResourcesBalancedAllocation 1. ImageLocality is left
 * out, since nothing tells which images a node has.
 */
export function schedulerChoices(
  placement: WorkingPlacement,
  pod: IncomingPod,
  feasible: readonly number[],
  strategy: 'LeastAllocated' | 'MostAllocated',
): number[] {
  if (feasible.length < 2) return [...feasible];
  const facts = placement.facts(pod);
  const taints = preferredTaintScores(facts, feasible, placement);
  const preferences = nodePreferenceScores(facts, feasible, placement);
  const spread = spreadScores(pod, facts, feasible, placement);
  const affinity = affinityScores(facts, feasible, placement);
  let best = Number.NEGATIVE_INFINITY;
  let choices: number[] = [];
  for (const [position, node] of feasible.entries()) {
    const score =
      3 * (taints[position] ?? 0) +
      2 * ((preferences[position] ?? 0) + (spread[position] ?? 0) + (affinity[position] ?? 0)) +
      roomScore(facts, node, placement, strategy) +
      balanceScore(facts, node, placement);
    if (score > best) {
      best = score;
      choices = [];
    }
    if (score === best) choices.push(node);
  }
  return choices;
}
