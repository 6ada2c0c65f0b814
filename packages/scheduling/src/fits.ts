import type { ClusterState } from '@cloudoptim/core';
import { objectFilters, occupancyFilters, preFilters } from './filters/order.js';
import type { FitAnswer } from './fit-answer.js';
import type { IncomingPod } from './incoming-pod.js';
import type { Placement } from './placement.js';
import type { AskedFacts, PodFacts } from './pod-facts.js';
import type { View } from './view.js';
import { WorkingPlacement } from './working-placement.js';

const feasible: FitAnswer = { answer: 'feasible' };

/**
 * Whether kube-scheduler would let the pod onto the node, and if not, which filter refuses in which words. A pod that moves
 * is removed from where it was first. Throws RangeError for a node index or a template that does not exist.
 */
export function fits(pod: IncomingPod, node: number, state: ClusterState | Placement): FitAnswer {
  const view = workingPlacement(state);
  if (!Number.isInteger(node) || node < 0 || node >= view.nodeCount)
    throw new RangeError(`There is no node ${node}: the state has ${view.nodeCount}.`);
  const facts = view.facts(pod);
  if (facts.unsupported !== undefined) return { answer: 'unsupported', reason: facts.unsupported };
  return refusal(facts, node, view) ?? feasible;
}

/** The first refusal in kube-scheduler's order, undefined when there is none. */
export function refusal(
  facts: PodFacts,
  node: number,
  view: WorkingPlacement,
): Extract<FitAnswer, { answer: 'infeasible' }> | undefined {
  if (view.node(node) === undefined)
    return { answer: 'infeasible', plugin: 'NodeName', reasons: ['node(s) are no longer there'] };
  if (isFeasible(facts, node, view)) return undefined;
  const { everywhere } = askedFacts(facts, view);
  if (everywhere !== undefined) return everywhere;
  for (const [plugin, filter] of [...objectFilters, ...occupancyFilters]) {
    const reasons = filter(facts, node, view);
    if (reasons !== undefined) return { answer: 'infeasible', plugin, reasons };
  }
  return undefined;
}

/** The same answer without the words: what costs a microsecond when it is asked of thousands of nodes. */
export function isFeasible(facts: PodFacts, node: number, view: WorkingPlacement): boolean {
  const { everywhere, filters } = facts.asked ?? askedFacts(facts, view);
  if (everywhere !== undefined || !isLetIn(facts, node, view)) return false;
  for (const filter of filters) if (filter(facts, node, view) !== undefined) return false;
  return true;
}

/** Whether the node is there and nothing about its object keeps the pod out: labels, taints, name. Which pods are there is not asked. */
export function isLetIn(facts: PodFacts, node: number, view: WorkingPlacement): boolean {
  const version = view.nodeVersion(node);
  const known = facts.nodeAnswers[node] ?? 0;
  if (known >> 1 === version) return (known & 1) === 1;
  let allowed = view.node(node) !== undefined;
  for (const [, filter] of objectFilters) if (allowed) allowed = filter(facts, node, view) === undefined;
  facts.nodeAnswers[node] = version * 2 + (allowed ? 1 : 0);
  return allowed;
}

/** Claims and gates do not change while pods move, so the whole pod is refused or not once and for all. */
export function askedFacts(facts: PodFacts, view: View): AskedFacts {
  if (facts.asked !== undefined) return facts.asked;
  let everywhere: AskedFacts['everywhere'];
  for (const [plugin, preFilter] of preFilters) {
    const reasons = everywhere === undefined ? preFilter(facts, view) : undefined;
    if (reasons !== undefined) everywhere = { answer: 'infeasible', plugin, reasons };
  }
  const filters = occupancyFilters.filter(([, , bearsOn]) => bearsOn(facts)).map(([, filter]) => filter);
  facts.asked = { everywhere, filters };
  return facts.asked;
}

const placements = new WeakMap<ClusterState, WorkingPlacement>();

/** The placement behind the interface; for a state, one that is made once and never changed. */
export function workingPlacement(state: ClusterState | Placement): WorkingPlacement {
  if (state instanceof WorkingPlacement) return state;
  if (!('schema' in state)) throw new TypeError('A Placement must come from createPlacement.');
  let placement = placements.get(state);
  if (placement === undefined) {
    placement = new WorkingPlacement(state);
    placements.set(state, placement);
  }
  return placement;
}
