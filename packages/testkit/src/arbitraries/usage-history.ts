import type { ClusterState, ContainerUsage, UsageHistory } from '@cloudoptim/core';
import fc from 'fast-check';

/** What was seen of one container's use of one resource. */
export interface UsageRecipe {
  readonly buckets: readonly number[];
  readonly weight: number;
  readonly days: number;
  readonly hourly: readonly (number | null)[] | undefined;
  readonly outOfMemoryKills: number;
}

/** Recipes of usage; `cookUsage` deals them out to the containers of a cluster. */
export function arbitraryUsageRecipe(): fc.Arbitrary<UsageRecipe> {
  const hour = fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 500 }));
  return fc.record({
    buckets: fc
      .uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 0, maxLength: 4, size: 'max' })
      .map((list) => list.sort((a, b) => a - b)),
    weight: fc.constantFrom(1, 0.25, 100, 1, 1, 1, 1, 0),
    days: fc.constantFrom(14, 28, 90, 14, 14, 14, 1, 0),
    hourly: fc.option(
      fc
        .array(hour, { minLength: 1, maxLength: 6 })
        .map((pattern) => Array.from({ length: 168 }, (_, index) => pattern[index % pattern.length] ?? null)),
      { nil: undefined },
    ),
    outOfMemoryKills: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 3),
  });
}

/** Usage of the containers of a cluster's workloads, the first recipes to the first containers; the rest has no history. */
export function cookUsage(recipes: readonly UsageRecipe[], state: ClusterState): UsageHistory {
  const containers: ContainerUsage[] = [];
  let next = 0;
  for (const workload of state.workloads) {
    const { kind, namespace, name } = workload;
    for (const container of state.podTemplates[workload.successorTemplate]?.containers ?? []) {
      for (const resource of ['cpuMillicores', 'memoryBytes'] as const) {
        const recipe = recipes[next++];
        if (recipe === undefined) continue;
        const { buckets, weight, days, hourly, outOfMemoryKills } = recipe;
        containers.push({
          workload: { kind, namespace, name },
          container: container.name,
          resource,
          sinceMs: state.takenAtMs - days * 86_400_000,
          untilMs: state.takenAtMs,
          samples: days === 0 ? 0 : buckets.length * 100,
          histogram: {
            bounds: resource === 'cpuMillicores' ? 'vpa-cpu' : 'vpa-memory',
            bucket: buckets,
            weight: buckets.map(() => weight),
          },
          ...(hourly && { hourOfWeekMax: hourly }),
          ...(outOfMemoryKills > 0 && { outOfMemoryKills }),
        });
      }
    }
  }
  return { schema: 'usage-history/v1', asOfMs: state.takenAtMs, containers };
}

/** A usage history for a cluster: some containers seen long, some briefly, some never. */
export function arbitraryUsageHistory(state: ClusterState): fc.Arbitrary<UsageHistory> {
  return fc.array(arbitraryUsageRecipe(), { maxLength: 12 }).map((recipes) => cookUsage(recipes, state));
}
