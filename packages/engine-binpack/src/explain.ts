import type { Reason } from '@cloudoptim/core';
import { createPlacement, obstaclesByNode, staysAnyway } from '@cloudoptim/scheduling';
import { carryOut } from './complete-plan.js';
import type { EngineMemory } from './engine-memory.js';
import type { Model } from './model.js';
import { createExplainer } from './rejections.js';
import { tryRemove } from './remove-node.js';
import { removedBy } from './search.js';
import type { Settled } from './settle.js';

interface LeftAlone {
  /** Nodes that are no candidates at all, with the reason. */
  readonly left: Map<number, Reason>;
  /** Those of them that no plan may empty. */
  readonly kept: ReadonlySet<number>;
}

/** Nodes that today's rules take out of the question. */
export async function leftAlone(model: Model): Promise<LeftAlone> {
  const { state, policy, prices, memory, options, nowMs } = model;
  const placement = createPlacement(state);
  await model.breathe();
  const obstaclesOf = obstaclesByNode(placement, policy, nowMs);
  const left = new Map<number, Reason>();
  const kept = new Set<number>();
  for (const [node, { name, uid, createdAtMs }] of state.nodes.entries()) {
    await model.breathe();
    const obstacles = obstaclesOf(node);
    if (staysAnyway(obstacles)) kept.add(node);
    const [obstacle] = obstacles;
    if (obstacle !== undefined) left.set(node, obstacle.reason);
    else if (nowMs - createdAtMs < options.minNodeAgeSeconds * 1000)
      left.set(node, tooYoung(options.minNodeAgeSeconds));
    else if ((memory.restingUntilMs.get(uid) ?? 0) > nowMs) left.set(node, resting);
    else if (prices[node] === undefined) {
      const message = `The price of node ${name} is not known, so neither is what removing it would save.`;
      left.set(node, { code: 'unpriced-node', message });
    }
  }
  return { left, kept };
}

/** One reason for each node that stays, as things are once the plan is done. */
export async function explain(
  model: Model,
  proven: Settled,
  candidates: readonly number[],
  left: ReadonlyMap<number, Reason>,
  truncated: boolean,
): Promise<ReadonlyMap<number, Reason>> {
  const reasons = new Map(left);
  const removed = new Set(removedBy(proven.steps));
  const mark = model.cluster.mark();
  await carryOut(model, proven);
  const explainRefusal = createExplainer(model);
  for (const node of candidates) {
    if (reasons.has(node) || removed.has(node)) continue;
    const dropped = proven.dropped.get(node);
    if (dropped !== undefined || truncated) {
      reasons.set(node, dropped ?? workLimit);
      continue;
    }
    await model.breathe();
    const attempt = model.cluster.mark();
    const refused = tryRemove(model, node);
    if (refused === undefined) model.cluster.rollback(attempt);
    reasons.set(node, refused === undefined ? leftOver : explainRefusal(node, refused));
  }
  model.cluster.rollback(mark);
  return reasons;
}

/** Nodes left out of a plan rest while it is valid: what did not fit into it would at once follow it and move its pods again. */
export function nextMemory(
  { state, memory, observed, nowMs, policy }: Model,
  { steps, dropped }: Settled,
  reasons: ReadonlyMap<number, Reason>,
): EngineMemory {
  const restingUntilMs = new Map(memory.restingUntilMs);
  for (const [node, reason] of steps.length === 0 ? [] : reasons) {
    const uid = state.nodes[node]?.uid;
    const leftOut = reason === leftOver || reason === dropped.get(node);
    if (uid !== undefined && leftOut) restingUntilMs.set(uid, nowMs + policy.planValidSeconds * 1000);
  }
  return { observed, restingUntilMs };
}

function tooYoung(minNodeAgeSeconds: number): Reason {
  return {
    code: 'too-young',
    message: `The node was created less than ${minNodeAgeSeconds} seconds ago (options.minNodeAgeSeconds); what was just launched is left alone.`,
    numbers: { minNodeAgeSeconds },
  };
}

const workLimit: Reason = {
  code: 'work-limit',
  message: 'The work limit ended the search before this node was settled; raise workLimit for a longer search.',
};

const resting: Reason = {
  code: 'resting',
  message: 'The last plan did not hold together with it; it is looked at again once that plan is no longer valid.',
};

const leftOver: Reason = {
  code: 'not-robust',
  message: 'It could go by itself, but not together with the rest of this plan; the next analysis will look again.',
};
