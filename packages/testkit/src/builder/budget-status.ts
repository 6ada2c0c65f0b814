import {
  type ClusterState,
  isReady,
  isTerminal,
  isTerminating,
  type PodDisruptionBudget,
  podLabels,
} from '@cloudoptim/core';
import { matchesSelector } from './matches-selector.js';

type BudgetStatus = NonNullable<PodDisruptionBudget['status']>;

/** Indices of the live pods that a PodDisruptionBudget selects. */
export function podsOfBudget(state: ClusterState, budget: PodDisruptionBudget): number[] {
  return selectedPods(state, budget).filter((pod) => !isTerminal(state, pod));
}

function selectedPods(state: ClusterState, budget: PodDisruptionBudget): number[] {
  const pods: number[] = [];
  for (let pod = 0; pod < state.pods.count; pod++) {
    const namespace = state.podTemplates[state.pods.template[pod] as number]?.namespace;
    if (namespace !== budget.namespace) continue;
    if (matchesSelector(budget.selector, podLabels(state, pod))) pods.push(pod);
  }
  return pods;
}

/**
 * What the disruption controller would write into the status of a budget (kubernetes pkg/controller/disruption): percentages
 * and maxUnavailable count the scales of the controllers, an integer minAvailable counts the pods (those that ended too),
 * percentages round up, and an owner without a scale allows nothing where its scale is needed.
 */
export function budgetStatus(state: ClusterState, budget: PodDisruptionBudget): BudgetStatus {
  const pods = selectedPods(state, budget);
  const currentHealthy = pods.filter((pod) => isReady(state, pod) && !isTerminating(state, pod)).length;
  const { minAvailable, maxUnavailable } = budget;
  const byPods = maxUnavailable === undefined && typeof minAvailable !== 'string';
  const scale = byPods ? pods.length : scaleOf(state, pods);
  const expectedPods = scale ?? 0;
  const desiredHealthy =
    maxUnavailable === undefined
      ? scaled(minAvailable ?? 1, expectedPods)
      : Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods));
  const disruptionsAllowed =
    expectedPods === 0 || scale === undefined ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return {
    observedGeneration: budget.generation ?? 1,
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
  };
}

/** Sum of the scales of the pods' controllers, undefined when one has none (DaemonSets, Jobs); bare pods add nothing. */
function scaleOf(state: ClusterState, pods: readonly number[]): number | undefined {
  let total = 0;
  for (const index of new Set(pods.map((pod) => state.pods.workload[pod] as number))) {
    const workload = state.workloads[index];
    if (index < 0) continue;
    if (workload?.replicas === undefined || workload.scalable === false) return undefined;
    total += workload.replicas;
  }
  return total;
}

/** An integer, or a percentage of the total rounded up. */
export function scaled(value: number | string, total: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number(value.replace('%', '')) * total) / 100);
}
