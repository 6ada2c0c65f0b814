import type { Model } from './model.js';

/** From this many candidates on a round takes seconds, and later rounds find little. */
export const manyCandidates = 300;

/** From this many on there is time for one search, and none to go on from it. */
export const veryMany = 2000;

/** Draws of the one proof of a quick plan: with those that a verifier has by itself, others with other seeds refused 15 times of 210. */
export const quickDraws = 100;

export function isQuick({ options }: Model): boolean {
  return options.effort === 'quick';
}
