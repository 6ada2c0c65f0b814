import type { Problem } from '../run/plan-run.js';

/**
 * Pods that find no place as planned, where all find one as kube-scheduler itself would choose: it is the plan's expectations that
 * leave no room. They are said as that, once an action, since nobody who carries the plan out would see such a pod wait.
 */
export function expectationsAtFault(asPlanned: readonly Problem[]): Problem[] {
  const others = asPlanned.filter((problem) => !isWithoutPlace(problem));
  const byAction = new Map<string, Problem[]>();
  for (const problem of asPlanned.filter(isWithoutPlace))
    byAction.set(problem.action, [...(byAction.get(problem.action) ?? []), problem]);
  return [...others, ...[...byAction.values()].map(together)];
}

export function isWithoutPlace({ reason }: Problem): boolean {
  return reason.code === 'pod-without-a-place';
}

function together(problems: readonly Problem[]): Problem {
  const [first] = problems as readonly [Problem];
  const more = problems.length === 1 ? '' : ` This is so for ${problems.length} pods of action ${first.action}.`;
  const message = `Were all pods where the plan expects them: ${first.reason.message}${more} As kube-scheduler would choose, each finds one. Let the drains expect their pods where all have room, or expect nothing.`;
  return {
    ...first,
    subject: { kind: 'cluster' },
    reason: { code: 'expected-placements-leave-no-room', message, numbers: { pods: problems.length } },
  };
}
