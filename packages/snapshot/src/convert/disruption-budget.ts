import type { PodDisruptionBudget } from '@cloudoptim/core';
import { choice, integer, intOrPercent, type Json, record, requiredRecord, setOwn, timeMs } from '../fields.js';
import type { ObjectMeta } from '../object-meta.js';
import type { Writable } from '../order.js';
import { labelSelector } from './selectors.js';

type Status = NonNullable<PodDisruptionBudget['status']>;

export function podDisruptionBudget(object: Json, meta: ObjectMeta): PodDisruptionBudget {
  const spec = requiredRecord(object, 'spec', '');
  const budget: Writable<PodDisruptionBudget> = { namespace: meta.namespace, name: meta.name };
  if (meta.uid !== undefined) budget.uid = meta.uid;
  const selector = labelSelector(spec, 'selector', 'spec');
  const isEmpty = selector?.matchLabels === undefined && selector?.matchExpressions === undefined;
  // In policy/v1beta1 an empty selector selects nothing, in policy/v1 the whole namespace.
  if (selector !== undefined && !(isEmpty && meta.apiVersion === 'policy/v1beta1')) budget.selector = selector;
  const minAvailable = intOrPercent(spec, 'minAvailable', 'spec');
  const maxUnavailable = intOrPercent(spec, 'maxUnavailable', 'spec');
  const unhealthy = choice(spec, 'unhealthyPodEvictionPolicy', 'spec', ['IfHealthyBudget', 'AlwaysAllow']);
  if (minAvailable !== undefined) budget.minAvailable = minAvailable;
  if (maxUnavailable !== undefined) budget.maxUnavailable = maxUnavailable;
  if (unhealthy !== undefined) budget.unhealthyPodEvictionPolicy = unhealthy;
  if (meta.generation !== undefined) budget.generation = meta.generation;
  const status = record(object, 'status', '');
  const figures = status === undefined ? undefined : budgetStatus(status);
  if (figures !== undefined) budget.status = figures;
  return budget;
}

/** Undefined until the disruption controller wrote all of its figures; it writes zeros too. */
function budgetStatus(source: Json): Status | undefined {
  const disruptionsAllowed = integer(source, 'disruptionsAllowed', 'status');
  const currentHealthy = integer(source, 'currentHealthy', 'status');
  const desiredHealthy = integer(source, 'desiredHealthy', 'status');
  const expectedPods = integer(source, 'expectedPods', 'status');
  if (
    disruptionsAllowed === undefined ||
    currentHealthy === undefined ||
    desiredHealthy === undefined ||
    expectedPods === undefined
  )
    return undefined;
  const status: Writable<Status> = { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods };
  const observed = integer(source, 'observedGeneration', 'status');
  if (observed !== undefined) status.observedGeneration = observed;
  const granted = record(source, 'disruptedPods', 'status');
  if (granted !== undefined) {
    const times: Record<string, number> = {};
    for (const pod of Object.keys(granted).sort())
      setOwn(times, pod, timeMs(granted, pod, 'status.disruptedPods') ?? 0);
    if (Object.keys(times).length > 0) status.disruptedPods = times;
  }
  return status;
}
