import type { ClusterState, Policy } from '@cloudoptim/core';
import { type Obstacle, obstaclesByNode } from '../node-obstacles.js';
import { createPlacement } from '../placement.js';
import type { Turns } from '../turns.js';

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

/** Whether something stands in the way that no other action of a plan takes away. */
export function staysAnyway(obstacles: readonly Obstacle[]): boolean {
  return obstacles.some(({ reason }) => lastingObstacles.has(reason.code));
}

/** Nodes that no plan may empty at this instant. */
export function* keptNodes(state: ClusterState, policy: Policy, now: number): Turns<ReadonlySet<number>> {
  const kept = new Set<number>();
  const placement = createPlacement(state);
  yield;
  const obstaclesOf = obstaclesByNode(placement, policy, now);
  for (const node of state.nodes.keys()) {
    yield;
    if (staysAnyway(obstaclesOf(node))) kept.add(node);
  }
  return kept;
}
