import type { PodDisruptionBudget, PodExtra, Workload } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { budgetStatus } from '../src/budget-status.js';
import { podsOfBudgets } from '../src/budgets.js';
import { createBudgets, createPlacement } from '../src/index.js';
import { deployment, node, state, takenAtMs, template } from './support/build.js';

const selector = { matchLabels: { app: 'web' } };

interface Case {
  readonly budget?: Partial<PodDisruptionBudget>;
  readonly owner?: Partial<Workload>;
  readonly extras?: readonly (PodExtra | undefined)[];
}

function cluster({ budget = {}, owner = {}, extras = [undefined, undefined, undefined] }: Case) {
  return createPlacement(
    state({
      nodes: [node('a')],
      podTemplates: [template({ labels: { app: 'web' } })],
      workloads: [deployment('web', 0, { replicas: 3, ...owner })],
      pods: extras.map((extra) => ({ template: 0, workload: 0, node: 0, ...(extra === undefined ? {} : { extra }) })),
      podDisruptionBudgets: [{ namespace: 'default', name: 'web', selector, ...budget }],
    }),
  );
}

function statusOf(parts: Case) {
  const placement = cluster(parts);
  const pods = Array.from({ length: placement.podCount }, (_, pod) => pod);
  return budgetStatus(placement.state.podDisruptionBudgets[0] as PodDisruptionBudget, pods, placement, takenAtMs);
}

describe('the status of a budget', () => {
  it.each<[Partial<PodDisruptionBudget>, number, number]>([
    [{ minAvailable: 2 }, 2, 1],
    [{ minAvailable: '34%' }, 2, 1],
    [{ maxUnavailable: 1 }, 2, 1],
    [{ maxUnavailable: '1%' }, 2, 1],
    [{ maxUnavailable: '34%' }, 1, 2],
    [{ maxUnavailable: 5 }, 0, 3],
    [{ minAvailable: '100%' }, 3, 0],
  ])('rounds percentages up in both fields: %j', (budget, desiredHealthy, disruptionsAllowed) => {
    expect(statusOf({ budget })).toMatchObject({ desiredHealthy, disruptionsAllowed, currentHealthy: 3 });
  });
  it('takes percentages of what the controller wants, and numbers of what is there', () => {
    const owner = { replicas: 10 };
    expect(statusOf({ budget: { minAvailable: '50%' }, owner })).toMatchObject({
      expectedPods: 10,
      desiredHealthy: 5,
      disruptionsAllowed: 0,
    });
    expect(statusOf({ budget: { minAvailable: 2 }, owner })).toMatchObject({ expectedPods: 3, disruptionsAllowed: 1 });
  });
  it('counts only Ready pods that stay', () => {
    const extras = [{ ready: false }, { deletionAtMs: 1 }, undefined];
    expect(statusOf({ budget: { minAvailable: 1 }, extras })).toMatchObject({
      currentHealthy: 1,
      disruptionsAllowed: 0,
    });
  });
  it('expects pods that have ended as well: the disruption controller takes all that the selector takes', () => {
    const extras: PodExtra[] = [{ phase: 'Succeeded' }, {}, { phase: 'Failed' }];
    expect(podsOfBudgets(cluster({ budget: { minAvailable: 1 }, extras }))).toEqual([[0, 1, 2]]);
    expect(statusOf({ budget: { minAvailable: 1 }, extras })).toMatchObject({ expectedPods: 3, currentHealthy: 1 });
  });
  it('counts an Argo Rollout by its ReplicaSets, since the controller looks above those only for a Deployment', () => {
    const owner = { kind: 'Rollout', replicas: 10, replicaSetReplicas: 4 };
    expect(statusOf({ budget: { maxUnavailable: 2 }, owner })).toMatchObject({
      expectedPods: 4,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
    });
  });
  it('counts a pod whose eviction was granted as gone for two minutes', () => {
    const granted = (ago: number) => ({
      minAvailable: 1,
      status: {
        disruptionsAllowed: 0,
        currentHealthy: 0,
        desiredHealthy: 0,
        expectedPods: 0,
        disruptedPods: { 'pod-0': takenAtMs - ago },
      },
    });
    expect(statusOf({ budget: granted(60_000) })?.currentHealthy).toBe(2);
    expect(statusOf({ budget: granted(121_000) })?.currentHealthy).toBe(3);
  });
  it('allows nothing when nothing is expected or an owner has no scale, and cannot tell unknown replicas', () => {
    expect(statusOf({ budget: { maxUnavailable: 1 }, owner: { replicas: 0 } })?.disruptionsAllowed).toBe(0);
    expect(statusOf({ budget: { maxUnavailable: 1 }, owner: { kind: 'DaemonSet' } })?.disruptionsAllowed).toBe(0);
    const { replicas: _, ...unknown } = deployment('web', 0);
    const placement = createPlacement({ ...cluster({ budget: { maxUnavailable: 1 } }).state, workloads: [unknown] });
    expect(
      budgetStatus(placement.state.podDisruptionBudgets[0] as PodDisruptionBudget, [0], placement, takenAtMs),
    ).toBeUndefined();
  });
});

