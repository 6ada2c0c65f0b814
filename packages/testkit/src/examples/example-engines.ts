import type { DecisionEngine } from '@cloudoptim/core';
import { consolidateNodes } from './consolidate-nodes.js';
import { officeHours } from './office-hours.js';
import { preferSpotPools } from './prefer-spot-pools.js';
import { rightsizeRequests } from './rightsize-requests.js';

/**
 * One small engine of each shape, written against the public API alone: on nodes from the cluster, on pools from the market, on
 * requests from usage history, on replicas from the clock. Starting points and test subjects, not for production.
 */
export const exampleEngines: readonly DecisionEngine[] = [
  consolidateNodes,
  preferSpotPools,
  rightsizeRequests,
  officeHours,
];
