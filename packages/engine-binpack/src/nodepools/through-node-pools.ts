import type { Node, Reason } from '@cloudoptim/core';
import type { Step } from '../changes.js';
import { draftGroups } from '../groups.js';
import { poolOf } from '../launch-pool.js';
import type { Model } from '../model.js';
import { prove, type Question, refusedSteps } from '../prove.js';
import { removedBy } from '../search.js';
import { type Settled, settle } from '../settle.js';
import { karpenterRefuses } from './karpenter-refuses.js';
import { nodepoolGroups } from './nodepool-groups.js';
import { oneByOne } from './one-by-one.js';
import { poolBoxes } from './pool-box.js';

/**
 * The part of a proven plan that Karpenter carries out by itself once its NodePools are narrowed, as it would carry it out, and
 * proven again. Why another part is left out is said for its nodes. A node that is left out keeps its type allowed, so that
 * others of that type no longer drift: each round leaves out at least one, so this ends.
 */
export async function throughNodePools(model: Model, question: Question, proven: Settled): Promise<Settled> {
  const dropped = new Map(proven.dropped);
  const made = oneByOne(model, poolBoxes(model, proven.steps), proven.steps);
  note(made.left);
  let steps = made.steps;
  for (;;) {
    let settled = await prove(model, question, await settle(model, steps), ['by-drains']);
    note(settled.dropped);
    let refused = await refusedOf(model, question, settled);
    if (refused.size > 0 && !settled.inOrder) {
      settled = { ...settled, inOrder: true };
      refused = await refusedOf(model, question, settled);
    }
    if (refused.size === 0) return { ...settled, dropped };
    for (const [step, reason] of refused) note(new Map(step.remove.map((node) => [node, reason])));
    steps = settled.steps.filter((step) => !refused.has(step));
  }

  function note(reasons: ReadonlyMap<number, Reason>): void {
    for (const [node, reason] of reasons) dropped.set(node, reason);
  }
}

/**
 * Steps that Karpenter would not carry out, or else those that the verifier refuses among changes of pools. These move no pod,
 * but states of plans with more groups are judged by worst cases and not one by one.
 */
async function refusedOf(model: Model, question: Question, settled: Settled): Promise<ReadonlyMap<Step, Reason>> {
  const { steps, inOrder } = settled;
  const byKarpenter = refusedByKarpenter(model, steps);
  if (byKarpenter.size > 0 || steps.length === 0) return byKarpenter;
  const groups = nodepoolGroups(model, steps, draftGroups(model, settled, inOrder), inOrder);
  const { ofSteps } = await refusedSteps(model, question, settled, groups, ({ executor }) => executor === 'karpenter');
  return new Map([...ofSteps].map(([step, { reason }]) => [step, reason]));
}

function refusedByKarpenter(model: Model, steps: readonly Step[]): ReadonlyMap<Step, Reason> {
  const boxes = poolBoxes(model, steps);
  const refused = new Map<Step, Reason>();
  for (const step of steps) {
    for (const node of removedBy([step])) {
      const reason = karpenterRefuses(model, boxes, { node, launches: step.launches });
      if (reason !== undefined) refused.set(step, reason);
    }
  }
  return refused;
}

/** Nodes that no change of a NodePool takes away, with the reason. */
export function outsideNodePools(model: Model): Map<number, Reason> {
  const { state, launchPools } = model;
  const left = new Map<number, Reason>();
  for (const [index, node] of state.nodes.entries()) {
    if (poolOf(launchPools, node) === undefined || isBuiltIn(node)) left.set(index, noPoolToChange(node));
  }
  return left;
}

/** NodePools that EKS Auto Mode brings along: AWS keeps them as they are. */
function isBuiltIn({ owner }: Node): boolean {
  return owner.kind === 'eks-auto' && (owner.name === 'general-purpose' || owner.name === 'system');
}

function noPoolToChange(node: Node): Reason {
  const { kind, name } = node.owner;
  return {
    code: 'not-through-nodepools',
    message: isBuiltIn(node)
      ? `NodePool ${name} is EKS Auto Mode's own and cannot be changed; options.emit is "nodepools".`
      : `The node belongs to ${kind}${name === undefined ? '' : ` ${name}`}, and no NodePool of variable size is known that could be changed; options.emit is "nodepools".`,
  };
}
