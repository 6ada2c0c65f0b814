import type { PodDisruptionBudget, Reason } from '@cloudoptim/core';
import { budgetSelects, budgetStatus, desiredOf } from './budget-status.js';
import { evictsFreely, isPodReady, namespaceOfPod } from './placed-pod.js';
import type { Placement } from './placement.js';

export type EvictionAnswer =
  | { readonly allowed: true /** Index of the budget that pays; -1 when none does. */; readonly budget: number }
  | { readonly allowed: false; readonly reason: Reason };

/** PodDisruptionBudgets as the Eviction API spends them. */
export interface Budgets {
  /** Whether the Eviction API would grant the eviction now. */
  allowed(pod: number): EvictionAnswer;
  /**
   * Spends for an eviction; throws RangeError when it is not allowed. Call it before the placement removes the pod; `answer` is
   * what `allowed` has just said, so that it is not asked twice.
   */
  evict(pod: number, answer?: EvictionAnswer): void;
  /** A pod goes without asking, since its workload has one replica less: budgets that count replicas expect one less as well. */
  leave(pod: number): void;
  /** The successor of an evicted pod (an index that `place` returned) is Ready: its budget has one more again. */
  ready(successor: number): void;
  /** Evictions that a budget (by index in the state) still grants. */
  left(budget: number): number;
  /** Indices of the budgets that select the pod. */
  of(pod: number): readonly number[];
  mark(): number;
  rollback(mark: number): void;
}

interface Account {
  left: number;
  healthy: number;
  readonly most: number;
  desired: number;
  expected: number;
}

/**
 * Budgets as the state tells them: the live `disruptionsAllowed`, or less where the pods in the state say less. A budget is
 * spent by an eviction and by a pod that is scaled away, gets one back when a successor is Ready, and never grants more at once than it did at first.
 * Source: pkg/registry/core/pod/storage/eviction.go.
 */
export function createBudgets(placement: Placement): Budgets {
  const { podDisruptionBudgets: budgets, takenAtMs } = placement.state;
  const selecting = selectionOf(placement);
  const accounts = openAccounts(placement, selecting, takenAtMs);
  const undo: (() => void)[] = [];

  function allowed(pod: number): EvictionAnswer {
    if (evictsFreely(placement, pod)) return { allowed: true, budget: -1 };
    const own = selecting(pod);
    const [index] = own;
    if (index === undefined) return { allowed: true, budget: -1 };
    if (own.length > 1) return { allowed: false, reason: severalBudgets(placement, pod, own) };
    const budget = budgets[index] as PodDisruptionBudget;
    const { left, healthy, desired } = accounts[index] as Account;
    if (!isPodReady(placement, pod)) {
      if (budget.unhealthyPodEvictionPolicy === 'AlwaysAllow') return { allowed: true, budget: -1 };
      if (healthy >= desired && desired > 0) return { allowed: true, budget: -1 };
    }
    return left > 0
      ? { allowed: true, budget: index }
      : { allowed: false, reason: exhausted(budget, healthy, desired) };
  }

  /** A pod that goes without asking may still count: Failed on a node that went away, its Ready condition left as it was. */
  function isCountedHealthy(pod: number): boolean {
    return isPodReady(placement, pod) && placement.extraOf(pod).deletionAtMs === undefined;
  }

  function change(index: number, by: 1 | -1): void {
    const account = accounts[index] as Account;
    account.left += by;
    account.healthy += by;
    undo.push(() => {
      account.left -= by;
      account.healthy -= by;
    });
  }

  function expectOneLess(index: number): void {
    const account = accounts[index] as Account;
    const { left, desired, expected } = account;
    const fewer = desiredOf(budgets[index] as PodDisruptionBudget, Math.max(0, expected - 1));
    if (fewer === undefined) return;
    account.expected = Math.max(0, expected - 1);
    account.desired = fewer;
    // What was asked of more pods is not asked any more, but a budget without pods allows nothing.
    account.left = account.expected === 0 ? Math.min(left, 0) : Math.min(account.most, left + desired - fewer);
    undo.push(() => {
      Object.assign(account, { left, desired, expected });
    });
  }

  return {
    allowed,
    leave(pod) {
      for (const index of selecting(pod)) {
        if (isCountedHealthy(pod)) change(index, -1);
        expectOneLess(index);
      }
    },
    evict(pod, answer = allowed(pod)) {
      if (!answer.allowed) throw new RangeError(answer.reason.message);
      if (answer.budget >= 0) change(answer.budget, -1);
      else if (isCountedHealthy(pod)) for (const index of selecting(pod)) change(index, -1);
    },
    ready(successor) {
      for (const index of selecting(successor)) {
        const { left, most } = accounts[index] as Account;
        if (left < most) change(index, 1);
      }
    },
    left: (budget) => Math.max(0, accounts[budget]?.left ?? 0),
    of: selecting,
    mark: () => undo.length,
    rollback(mark) {
      while (undo.length > mark) undo.pop()?.();
    },
  };
}

