import type { Node, Reason } from '@cloudoptim/core';
import { Changes, type Step } from '../changes.js';
import { undominated } from '../choose-offerings.js';
import { keptArchitecture } from '../launch-kind.js';
import { type LaunchPool, poolOf } from '../launch-pool.js';
import { type Launchable, launchable } from '../launchable.js';
import type { Model } from '../model.js';
import { createExplainer } from '../rejections.js';
import { attempt, type Refused, round, tryRemove } from '../remove-node.js';
import { launchInto } from '../replace-nodes.js';
import { stepSavings } from '../search.js';
import { seatWaiting } from '../waiting-pods.js';
import { karpenterRefuses, typesUnknown, wouldCostMore } from './karpenter-refuses.js';
import { drifts, offeringsIn, type PoolBox } from './pool-box.js';

/**
 * What steps become when Karpenter makes them: it takes one node after the other, gives its pods the room that there is, and
 * launches for the rest the cheapest that the pool allows. Where several nodes go for one large one, the first of them has it
 * launched and the others find room on it; where a smaller type is allowed too, several small ones may come instead. Steps
 * that would cost more that way are left out. The working cluster is left as found.
 */
export function oneByOne(
  model: Model,
  boxes: ReadonlyMap<LaunchPool, PoolBox | undefined>,
  steps: readonly Step[],
): { readonly steps: readonly Step[]; readonly left: ReadonlyMap<number, Reason> } {
  const { cluster } = model;
  const left = new Map<number, Reason>();
  const changes = new Changes(model);
  const explain = createExplainer(model);
  const untouched = cluster.mark();
  seatWaiting(model.cluster);
  for (const node of steps.flatMap(({ remove }) => remove)) cluster.close(node);
  for (const step of steps) {
    const mark = cluster.mark();
    const worth = stepSavings(model, step);
    const done: { readonly node: number; readonly launched: number; readonly launches: readonly Launchable[] }[] = [];
    for (const node of step.remove) {
      const launched = cluster.placement.nodeCount;
      const launches = withoutNode(model, boxes, node, worth);
      if ('length' in launches) {
        done.push({ node, launched, launches });
        continue;
      }
      left.set(node, 'reason' in launches ? launches.reason : explain(node, launches));
      cluster.open(node);
    }
    const saved = stepSavings(model, {
      remove: done.map(({ node }) => node),
      launches: done.flatMap(({ launches }) => launches),
    });
    if (done.length > 0 && saved <= 0) {
      cluster.rollback(mark);
      for (const { node } of done)
        left.set(node, wouldCostMore(model.state.nodes[node]?.owner.name ?? '', round(saved)));
      for (const node of step.remove) cluster.open(node);
      continue;
    }
    for (const { node, launched, launches } of done) changes.record([node], launches.length === 0 ? [] : [launched]);
  }
  const made = changes.steps();
  cluster.rollback(untouched);
  return { steps: made, left };
}

/** Takes one node away as Karpenter would; what it launches, or why it does not. `worth` is what the whole change saves. */
function withoutNode(
  model: Model,
  boxes: ReadonlyMap<LaunchPool, PoolBox | undefined>,
  node: number,
  worth: number,
): readonly Launchable[] | Refused {
  const unaided = karpenterRefuses(model, boxes, { node, launches: [] });
  let refused: Refused | undefined = unaided === undefined ? tryRemove(model, node) : { reason: unaided };
  if (refused === undefined) return [];
  const object = model.state.nodes[node] as Node;
  const pool = poolOf(model.launchPools, object) as LaunchPool;
  const box = boxes.get(pool);
  if (!model.options.replace) return refused;
  if (box === undefined) return { reason: typesUnknown(pool) };
  const architecture = keptArchitecture(model, object);
  const allowed = offeringsIn(box, model.candidates(pool).all).filter(
    (candidate) =>
      candidate.offering.capacityType === object.capacityType &&
      (architecture === undefined || candidate.architecture === architecture),
  );
  const limits = {
    policy: model.policy,
    maxOfferings: model.options.maxReplacementOfferings,
    belowUsdPerHour: drifts(box, object) ? Number.POSITIVE_INFINITY : (model.usdPerHour(node) ?? 0),
  };
  for (const candidate of undominated(allowed)) {
    const choice = launchable(model.state, pool, candidate, allowed, limits);
    if (choice === undefined) continue;
    const reason = karpenterRefuses(model, boxes, { node, launches: [choice] });
    if (reason !== undefined) return { reason };
    refused = attempt(model, { nodes: [node], savedUsdPerHour: worth }, () => launchInto(model, choice));
    if (refused === undefined) return [choice];
  }
  return refused;
}
