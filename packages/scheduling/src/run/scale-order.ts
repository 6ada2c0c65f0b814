import type { Reason } from '@cloudoptim/core';
import { ordinalOf } from '../ordinal.js';
import { isPodReady } from '../placed-pod.js';
import { isOrdered } from '../predecessor-reason.js';
import type { PlanRun } from './plan-run.js';
import { podsOf, waitingOf } from './workload-pods.js';

/**
 * Why a StatefulSet that goes in order never comes to a number of replicas: one that stays is bound and not Ready, and it neither makes
 * nor ends any before that one is; or two of those that go are not, and it ends only the first of such (processReplica and
 * processCondemned in pkg/controller/statefulset/stateful_set_control.go). Those without a node that stay are for the scheduler to tell.
 */
export function orderReason(run: PlanRun, index: number, to: number): Reason | undefined {
  const { placement, waiting } = run;
  const workload = placement.state.workloads[index];
  if (workload === undefined || !isOrdered(workload)) return undefined;
  const unready = podsOf(run, index)
    .filter((pod) => !(isPodReady(placement, pod) && placement.extraOf(pod).deletionAtMs === undefined))
    .map((pod) => placement.nameOf(pod));
  const without = waitingOf(run, index).map((position) => waiting[position]?.name ?? '');
  const [stays] = unready.filter((name) => ordinalOf(name) < to);
  const [, second] = [...unready, ...without].filter((name) => ordinalOf(name) >= to).sort(byOrdinal);
  const first = stays ?? second;
  if (first === undefined) return undefined;
  return {
    code: 'predecessor-not-ready',
    message: `StatefulSet ${workload.namespace}/${workload.name} makes and ends its pods in order, and does not come to ${to} replicas while ${first} is not Ready. Get that one to run first.`,
    numbers: { to },
  };
}

function byOrdinal(a: string, b: string): number {
  return ordinalOf(a) - ordinalOf(b);
}
