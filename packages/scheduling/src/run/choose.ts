import { isFeasible } from '../fits.js';
import type { PodFacts } from '../pod-facts.js';
import { nodeScore, type ScoringRule } from '../score.js';
import { bestNode } from '../simulate-plain.js';
import type { WorkingPlacement } from '../working-placement.js';

/** Picks the node for a pod, -1 when none takes it. `preferred` is where the plan expects it, best first. */
export type Choose = (view: WorkingPlacement, facts: PodFacts, preferred: readonly number[]) => number;

const none: ReadonlySet<number> = new Set();

/** Where the plan expects the pod; else by the rule. `missed` hears of each expectation that did not hold. */
export function chooseAsPlanned(rule: ScoringRule, missed?: (preferred: number) => void): Choose {
  const score = nodeScore(rule);
  return (view, facts, preferred) => {
    for (const node of preferred) {
      if (isFeasible(facts, node, view)) return node;
      missed?.(node);
    }
    return bestNode(view, facts, score, none);
  };
}

/**
 * As kube-scheduler scores: whole percentages of what stays free (or taken) of cpu and memory, and among the best a draw.
 * Preferences, images and balance are not scored here; what they may do to a plan is among the adversarial choices.
 */
export function chooseByScore(strategy: 'LeastAllocated' | 'MostAllocated', random: () => number): Choose {
  const sign = strategy === 'LeastAllocated' ? 1 : -1;
  return (view, facts) => {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    let equals = 0;
    for (let node = 0; node < view.nodeCount; node++) {
      if (!roomy(view, facts, node)) continue;
      const allocatable = view.node(node)?.allocatable;
      if (allocatable === undefined) continue;
      const score =
        sign *
        Math.floor(
          (percent(view.freeCpuMillicores(node) - facts.cpuMillicores, allocatable.cpuMillicores) +
            percent(view.freeMemoryBytes(node) - facts.memoryBytes, allocatable.memoryBytes)) /
            2,
        );
      if (score < bestScore) continue;
      // The n-th of equals takes over with probability 1/n, so that each is equally likely; draw before the costly test.
      const wins = score > bestScore || random() * (equals + 1) < 1;
      if (!wins && best !== -1) {
        equals++;
        continue;
      }
      if (!isFeasible(facts, node, view)) continue;
      equals = score > bestScore ? 1 : equals + 1;
      best = node;
      bestScore = score;
    }
    return best;
  };
}

/** Any feasible node: the first one round from a random start. */
export function chooseAnyhow(random: () => number): Choose {
  return (view, facts) => {
    const start = Math.floor(random() * view.nodeCount);
    for (let step = 0; step < view.nodeCount; step++) {
      const node = (start + step) % view.nodeCount;
      if (roomy(view, facts, node) && isFeasible(facts, node, view)) return node;
    }
    return -1;
  };
}

/** A quick no for the commonest reason. */
function roomy(view: WorkingPlacement, facts: PodFacts, node: number): boolean {
  return (
    view.freePods(node) >= 1 &&
    (facts.cpuMillicores <= 0 || view.freeCpuMillicores(node) >= facts.cpuMillicores) &&
    (facts.memoryBytes <= 0 || view.freeMemoryBytes(node) >= facts.memoryBytes)
  );
}

function percent(free: number, allocatable: number): number {
  return allocatable <= 0 ? 0 : Math.max(0, Math.floor((free * 100) / allocatable));
}
