import type { Settled } from './settle.js';

/** Where everything is launched before anything goes, whoever stops on the way has paid for it and saved nothing. */
const shareForSteps = 0.04;

/** What a plan saves, in USD per hour, to compare it with others: less a little where it saves nothing before its end. */
export function worth({ expectedUsdPerHour, style: { evictions } }: Settled): number {
  return expectedUsdPerHour * (evictions.startsWith('launches-first') ? 1 - shareForSteps : 1);
}

/** Orders plans, the best first. */
export function mostSaved(a: Settled, b: Settled): number {
  return worth(b) - worth(a);
}
