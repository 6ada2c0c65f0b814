import type { PodDisruptionBudget, Workload } from '@cloudoptim/core';
import { selects } from './labels.js';
import { scaledValue } from './percent.js';
import { isPodReady, labelsOfPod, namespaceOfPod } from './placed-pod.js';
import type { Placement } from './placement.js';

/** What the disruption controller writes of a budget. */
export interface BudgetStatus {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
}

/** What the Eviction API has to protect: pods granted this long ago and still there are counted as gone. */
const deletionTimeoutMs = 120_000;

/** Whether a budget selects a pod: an empty selector takes the whole namespace, an absent one nothing (policy/v1). */
export function budgetSelects(budget: PodDisruptionBudget, placement: Placement, pod: number): boolean {
  return budget.namespace === namespaceOfPod(placement, pod) && selects(budget.selector, labelsOfPod(placement, pod));
}

/**
 * The status that the disruption controller writes for these pods (pkg/controller/disruption/disruption.go). Undefined when
 * an owner's replicas are not known. Nothing is allowed while nothing is expected, and, for percentages and every
 * maxUnavailable, when an owner has no scale.
 */
export function budgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly number[],
  placement: Placement,
  now: number,
): BudgetStatus | undefined {
  const disrupted = budget.status?.disruptedPods ?? {};
  let currentHealthy = 0;
  for (const pod of pods) {
    if (placement.extraOf(pod).deletionAtMs !== undefined) continue;
    const name = placement.nameOf(pod);
    const granted = Object.hasOwn(disrupted, name) ? disrupted[name] : undefined;
    if (granted !== undefined && granted + deletionTimeoutMs > now) continue;
    if (isPodReady(placement, pod)) currentHealthy++;
  }
  const wanted = expectedAndDesired(budget, pods, placement);
  if (wanted === undefined) return undefined;
  if (wanted === 'no-scale') return { disruptionsAllowed: 0, currentHealthy, desiredHealthy: 0, expectedPods: 0 };
  const [expectedPods, desiredHealthy] = wanted;
  const allowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return { disruptionsAllowed: allowed, currentHealthy, desiredHealthy, expectedPods };
}

function expectedAndDesired(budget: PodDisruptionBudget, pods: readonly number[], placement: Placement) {
  const { minAvailable, maxUnavailable } = budget;
  if (maxUnavailable === undefined && minAvailable === undefined) return [0, 0] as const;
  const countsPods = maxUnavailable === undefined && typeof minAvailable === 'number';
  const expected = countsPods ? pods.length : scaleOf(pods, placement);
  if (typeof expected !== 'number') return expected;
  const desired = desiredOf(budget, expected);
  return desired === undefined ? undefined : ([expected, desired] as const);
}

/** How many of so many expected pods a budget wants healthy; undefined when its figure cannot be read. */
export function desiredOf({ minAvailable, maxUnavailable }: PodDisruptionBudget, expected: number): number | undefined {
  if (maxUnavailable !== undefined) {
    const unavailable = scaledValue(maxUnavailable, expected);
    return unavailable === undefined ? undefined : Math.max(0, expected - unavailable);
  }
  return scaledValue(minAvailable ?? 0, expected);
}

/** Replicas of all controllers of the pods, each once; bare pods add nothing. */
function scaleOf(pods: readonly number[], placement: Placement): number | 'no-scale' | undefined {
  let sum = 0;
  for (const index of new Set(pods.map((pod) => placement.workloadOf(pod)))) {
    const owner = placement.state.workloads[index];
    if (owner === undefined) continue;
    // The disruption controller looks above a ReplicaSet only for a Deployment, so an Argo Rollout counts by its ReplicaSets.
    if (owner.replicaSetReplicas !== undefined) {
      sum += owner.replicaSetReplicas;
      continue;
    }
    if (hasNoScale(owner)) return 'no-scale';
    if (owner.replicas === undefined) return undefined;
    sum += owner.replicas;
  }
  return sum;
}

function hasNoScale({ kind, scalable }: Workload): boolean {
  return kind === 'DaemonSet' || kind === 'Job' || kind === 'CronJob' || scalable === false;
}
