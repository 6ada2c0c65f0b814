import type { Reason } from '@cloudoptim/core';
import { canRemoveNode } from '@cloudoptim/scheduling';
import { balancedScore, nodeDisruption } from './balanced-score.js';
import { beyondLimit } from './disruption-limit.js';
import { type DrainFailure, drainWhatIf } from './drain-what-if.js';
import { brokenLimit } from './limits.js';
import type { Model } from './model.js';
import { movingPods } from './moving-pods.js';

/** Why a change was not made: a reason, or a pod that found no room. */
export type Refused = { readonly reason: Reason } | { readonly noRoomFor: DrainFailure };

/** What a change wins and costs. */
export interface Change {
  /** Nodes of the working cluster that go, launched ones among them. */
  readonly nodes: readonly number[];
  readonly savedUsdPerHour: number;
}

/**
 * Empties and removes a node of the working cluster when every rule allows it; otherwise nothing has changed, and the reason is
 * returned.
 */
export function tryRemove(model: Model, node: number): Refused | undefined {
  const saved = model.usdPerHour(node);
  if (saved === undefined || !(saved > 0)) return { reason: savesNothing };
  const { cluster, options } = model;
  if (options.consolidate === 'empty' && movingPods(cluster, node).length > 0) return { reason: notEmpty };
  return attempt(model, { nodes: [node], savedUsdPerHour: saved });
}

/**
 * Closes, empties and removes the nodes of a change. `prepare` runs once they are closed, and may launch; what it returns
 * refuses the change. A change that is refused leaves no trace.
 */
export function attempt(model: Model, change: Change, prepare?: () => Reason | undefined): Refused | undefined {
  const { cluster } = model;
  const refusal = notWorthIt(model, change) ?? beyondLimit(model, change.nodes);
  if (refusal !== undefined) return { reason: refusal };
  const mark = cluster.mark();
  const refused = perform(model, change, prepare);
  if (refused !== undefined) cluster.rollback(mark);
  return refused;
}

function perform(
  model: Model,
  { nodes }: Change,
  prepare: (() => Reason | undefined) | undefined,
): Refused | undefined {
  const { cluster, policy } = model;
  for (const node of nodes) cluster.close(node);
  const unprepared = prepare?.();
  if (unprepared !== undefined) return { reason: unprepared };
  for (const node of nodes) {
    const failure = drainWhatIf(cluster, node);
    if (failure !== undefined)
      return failure.reason === undefined ? { noRoomFor: failure } : { reason: failure.reason };
    cluster.removeNode(node);
  }
  const forbidden = forbiddenByOwner(model, nodes);
  if (forbidden !== undefined) return { reason: forbidden };
  const broken = brokenLimit(cluster, policy, model.floor);
  return broken === undefined ? undefined : { reason: broken };
}

/**
 * What the owners of the nodes forbid. Groups of actions run one after the other, so only the nodes of one change are in
 * flight together.
 */
export function forbiddenByOwner({ cluster, policy, nowMs }: Model, nodes: readonly number[]): Reason | undefined {
  const going = nodes.filter((node) => node < cluster.state.nodes.length);
  for (const [position, node] of going.entries()) {
    const [obstacle] = canRemoveNode(cluster.placement, node, policy, nowMs, {
      alsoRemoved: cluster.removed,
      inFlight: going.slice(0, position),
    });
    if (obstacle !== undefined) return obstacle.reason;
  }
  return undefined;
}

/** Whether what is saved is worth the disruption, before anything is tried. */
export function notWorthIt(model: Model, { nodes, savedUsdPerHour }: Change): Reason | undefined {
  const { state, policy, options } = model;
  const pods = nodes.flatMap((node) => evictedWith(model, node));
  const least = policy.minSavings.usdPerHourPerEviction * pods.length;
  if (savedUsdPerHour < least) {
    return {
      code: 'min-savings',
      message: `It would save ${usd(savedUsdPerHour)} for ${pods.length} evictions; policy.minSavings asks for ${usd(least)}.`,
      numbers: { savedUsdPerHour, evictions: pods.length, leastUsdPerHour: least },
    };
  }
  const [first] = nodes;
  if (options.minScore > 0 && first !== undefined) {
    const score = balancedScore(
      savedUsdPerHour,
      nodeDisruption(state, pods) + nodes.length - 1,
      model.poolTotals(first),
    );
    if (score < options.minScore) {
      return {
        code: 'score-too-low',
        message: `Its score of ${round(score)} (share of cost saved over share of disruption) is below options.minScore of ${options.minScore}.`,
        numbers: { score: round(score), minScore: options.minScore },
      };
    }
  }
  return undefined;
}

/** Pods of the state that removing a node of the working cluster evicts. */
export function evictedWith(model: Model, node: number): readonly number[] {
  return model.evictable[node] ?? [];
}

const savesNothing: Reason = {
  code: 'saves-nothing',
  message: 'The node costs nothing, so removing it saves nothing.',
};
const notEmpty: Reason = {
  code: 'not-empty',
  message:
    'Pods run on the node, and options.consolidate is "empty": only nodes without pods of their own are removed.',
};

/** USD per hour, for sentences. */
export function usd(amount: number): string {
  return `$${round(amount)}/h`;
}

/** Four digits after the point are enough for a sentence. */
export function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