/** The pods of the state that each budget counts, by the budget's index: all that it selects, those that have ended too. */
export function podsOfBudgets(
  placement: Placement,
  selecting = selectionOf(placement),
): readonly (readonly number[])[] {
  const { podDisruptionBudgets: budgets, pods } = placement.state;
  const matched: number[][] = budgets.map(() => []);
  for (let pod = 0; pod < pods.count; pod++) for (const index of selecting(pod)) matched[index]?.push(pod);
  return matched;
}

function openAccounts(placement: Placement, selecting: (pod: number) => readonly number[], now: number): Account[] {
  const matched = podsOfBudgets(placement, selecting);
  return placement.state.podDisruptionBudgets.map((budget, index) => {
    const { status, generation } = budget;
    if (status === undefined) return { left: 0, healthy: 0, most: 0, desired: 0, expected: 0 };
    // The Eviction API takes a budget without an observed generation for one that nobody has looked at.
    const stale = generation !== undefined && (status.observedGeneration ?? 0) < generation;
    const computed = budgetStatus(budget, matched[index] ?? [], placement, now)?.disruptionsAllowed;
    const left = stale ? 0 : Math.max(0, Math.min(status.disruptionsAllowed, computed ?? status.disruptionsAllowed));
    const { currentHealthy: healthy, desiredHealthy: desired, expectedPods: expected } = status;
    return { left, healthy, most: left, desired, expected };
  });
}

/** Budgets by pod, worked out once a template for pods without labels of their own. */
function selectionOf(placement: Placement): (pod: number) => readonly number[] {
  const byTemplate: (readonly number[] | undefined)[] = [];
  const byNamespace = new Map<string, (readonly [index: number, budget: PodDisruptionBudget])[]>();
  for (const [index, budget] of placement.state.podDisruptionBudgets.entries()) {
    const own = byNamespace.get(budget.namespace);
    if (own === undefined) byNamespace.set(budget.namespace, [[index, budget]]);
    else own.push([index, budget]);
  }
  const find = (pod: number) =>
    (byNamespace.get(namespaceOfPod(placement, pod)) ?? []).flatMap(([index, budget]) =>
      budgetSelects(budget, placement, pod) ? [index] : [],
    );
  return (pod) => {
    if (placement.extraOf(pod).labels !== undefined) return find(pod);
    const template = placement.templateOf(pod);
    const known = byTemplate[template] ?? find(pod);
    byTemplate[template] = known;
    return known;
  };
}

function severalBudgets(placement: Placement, pod: number, own: readonly number[]): Reason {
  const names = own.map((index) => placement.state.podDisruptionBudgets[index]?.name ?? '').join(', ');
  return {
    code: 'several-pdbs',
    message: `Pod ${placement.nameOf(pod)} has ${own.length} PodDisruptionBudgets (${names}): the Eviction API refuses such pods. Leave it one budget.`,
    numbers: { budgets: own.length },
  };
}

function exhausted({ namespace, name, status }: PodDisruptionBudget, healthy: number, desired: number): Reason {
  const why =
    status === undefined
      ? 'the disruption controller has not looked at it yet'
      : `it needs ${desired} healthy pods and has ${healthy}`;
  return {
    code: 'pod-disruption-budget',
    message: `The PodDisruptionBudget ${namespace}/${name} grants no eviction now: ${why}.`,
    numbers: { healthy, desired },
  };
}
