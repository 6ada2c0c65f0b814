import { type ClusterState, isReady, type Plan, podPhase, workloadKey } from '@cloudoptim/core';
import { podsOfBudget, scaled } from '../builder/budget-status.js';
import type { Answer, AnswerLaw, Finding } from './law.js';
import { disturbedNode, evictedPods } from './plan-effects.js';

/**
 * PodDisruptionBudgets, NodePool budgets and the policy's own are kept, by arithmetic that shares nothing with the verifier:
 * a budget that grants nothing now is not asked, two budgets on a pod pin it (the Eviction API answers 500), and no group
 * disturbs more nodes of a pool at once than its smallest budget allows.
 */
export const budgetsKept: AnswerLaw = (answer) => brokenPodBudget(answer) ?? brokenNodeBudget(answer);

function brokenPodBudget({ inputs: { cluster }, response: { plan } }: Answer): Finding {
  const budgets = cluster.podDisruptionBudgets.map((budget) => new Set(podsOfBudget(cluster, budget)));
  const changed = workloadsChangedBefore(plan);
  for (const { actions } of plan.groups) {
    for (const action of actions) {
      for (const pod of evictedPods(cluster, action)) {
        if (podPhase(cluster, pod) === 'Pending') continue;
        const name = `${action.id} evicts ${cluster.pods.name[pod]}`;
        const matching = budgets.flatMap((pods, index) => (pods.has(pod) ? [index] : []));
        if (matching.length > 1) return `${name}, which ${matching.length} PodDisruptionBudgets select`;
        const budget = cluster.podDisruptionBudgets[matching[0] ?? -1];
        const workload = cluster.workloads[cluster.pods.workload[pod] as number];
        // A workload that the plan scales or surges first has another budget by then: the verifier follows that.
        if (budget === undefined || (workload !== undefined && changed.has(workloadKey(workload)))) continue;
        if (!isReady(cluster, pod) && mayGoUnready(budget)) continue;
        if (allowedNow(budget) < 1)
          return `${name}, and budget ${budget.namespace}/${budget.name} allows no disruption`;
      }
    }
  }
  return undefined;
}

type Budget = ClusterState['podDisruptionBudgets'][number];

/** What the live budget grants; nothing while its controller has not looked at the current generation. */
function allowedNow({ status, generation }: Budget): number {
  if (status === undefined || (status.observedGeneration ?? 0) < (generation ?? 0)) return 0;
  return status.expectedPods === 0 ? 0 : status.disruptionsAllowed;
}

/** Unready pods go without spending budget under AlwaysAllow, or while enough others are healthy (KEP-3017). */
function mayGoUnready({ status, unhealthyPodEvictionPolicy }: Budget): boolean {
  if (unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return status !== undefined && status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy;
}

function workloadsChangedBefore(plan: Plan): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const { actions } of plan.groups) {
    for (const action of actions) {
      if (action.kind === 'surge-workload' || action.kind === 'scale-workload')
        changed.add(workloadKey(action.workload));
    }
  }
  return changed;
}

function brokenNodeBudget({ inputs: { cluster }, policy, response: { plan } }: Answer): Finding {
  for (const group of plan.groups) {
    const nodes = new Set(
      group.actions.map((action) => disturbedNode(cluster, action)).filter((node) => node !== undefined),
    );
    if (nodes.size === 0) continue;
    const disturbed = [...nodes].map((index) => cluster.nodes[index]?.owner.name);
    const total = (pool?: string) =>
      cluster.nodes.filter(({ owner }) => pool === undefined || owner.name === pool).length;
    for (const budget of policy.disruptionBudgets) {
      const used = disturbed.filter((pool) => budget.pool === undefined || pool === budget.pool).length;
      const allowed = scaled(budget.nodes, total(budget.pool));
      if (used > allowed) return `group ${group.id} disturbs ${used} nodes, the policy's budget is ${budget.nodes}`;
    }
    for (const pool of cluster.nodePools) {
      const used = disturbed.filter((name) => name === pool.name).length;
      for (const { nodes: limit, reasons, schedule } of pool.budgets ?? [{ nodes: '10%' }]) {
        // Scheduled budgets and those for one reason only are the verifier's: which reason applies is Karpenter's to say.
        if (schedule !== undefined || reasons !== undefined) continue;
        const allowed = limit.endsWith('%') ? scaled(limit, total(pool.name)) : Number(limit);
        if (used > allowed)
          return `group ${group.id} disturbs ${used} nodes of NodePool ${pool.name}, its budget is ${limit}`;
      }
    }
  }
  return undefined;
}
