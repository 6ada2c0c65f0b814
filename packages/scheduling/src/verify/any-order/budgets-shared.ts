import type { PodDisruptionBudget, Reason } from '@cloudoptim/core';
import { type CriticalSet, criticalReason, readyMembers } from '../../critical-backends.js';
import { selects } from '../../labels.js';
import { evictsFreely, isPodReady, namespaceOfPod } from '../../placed-pod.js';
import type { PlacedAction } from '../../plan-index.js';
import type { PlanRun, Problem } from '../../run/plan-run.js';
import { scaledAway } from '../../run/scale.js';
import type { Step } from '../../run/steps.js';
import { ordered } from './conflicts.js';
import type { Mover, Movers } from './movers.js';

/** What a group's evictions, and the pods that it scales away, take of something that is lent: a budget, or a set of which one pod must stay Ready. */
interface Spending {
  readonly entry: PlacedAction;
  readonly pod: number;
  /** Evictions that are given back once the successor is Ready, one at a time. */
  lent: number;
  /** Evictions that are not: no successor comes, or it is not of that budget or set. */
  lost: number;
  /** Whether the group evicts: who scales asks no budget. */
  evicts: boolean;
}

/**
 * Budgets and critical sets that several groups draw on, neither of which waits for the other. A group in flight holds one
 * eviction of a budget until the successor is Ready; one that failed on the way may hold back a pod of a critical set for good.
 * (A budget that a failed group holds makes the Eviction API refuse, so the group that meets it fails too and harms nobody.)
 */
export function budgetsShared(
  run: PlanRun,
  steps: readonly (readonly Step[])[],
  movers: Movers,
  inFlight: number,
): Problem[] {
  const { placement, budgets } = run;
  const { ofBudgets, ofSets } = spendings(run, steps, movers);
  const problems: Problem[] = [];
  const say = ({ entry, pod }: Spending, reason: Reason) =>
    problems.push(
      run.problem(entry, reason, {
        kind: 'pod',
        namespace: namespaceOfPod(placement, pod),
        name: placement.nameOf(pod),
      }),
    );
  for (const [index, groups] of ofBudgets) {
    const { namespace, name } = placement.state.podDisruptionBudgets[index] as PodDisruptionBudget;
    for (const [group, own] of groups) {
      const { lost, holders } = takenBeside(run, group, groups);
      const held = Math.min(inFlight - 1, holders);
      if (!own.evicts) continue;
      if (held + lost === 0 || budgets.left(index) > held + lost) continue;
      say(own, {
        code: 'pod-disruption-budget',
        message: `The PodDisruptionBudget ${namespace}/${name} grants ${budgets.left(index)} evictions, and groups that may run beside this one may hold ${held + lost} of them. Let one group wait for the other.`,
        numbers: { granted: budgets.left(index), held: held + lost },
      });
    }
  }
  for (const [set, groups] of ofSets)
    for (const [group, own] of groups) {
      const { lost, holders } = takenBeside(run, group, groups);
      const ready = readyMembers(placement, set);
      if (holders + lost === 0 || ready - holders - lost >= 2) continue;
      say(
        own,
        criticalReason(set, `pod ${placement.nameOf(own.pod)} and those that other groups may have taken by then`),
      );
    }
  return problems;
}

/** Whether each eviction is given back in full: then the evictions of one group spend as much in any order. */
export function evictionsAreLent(run: PlanRun, steps: readonly (readonly Step[])[], movers: Movers): boolean {
  const { ofBudgets, ofSets } = spendings(run, steps, movers);
  return [...ofBudgets.values(), ...ofSets.values()].every((groups) =>
    [...groups.values()].every(({ lost }) => lost === 0),
  );
}

interface Spendings {
  /** By index of the budget and by group. */
  readonly ofBudgets: ReadonlyMap<number, ReadonlyMap<number, Spending>>;
  readonly ofSets: ReadonlyMap<CriticalSet, ReadonlyMap<number, Spending>>;
}

function spendings(run: PlanRun, steps: readonly (readonly Step[])[], { movers }: Movers): Spendings {
  const { placement, budgets } = run;
  const successors = new Map(movers.map((mover) => [mover.from, mover]));
  const ofBudgets = new Map<number, Map<number, Spending>>();
  const ofSets = new Map<CriticalSet, Map<number, Spending>>();
  for (const [group, own] of steps.entries())
    for (const { entry, pod } of own) {
      if (pod === undefined) {
        for (const gone of scaledAway(run, entry.action)) {
          if (!isPodReady(placement, gone)) continue;
          for (const index of budgets.of(gone)) spend(ofBudgets, index, group, entry, gone, 'scaled away');
          for (const set of run.criticalSets)
            if (set.pods.has(gone)) spend(ofSets, set, group, entry, gone, 'scaled away');
        }
        continue;
      }
      const successor = successors.get(pod);
      for (const index of evictsFreely(placement, pod) ? [] : budgets.of(pod)) {
        const budget = placement.state.podDisruptionBudgets[index] as PodDisruptionBudget;
        if (!isPodReady(placement, pod) && budget.unhealthyPodEvictionPolicy === 'AlwaysAllow') continue;
        spend(
          ofBudgets,
          index,
          group,
          entry,
          pod,
          isOf(budget, successor) && budget.namespace === namespaceOfPod(placement, pod) ? 'lent' : 'lost',
        );
      }
      for (const set of run.criticalSets)
        if (set.pods.has(pod) && isPodReady(placement, pod))
          spend(
            ofSets,
            set,
            group,
            entry,
            pod,
            successor !== undefined && set.workloads.has(successor.pod.workload) ? 'lent' : 'lost',
          );
    }
  return { ofBudgets, ofSets };
}

function spend<K>(
  all: Map<K, Map<number, Spending>>,
  key: K,
  group: number,
  entry: PlacedAction,
  pod: number,
  how: 'lent' | 'lost' | 'scaled away',
): void {
  const groups = all.get(key) ?? new Map<number, Spending>();
  all.set(key, groups);
  const spending = groups.get(group) ?? { entry, pod, lent: 0, lost: 0, evicts: false };
  groups.set(group, spending);
  spending[how === 'lent' ? 'lent' : 'lost']++;
  spending.evicts ||= how !== 'scaled away';
}

/** The most that others have taken when a group makes its last eviction; nothing when no other is free to come first. */
function takenBeside({ index }: PlanRun, group: number, groups: ReadonlyMap<number, Spending>) {
  let [lost, holders, free] = [0, 0, 0];
  for (const [other, spending] of groups) {
    if (other === group || index.groupAncestors[other]?.has(group) === true) continue;
    lost += spending.lost;
    if (ordered(index, group, other)) continue;
    free++;
    if (spending.lent > 0) holders++;
  }
  if (free === 0) return { lost: 0, holders: 0 };
  const own = groups.get(group) as Spending;
  return { lost: lost + Math.max(0, own.lent > 0 ? own.lost : own.lost - 1), holders };
}

function isOf(budget: PodDisruptionBudget, successor: Mover | undefined): boolean {
  return successor !== undefined && selects(budget.selector, successor.facts.labels);
}
