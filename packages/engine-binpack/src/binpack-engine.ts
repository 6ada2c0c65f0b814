import {
  BaseDecisionEngine,
  type Decision,
  type DecisionContext,
  type DecisionRequest,
  type Reason,
} from '@cloudoptim/core';
import { boundOf } from './bound/bound-of-decision.js';
import { proveAndGoOn } from './complete-plan.js';
import { readMemory, writeMemory } from './engine-memory.js';
import { explain, leftAlone, nextMemory } from './explain.js';
import { draftGroups } from './groups.js';
import { createModel } from './model.js';
import { nodepoolGroups } from './nodepools/nodepool-groups.js';
import { outsideNodePools, throughNodePools } from './nodepools/through-node-pools.js';
import { type BinpackOptions, binpackOptions } from './options.js';
import type { Question } from './prove.js';
import { groupRejections } from './rejections.js';
import { usd } from './remove-node.js';
import { removedBy } from './search.js';
import { searchOrders } from './search-orders.js';

/**
 * Packs pods onto fewer and cheaper nodes: removes nodes that are empty or whose pods fit elsewhere, and replaces one or
 * several by cheaper ones. Greedy in several orders, each change tried by the scheduler's own rules, the result proven before
 * the verifier. Every node left alone is in one rejection that says why.
 */
export class BinpackEngine extends BaseDecisionEngine<BinpackOptions, 'cluster' | 'market'> {
  readonly id = 'binpack';
  readonly version = '0.1.0';
  override readonly description = 'Packs pods onto fewer and cheaper nodes.';
  readonly considers = ['nodes'] as const;
  readonly requires = ['cluster', 'market'] as const;
  readonly options = binpackOptions;

  protected override async decide(
    request: DecisionRequest<BinpackOptions, 'cluster' | 'market'>,
    context: DecisionContext,
  ): Promise<Decision> {
    const { cluster: state, market, policy, options } = request;
    const memory = readMemory(request.memory);
    const model = createModel({ state, market, policy, options, memory, context });
    await model.breathe();
    const entrusted = options.emit === 'nodepools';
    const today = await leftAlone(model);
    const left = new Map([...(entrusted ? outsideNodePools(model) : []), ...today.left]);
    const candidates = [...state.nodes.keys()].filter((node) => !left.has(node));
    const question: Question = { engine: this, request, context, answers: new Map(), count: { drawn: 0 } };

    const best = await searchOrders(model, candidates, context);
    const { proven: found, truncated } = await proveAndGoOn(model, question, candidates, best);
    const proven = entrusted ? await throughNodePools(model, question, found) : found;
    const saved = proven.savedUsdPerHour;
    const poor = proven.steps.length > 0 && saved < policy.minSavings.usdPerHour;
    if (poor) {
      for (const node of removedBy(proven.steps)) left.set(node, tooLittle(saved, policy.minSavings.usdPerHour));
    }
    const reasons = await explain(model, proven, candidates, left, truncated);
    // Once the limit is met, no work is asked for any more.
    const bound = truncated ? { truncated } : await boundOf(state, market, policy, options, context, today.kept);
    const { steps, inOrder } = proven;
    const groups = draftGroups(model, proven, inOrder);
    return {
      groups: poor ? [] : entrusted ? nodepoolGroups(model, steps, groups, inOrder) : groups,
      rejections: groupRejections(state, reasons),
      memory: writeMemory(nextMemory(model, proven, reasons), state, context.now),
      ...('lowerBound' in bound && { lowerBound: bound.lowerBound }),
      ...(bound.truncated && { truncated: true }),
    };
  }
}

function tooLittle(saved: number, least: number): Reason {
  return {
    code: 'min-savings',
    message: `The whole plan would save ${usd(saved)}; policy.minSavings.usdPerHour asks for ${usd(least)}.`,
    numbers: { savedUsdPerHour: saved, leastUsdPerHour: least },
  };
}
