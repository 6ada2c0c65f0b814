import type { ClusterState, Policy } from '@cloudoptim/core';
import { nodeObstacles } from '../node-obstacles.js';
import { createPlacement } from '../placement.js';

/**
 * Obstacles that no other action of a plan takes away. Budgets, rollouts and single replicas are not among them: a surge or
 * some time may open the way.
 */
const lastingObstacles: ReadonlySet<string> = new Set([
  'frozen',
  'unknown-owner',
  'do-not-disrupt',
  'scale-down-disabled',
  'peer-opt-out',
  'safe-to-evict',
  'namespace-excluded',
  'static-pod',
  'bare-pod',
  'job',
  'local-volume',
  'host-path',
  'empty-dir',
]);

/** Nodes that no plan may empty at this instant. */
export function keptNodes(state: ClusterState, policy: Policy, now: number): ReadonlySet<number> {
  const kept = new Set<number>();
  for (const [node, obstacles] of nodeObstacles(createPlacement(state), policy, now).entries())
    if (obstacles.some(({ reason }) => lastingObstacles.has(reason.code))) kept.add(node);
  return kept;
}
