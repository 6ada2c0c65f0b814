import { type DecisionContext, type DecisionRequest, type Reason, sealPlan } from '@cloudoptim/core';
import { verifyPlan } from '@cloudoptim/scheduling';
import { draftGroups } from './groups.js';
import type { Model } from './model.js';
import type { BinpackOptions } from './options.js';
import { type Replay, replay } from './replay.js';
import type { Step } from './search.js';

/** What a plan is sealed for: the engine and the question. */
export interface Question {
  readonly engine: { readonly id: string; readonly version: string; readonly considers: readonly ['nodes'] };
  readonly request: DecisionRequest<BinpackOptions, 'cluster' | 'market'>;
  readonly context: DecisionContext;
}

/** Steps that the verifier does not refuse, with the replay they were drafted from, and why others were dropped. */
export interface Proven {
  readonly steps: readonly Step[];
  readonly replay: Replay;
  readonly dropped: ReadonlyMap<number, Reason>;
}

/**
 * Keeps of the steps what survives: carried out in order with every node cordoned first, and then before the verifier, which
 * lets the scheduler choose. Placements cannot be commanded, so a step that holds only when pods land where we wish is
 * dropped. Each round drops at least one step, so this ends. The working cluster is left as found.
 */
export async function prove(model: Model, question: Question, found: readonly Step[]): Promise<Proven> {
  let steps = [...found];
  const dropped = new Map<number, Reason>();
  const drop = (positions: ReadonlySet<number>, reason: (position: number) => Reason) => {
    steps = steps.filter((step, position) => {
      if (!positions.has(position)) return true;
      for (const node of step.remove) dropped.set(node, reason(position));
      return false;
    });
  };
  for (;;) {
    const mark = model.cluster.mark();
    const outcome = replay(model, steps);
    model.cluster.rollback(mark);
    if ('failedStep' in outcome) {
      drop(new Set([outcome.failedStep]), () => notRobust);
      continue;
    }
    if (steps.length === 0) return { steps, replay: outcome, dropped };
    const refusals = await refusedSteps(model, question, steps, outcome);
    if (refusals.size === 0) return { steps, replay: outcome, dropped };
    drop(new Set(refusals.keys()), (position) => refusals.get(position) ?? notRobust);
  }
}

/** By position: steps that the verifier refuses, and why. Where it names no step, the last one has to go. */
async function refusedSteps(
  model: Model,
  { engine, request, context }: Question,
  steps: readonly Step[],
  outcome: Replay,
): Promise<ReadonlyMap<number, Reason>> {
  const decision = { groups: draftGroups(model, steps, outcome), rejections: [] };
  const plan = await sealPlan({ engine, request, decision, context });
  const options = { now: context.now, seed: context.seed };
  const { refusals } = verifyPlan(model.state, model.market, model.policy, plan, options);
  const positions = new Map(plan.groups.map(({ id }, position) => [id, position]));
  const refused = new Map<number, Reason>();
  for (const { group, reason } of refusals) {
    const position = (group === undefined ? undefined : positions.get(group)) ?? steps.length - 1;
    if (!refused.has(position)) refused.set(position, reason);
  }
  return refused;
}

const notRobust: Reason = {
  code: 'not-robust',
  message:
    'Its pods fit elsewhere only if the scheduler places them just so, and placements cannot be commanded; another scoring (MostAllocated) would help.',
};
