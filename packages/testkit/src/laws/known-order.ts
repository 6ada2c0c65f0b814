import type { AnswerLaw } from './law.js';

/** Ids are unique, `dependsOn` names ids of the plan, and neither groups nor actions wait for themselves in a circle. */
export const knownOrder: AnswerLaw = ({ response }) => {
  const { groups } = response.plan;
  return (
    orderOf(groups, 'group') ??
    orderOf(
      groups.flatMap((group) => group.actions),
      'action',
    )
  );
};

interface Ordered {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

function orderOf(items: readonly Ordered[], what: string): string | undefined {
  const left = new Map<string, Set<string>>();
  for (const { id, dependsOn } of items) {
    if (left.has(id)) return `two ${what}s have the id ${id}`;
    left.set(id, new Set(dependsOn));
  }
  for (const { id, dependsOn } of items) {
    const unknown = dependsOn.find((other) => !left.has(other));
    if (unknown !== undefined) return `${what} ${id} depends on ${unknown}, which is not in the plan`;
  }
  // Kahn's algorithm: whatever cannot be taken away waits in a circle.
  for (let progress = true; progress; ) {
    progress = false;
    for (const [id, waits] of left) {
      if ([...waits].some((other) => left.has(other))) continue;
      left.delete(id);
      progress = true;
    }
  }
  return left.size === 0 ? undefined : `${what}s ${[...left.keys()].join(', ')} wait for each other in a circle`;
}
