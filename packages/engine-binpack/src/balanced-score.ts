import { type ClusterState, type Node, podAnnotations, podTemplate } from '@cloudoptim/core';

/** A pool's bill and how much it would disturb to empty all of it. */
export interface PoolTotals {
  readonly usdPerHour: number;
  readonly disruption: number;
}

/**
 * What it disturbs to evict a pod: 1 for an ordinary one, from 0 to 10.
 * Source: kubernetes-sigs/karpenter pkg/utils/disruption (EvictionCost), designs/balanced-consolidation.md.
 */
export function evictionCost(state: ClusterState, pod: number): number {
  const written = podAnnotations(state, pod)['controller.kubernetes.io/pod-deletion-cost'];
  const deletionCost = written === undefined ? 0 : Number(written);
  const priority = podTemplate(state, pod).priority ?? 0;
  const cost = 1 + (Number.isFinite(deletionCost) ? deletionCost : 0) / 2 ** 27 + priority / 2 ** 25;
  return Math.min(10, Math.max(0, cost));
}

/** What it disturbs to remove a node: 1, and the eviction costs of the pods that must move. */
export function nodeDisruption(state: ClusterState, evictedPods: readonly number[]): number {
  let disruption = 1;
  for (const pod of evictedPods) disruption += evictionCost(state, pod);
  return disruption;
}

/**
 * Karpenter's Balanced score: the share of the pool's cost that is saved, divided by the share of the pool's disruption that
 * is spent. Removing an average node scores 1. A pool that costs nothing has nothing to save: 0.
 */
export function balancedScore(savedUsdPerHour: number, disruption: number, pool: PoolTotals): number {
  if (!(pool.usdPerHour > 0) || !(disruption > 0)) return 0;
  return savedUsdPerHour / pool.usdPerHour / (disruption / pool.disruption);
}

/** Nodes of one owner are a pool: fractions are taken of it, as Karpenter does by NodePool. */
export function poolKey({ owner }: Pick<Node, 'owner'>): string {
  return `${owner.kind}/${owner.name ?? ''}`;
}
