import type { Step } from './changes.js';
import type { Launchable } from './launchable.js';
import type { Model } from './model.js';
import { stepSavings } from './search.js';

/** What is added when a step does not hold costs this share of its new nodes at the least: less would hardly be noticed. */
const leastAdded = 0.04;

/** Most nodes added to a step, one after the other. */
const mostAdded = 3;

/**
 * The step with one new node more, a copy of the smallest that makes a difference; undefined when it would save nothing then or
 * was loosened often enough. A step that launches nothing has nothing to be loosened.
 */
export function loosened(model: Model, step: Step): Step | undefined {
  const added = step.added ?? 0;
  if (step.launches.length === 0 || added >= mostAdded) return undefined;
  const cost = step.launches.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0);
  const [first, ...others] = step.launches.filter(({ usdPerHour }) => usdPerHour >= leastAdded * cost);
  if (first === undefined) return undefined;
  const smallest = others.reduce<Launchable>(
    (least, next) => (next.usdPerHour < least.usdPerHour ? next : least),
    first,
  );
  const looser: Step = { ...step, launches: [...step.launches, smallest], added: added + 1 };
  return stepSavings(model, looser) > 0 ? looser : undefined;
}
