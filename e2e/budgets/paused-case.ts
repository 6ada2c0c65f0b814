import type { BudgetCase } from './budget-case.js';
import { podName } from './case-objects.js';
import { liveBudget } from './live-budget.js';
import { viewOf } from './our-view.js';
import { compareEviction, type Difference, type Scene } from './play-case.js';

/** How a budget comes to be evicted against while the disruption controller sleeps. */
export const pausedModes = ['spent', 'stale', 'never looked at', 'never looked at, but with figures'] as const;
export type PausedMode = (typeof pausedModes)[number];

/**
 * Plays a case while nobody writes statuses but the Eviction API itself: several evictions spend one figure, a changed budget
 * is not granted from, nor is one that nobody has looked at.
 */
export async function playPaused(scene: Scene, { evictions }: BudgetCase, mode: PausedMode): Promise<Difference[]> {
  if (mode === 'stale') await change(scene);
  if (mode === 'never looked at, but with figures') await writeFigures(scene);
  const differences: Difference[] = [];
  for (const index of evictions) {
    differences.push(...(await compareEviction(scene, podName(index))).differences);
    const { statuses } = await viewOf(scene.client, scene.namespace);
    for (const { name, live, left } of statuses) {
      const real = liveBudget(live).disruptionsAllowed;
      if (left > real) differences.push({ at: `what ${name} has left, ${mode}`, real, ours: left });
    }
    if (differences.length > 0) break;
  }
  return differences;
}

const budgetsPath = (namespace: string) => `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;

/** A new generation, which the controller has not seen. */
async function change({ client, namespace }: Scene): Promise<void> {
  for (const { metadata } of await client.list(budgetsPath(namespace)))
    await client.patch(
      `${budgetsPath(namespace)}/${metadata?.name}`,
      { spec: { minAvailable: 0, maxUnavailable: null } },
      'merge-patch',
    );
}

/** Figures without the generation that they are about, as no controller writes them. */
async function writeFigures({ client, namespace }: Scene): Promise<void> {
  const status = { disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 1, expectedPods: 3 };
  for (const { metadata } of await client.list(budgetsPath(namespace)))
    await client.patch(`${budgetsPath(namespace)}/${metadata?.name}/status`, { status }, 'merge-patch');
}
