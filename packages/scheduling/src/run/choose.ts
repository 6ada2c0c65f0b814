import { isFeasible } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import { nodeScore, type ScoringRule } from '../score.js';
import { bestNode } from '../simulate-plain.js';
import type { WorkingPlacement } from '../working-placement.js';

/** Picks the node for a pod, -1 when none takes it. `preferred` is where the plan expects it, best first. */
export type Choose = (pod: IncomingPod, preferred: readonly number[]) => number;

const none: ReadonlySet<number> = new Set();

/** The best node by a rule, by the plain half. */
export function chooseByRule(view: WorkingPlacement, rule: ScoringRule): (pod: IncomingPod) => number {
  const score = nodeScore(rule);
  return (pod) => bestNode(view, view.facts(pod), score, none);
}

/** Where the plan expects the pod, else as the other chooser says. `missed` hears of each expectation that did not hold. */
export function chooseAsPlanned(
  view: WorkingPlacement,
  otherwise: Choose,
  missed?: (preferred: number) => void,
): Choose {
  return (pod, preferred) => {
    for (const node of preferred) {
      if (isFeasible(view.facts(pod), node, view)) return node;
      missed?.(node);
    }
    return otherwise(pod, preferred);
  };
}
