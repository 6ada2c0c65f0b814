import { sumUsd } from '@cloudoptim/core';
import type { Step } from './changes.js';
import { withinLimit } from './disruption-limit.js';
import type { Model } from './model.js';
import { evictedWith } from './remove-node.js';
import { expectedSavings, type Found, stepSavings } from './search.js';

/**
 * Of a plan that was found without a limit to its disruption, the part that saves most for each eviction and is within
 * `policy.maxDisruption`. A search under the limit spends it on what it meets first.
 */
export function thriftyPart(model: Model, found: Found): Found {
  const ranked = found.steps
    .map((step, position) => ({
      step,
      position,
      evictions: evictionsOf(model, step),
      saved: expectedSavings(model, step),
    }))
    .sort((a, b) => b.saved * (a.evictions + 1) - a.saved * (b.evictions + 1) || a.position - b.position);
  const kept = withinLimit(model, ranked, ({ step }) => step.remove);
  const steps = kept.map(({ step }) => step);
  return {
    steps,
    savedUsdPerHour: sumUsd(steps.map((step) => stepSavings(model, step))),
    expectedUsdPerHour: sumUsd(steps.map((step) => expectedSavings(model, step))),
    evictions: kept.reduce((sum, { evictions }) => sum + evictions, 0),
    truncated: found.truncated,
    order: found.order,
  };
}

/** Of the candidates those that cost most for each eviction, as many as `policy.maxDisruption` lets go together. */
export function thriftiest(model: Model, candidates: readonly number[]): number[] {
  const ranked = candidates
    .map((node) => ({ node, evictions: evictedWith(model, node).length, price: model.prices[node] ?? 0 }))
    .sort((a, b) => b.price * (a.evictions + 1) - a.price * (b.evictions + 1) || a.node - b.node);
  return withinLimit(model, ranked, ({ node }) => [node]).map(({ node }) => node);
}

/** The model of the same cluster as if any disruption were allowed. */
export function withoutLimit(model: Model): Model {
  return { ...model, policy: { ...model.policy, maxDisruption: { evictions: null, nodes: null } } };
}

/** Whether the policy limits what a plan may disturb. */
export function isLimited({ policy: { maxDisruption } }: Model): boolean {
  return maxDisruption.evictions !== null || maxDisruption.nodes !== null;
}

function evictionsOf(model: Model, { remove }: Step): number {
  return remove.reduce((sum, node) => sum + evictedWith(model, node).length, 0);
}
