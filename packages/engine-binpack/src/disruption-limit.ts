import type { Policy, Reason } from '@cloudoptim/core';
import type { Model } from './model.js';

/** Why nodes may not go on top of what has gone, by `policy.maxDisruption`: known before anything is tried. */
export function beyondLimit(model: Model, nodes: readonly number[]): Reason | undefined {
  const { evictions, removed } = disruptionOf(model, nodes);
  return tooMuch(model.policy, model.cluster.evictions + evictions, model.cluster.removed.length + removed);
}

/** Of the items, in their order, those whose nodes may all go together on top of what has gone. */
export function withinLimit<T>(model: Model, items: readonly T[], nodesOf: (item: T) => readonly number[]): T[] {
  const { policy, cluster } = model;
  let [evictions, removed] = [cluster.evictions, cluster.removed.length];
  return items.filter((item) => {
    const own = disruptionOf(model, nodesOf(item));
    if (tooMuch(policy, evictions + own.evictions, removed + own.removed) !== undefined) return false;
    evictions += own.evictions;
    removed += own.removed;
    return true;
  });
}

/** Launched nodes are nobody's yet: what they hold was counted where it came from. */
function disruptionOf({ state, evictable }: Model, nodes: readonly number[]) {
  let [evictions, removed] = [0, 0];
  for (const node of nodes) {
    if (node >= state.nodes.length) continue;
    evictions += evictable[node]?.length ?? 0;
    removed++;
  }
  return { evictions, removed };
}

function tooMuch({ maxDisruption }: Policy, evictions: number, nodes: number): Reason | undefined {
  if (maxDisruption.evictions !== null && evictions > maxDisruption.evictions) {
    return {
      code: 'max-disruption',
      message: `The policy lets a plan evict at most ${maxDisruption.evictions} pods (maxDisruption.evictions).`,
      numbers: { maxEvictions: maxDisruption.evictions },
    };
  }
  if (maxDisruption.nodes !== null && nodes > maxDisruption.nodes) {
    return {
      code: 'max-disruption',
      message: `The policy lets a plan remove at most ${maxDisruption.nodes} nodes (maxDisruption.nodes).`,
      numbers: { maxNodes: maxDisruption.nodes },
    };
  }
  return undefined;
}