describe('budgets', () => {
  const live = (disruptionsAllowed: number, more: object = {}) => ({
    minAvailable: 1,
    status: { disruptionsAllowed, currentHealthy: 3, desiredHealthy: 1, expectedPods: 3 },
    ...more,
  });
  const ask = (parts: Case, pod = 0) => createBudgets(cluster(parts)).allowed(pod);

  it('spends one for an eviction and has it back when the successor is Ready, never more than at first', () => {
    const placement = cluster({ budget: live(1) });
    const budgets = createBudgets(placement);
    budgets.evict(0);
    placement.remove(0);
    expect([budgets.left(0), budgets.allowed(1).allowed]).toEqual([0, false]);
    const successor = placement.place({ template: 0, workload: 0 }, 0);
    budgets.ready(successor);
    budgets.ready(successor);
    expect(budgets.left(0)).toBe(1);
    expect(() => {
      budgets.evict(1);
      budgets.evict(2);
    }).toThrow(RangeError);
  });
  it('returns to a mark exactly', () => {
    const budgets = createBudgets(cluster({ budget: live(2) }));
    const mark = budgets.mark();
    budgets.evict(0);
    budgets.evict(1);
    budgets.rollback(mark);
    expect(budgets.left(0)).toBe(2);
  });
  it('grants no more than is live, nor than the pods in the state bear', () => {
    expect(createBudgets(cluster({ budget: live(1) })).left(0)).toBe(1);
    expect(createBudgets(cluster({ budget: live(9) })).left(0)).toBe(2);
  });
  it('lets a pod that is not Ready go unpaid under AlwaysAllow, or while enough are healthy', () => {
    const extras = [{ ready: false }, undefined, undefined];
    const none = live(0, { minAvailable: 2 });
    expect(ask({ budget: none, extras })).toEqual({ allowed: true, budget: -1 });
    const unhealthy = { ...none, status: { ...none.status, currentHealthy: 1, desiredHealthy: 2 } };
    expect(ask({ budget: unhealthy, extras }).allowed).toBe(false);
    expect(ask({ budget: { ...unhealthy, unhealthyPodEvictionPolicy: 'AlwaysAllow' }, extras }).allowed).toBe(true);
  });
  it('asks no budget for pods that are terminating', () => {
    expect(ask({ budget: live(0), extras: [{ deletionAtMs: 1 }] })).toEqual({ allowed: true, budget: -1 });
  });
  it('has one less for a pod that goes without asking but was counted as healthy', () => {
    const extras: PodExtra[] = [{ phase: 'Failed', ready: true }, {}, {}];
    const budgets = createBudgets(cluster({ budget: live(2), extras }));
    budgets.evict(0);
    expect(budgets.left(0)).toBe(1);
  });
  it('grants nothing from figures that are of an older generation, or of none', () => {
    const { status } = live(2);
    expect(ask({ budget: live(2, { generation: 1 }) }).allowed).toBe(false);
    expect(ask({ budget: live(2, { generation: 2, status: { ...status, observedGeneration: 1 } }) }).allowed).toBe(
      false,
    );
    expect(ask({ budget: live(2, { generation: 2, status: { ...status, observedGeneration: 2 } }) }).allowed).toBe(
      true,
    );
  });
  it('takes an empty selector for the whole namespace and an absent one for nothing', () => {
    expect(ask({ budget: live(0, { selector: {} }) }).allowed).toBe(false);
    const { selector: _, ...absent } = { namespace: 'default', name: 'web', selector, ...live(0) };
    const placement = createPlacement({ ...cluster({}).state, podDisruptionBudgets: [absent] });
    expect(createBudgets(placement).allowed(0)).toEqual({ allowed: true, budget: -1 });
  });
});
