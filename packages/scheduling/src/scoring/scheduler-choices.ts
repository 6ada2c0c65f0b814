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
 * out, since nothing tells which images a node has. A plugin that has the same to say of all nodes gives none.
 */
export function schedulerChoices(
  placement: WorkingPlacement,
  pod: IncomingPod,
  feasible: readonly number[],
  strategy: 'LeastAllocated' | 'MostAllocated',
): number[] {
  if (feasible.length < 2) return [...feasible];
  const facts = placement.facts(pod);
  const scores = new Float64Array(feasible.length);
  add(scores, 3, preferredTaintScores(facts, feasible, placement));
  add(scores, 2, nodePreferenceScores(facts, feasible, placement));
  add(scores, 2, spreadScores(pod, facts, feasible, placement));
  add(scores, 2, affinityScores(facts, feasible, placement));
  let best = Number.NEGATIVE_INFINITY;
  let choices: number[] = [];
  for (let position = 0; position < feasible.length; position++) {
    const node = feasible[position] as number;
    const room = roomScore(facts, pod.template, node, placement, strategy) + balanceScore(facts, node, placement);
    const score = (scores[position] as number) + room;
    if (score > best) {
      best = score;
      choices = [node];
    } else if (score === best) choices.push(node);
  }
  return choices;
}

function add(scores: Float64Array, weight: number, own: ArrayLike<number>): void {
  for (let position = 0; position < own.length; position++)
    scores[position] = (scores[position] as number) + weight * (own[position] as number);
}
