import { sumUsd } from '@cloudoptim/core';
import type { Baseline } from './baseline.js';
import { decreasing } from './first-fit.js';
import { createClaims } from './karpenter-claims.js';
import { type Offer, offersOf } from './offerings.js';

/** What Karpenter launches when all pods wait for a node at once. */
export const karpenterProvisioning: Baseline = (state, market) => {
  const { claims, place } = createClaims(state, offersOf(state, market));
  const unplaced = decreasing(state).filter((pod) => !place(pod)).length;
  const bound = state.pods.node.flatMap((node, pod) => (node >= 0 ? [pod] : []));
  return {
    nodes: claims.length,
    // Offers are sorted by price.
    usdPerHour: sumUsd(claims.map(({ offers }) => (offers[0] as Offer).usdPerHour)),
    evictions: decreasing(state, bound).length,
    unplaced,
  };
};
