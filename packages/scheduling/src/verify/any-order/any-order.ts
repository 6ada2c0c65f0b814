import type { PlacedAction } from '../../plan-index.js';
import type { PlanRun, Problem, RunOptions } from '../../run/plan-run.js';
import type { Step } from '../../run/steps.js';
import type { Turns } from '../../turns.js';
import { conflictingActions } from './conflicts.js';
import { isContested } from './contested.js';
import { type Explored, explore } from './explore.js';
import { type Movers, moversOf } from './movers.js';
import { returningMover } from './returning-pods.js';
import { sharedLimits } from './shared-limits.js';
import { withoutSureRoom } from './sure-room.js';

/** Steps that are taken to go through all states of a small plan, for each offering that its launches may turn out to be. */
const mostSteps = 20_000;
/** States that are worth going through: more are not even begun with. */
const mostStates = 20_000;

/**
 * What may go wrong in a state that the plan reaches when its groups come in another order, run beside one another, or fail on
 * the way. Where each group waits for the one before, the replays have seen all states and nothing is asked here. Else what
 * is monotone is judged at its worst, pods must be sure of a place in every state, and where that cannot be told the states
 * of a small plan are gone through one by one. What is left is refused: it is not known to be wrong, but nothing shows that
 * it is right.
 */
export function* anyOrderProblems(
  run: PlanRun,
  steps: readonly (readonly Step[])[],
  inFlight: number,
  rules: readonly RunOptions[],
  { problems, doubtful, conflicting }: WorstCases,
): Turns<Problem[]> {
  if (isChain(run)) return [];
  if (problems.length > 0 || doubtful === undefined) return [...problems];
  if (steps.reduce((states, own) => states * (own.length + 1), 1) <= mostStates) {
    let complete = true;
    for (const rule of rules) {
      const explored = yield* explore(run, steps, inFlight, rule, mostSteps);
      if (explored.problems.length > 0) return inOrder(run, explored);
      complete &&= explored.complete;
    }
    if (complete) return [];
  }
  const id = run.index.plan.groups[doubtful.group]?.id ?? '';
  const message = conflicting
    ? `What action ${doubtful.action.id} does depends on which other groups came before it. Let groups that touch the same objects wait for one another.`
    : `A pod of group ${id} may find no node when groups come in another order or fail on the way. Let groups wait for one another (dependsOn), or leave more room.`;
  return [run.problem(doubtful, { code: 'not-robust', message }, { kind: 'cluster' })];
}

/** What goes wrong, with the order of groups in which it does. */
function inOrder({ index }: PlanRun, { problems, began, failed }: Explored): Problem[] {
  const id = (group: number) => index.plan.groups[group]?.id ?? '';
  const order = began.map(id);
  const failures = failed.length === 0 ? '' : ` and ${failed.map(id).join(', ')} fail on the way`;
  const when = `When groups begin in the order ${order.join(', ')}${failures}:`;
  return problems.map(({ reason, ...rest }) => {
    const message = `${when} ${reason.message} Let groups wait for one another (dependsOn).`;
    return { ...rest, order, reason: { ...reason, message } };
  });
}

export interface WorstCases {
  readonly movers: Movers;
  /** Limits that groups can reach together. */
  readonly problems: readonly Problem[];
  /** An action of which the worst case does not show that it goes well; undefined when all do. */
  readonly doubtful: PlacedAction | undefined;
  /** Whether that is because groups act on the same objects, and not for want of room. */
  readonly conflicting: boolean;
}

/** What can be said of all states at once. */
export function* worstCases(run: PlanRun, steps: readonly (readonly Step[])[], inFlight: number): Turns<WorstCases> {
  const movers = moversOf(run, steps);
  yield;
  const problems = [...sharedLimits(run, steps, movers, inFlight)];
  yield;
  const returning = returningMover(run, movers.movers);
  if (returning !== undefined) {
    const message =
      'A pod tolerates the cordon, so the scheduler may put it on a node that another group is about to remove. Let groups wait for one another (dependsOn).';
    problems.push(run.problem(returning.entry, { code: 'not-robust', message }, { kind: 'cluster' }));
  }
  const [conflict] = [...movers.unclear, ...conflictingActions(run, movers.movers)];
  const contested = isContested(run) ? run.index.actions[0] : undefined;
  const doubted = conflict ?? contested;
  yield;
  const unsure = doubted === undefined && problems.length === 0 ? yield* withoutSureRoom(run, movers) : undefined;
  return { movers, problems, doubtful: doubted ?? unsure?.entry, conflicting: conflict !== undefined };
}

/** Whether every group waits for every earlier one: then a plan reaches no states but those on its one way. */
function isChain({ index: { order, groupAncestors } }: PlanRun): boolean {
  return (order ?? []).every((group, position) => groupAncestors[group]?.size === position);
}
