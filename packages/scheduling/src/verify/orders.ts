import type { PlanIndex } from '../plan-index.js';

/** An order of the groups that respects what depends on what, drawn from the stream. */
export function randomOrder({ plan, groupAncestors }: PlanIndex, random: () => number): number[] {
  const waiting = plan.groups.map((_, at) => groupAncestors[at]?.size ?? 0);
  const children: number[][] = plan.groups.map(() => []);
  for (const [at, ancestors] of groupAncestors.entries())
    for (const ancestor of ancestors) children[ancestor]?.push(at);
  const ready = waiting.flatMap((count, at) => (count === 0 ? [at] : []));
  const order: number[] = [];
  while (ready.length > 0) {
    const pick = Math.floor(random() * ready.length);
    const next = ready[pick] as number;
    ready[pick] = ready[ready.length - 1] as number;
    ready.pop();
    order.push(next);
    for (const child of children[next] ?? []) if (--(waiting[child] as number) === 0) ready.push(child);
  }
  return order;
}

/**
 * Each group with nothing done before it but what it depends on, as when everything else has failed for good. Groups whose
 * ancestors are just what the plan's own order does first are left out: that order has shown them already.
 */
export function barePaths({ order = [], groupAncestors }: PlanIndex): number[][] {
  return order.flatMap((group, position) => {
    const ancestors = groupAncestors[group] as ReadonlySet<number>;
    if (ancestors.size === position) return [];
    return [[...order.filter((other) => ancestors.has(other)), group]];
  });
}
