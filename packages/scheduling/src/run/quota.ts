import { isTerminal, type Reason, type Workload } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import type { PlanRun } from './plan-run.js';
import { inUseOf, usageOf } from './quota-use.js';
import type { WaitingPod } from './waiting-pods.js';

/**
 * Why a ResourceQuota would refuse a new pod at this point of the run, when pods that went before it are gone. Quotas with
 * scopes are taken to apply: a pod that the API server refuses is never seen by the scheduler. `replaced` is the template of
 * the pod it comes for, when that one has left already: within a quota that is kept, one of the same size always fits again, unless pods of
 * DaemonSets on launched nodes, which ask until they are let in, are first to take what it left.
 */
export function quotaReason(run: PlanRun, pod: IncomingPod, replaced?: number): Reason | undefined {
  const { podTemplates, resourceQuotas } = run.placement.state;
  const template = podTemplates[pod.template];
  for (const quota of resourceQuotas) {
    const { namespace, name, hard } = quota;
    if (namespace !== template?.namespace) continue;
    for (const [resource, limit] of Object.entries(hard)) {
      const added = usageOf(template, resource);
      if (added === 0) continue;
      const before = inUseOf(run.placement.state, quota, resource);
      if (replaced !== undefined && added <= usageOf(podTemplates[replaced], resource))
        if (before + takenByDaemonSets(run, namespace, resource) <= limit) continue;
      const inUse = before + changedBy(run, namespace, resource);
      if (inUse + added <= limit) continue;
      return {
        code: 'quota-refuses-successor',
        message: `The ResourceQuota ${namespace}/${name} would refuse the new pod: ${inUse} of ${limit} ${resource} are in use and it takes ${added}.`,
        numbers: { limit, inUse, added },
      };
    }
  }
  return undefined;
}

/** Whether no quota can refuse a pod that comes for another one, whatever else the run has done by then. */
export function quotaIsKept(run: PlanRun, pod: IncomingPod, replaced: number): boolean {
  const { state } = run.placement;
  const { podTemplates, resourceQuotas } = state;
  const template = podTemplates[pod.template];
  const own = resourceQuotas.filter(({ namespace }) => namespace === template?.namespace);
  if (own.length === 0) return true;
  const isDaemonSet = ({ kind, namespace }: Workload) => kind === 'DaemonSet' && namespace === template?.namespace;
  if (run.index.actions.some(({ action }) => action.kind === 'launch-node') && state.workloads.some(isDaemonSet))
    return false;
  return own.every((quota) =>
    Object.entries(quota.hard).every(([resource, limit]) => {
      const added = usageOf(template, resource);
      if (added === 0) return true;
      return inUseOf(state, quota, resource) <= limit && added <= usageOf(podTemplates[replaced], resource);
    }),
  );
}

/** What DaemonSets' pods on launched nodes take in a namespace. */
function takenByDaemonSets({ placement, state: { launched } }: PlanRun, namespace: string, resource: string): number {
  const { podTemplates, workloads } = placement.state;
  let taken = 0;
  for (const node of launched.values())
    for (const pod of placement.podsOn(node)) {
      const template = podTemplates[placement.templateOf(pod)];
      if (workloads[placement.workloadOf(pod)]?.kind === 'DaemonSet' && template?.namespace === namespace)
        taken += usageOf(template, resource);
    }
  return taken;
}

/**
 * What the run has added to a namespace's use of a resource so far: pods placed less pods removed. One that waited was in use before it had a
 * node, and ends when its workload is scaled down.
 */
function changedBy(run: PlanRun, namespace: string, resource: string): number {
  const { placement, waiting } = run;
  const { arrived, dropped } = run.state;
  const { state } = placement;
  let change = 0;
  for (const positions of [arrived, dropped])
    for (const position of positions) {
      const { row, template: at } = waiting[position] as WaitingPod;
      const template = state.podTemplates[at];
      if (row !== undefined && template?.namespace === namespace) change -= usageOf(template, resource);
    }
  for (let pod = 0; pod < placement.podCount; pod++) {
    const template = state.podTemplates[placement.templateOf(pod)];
    if (template?.namespace !== namespace) continue;
    const was = pod < state.pods.count && (state.pods.node[pod] as number) >= 0 && !isTerminal(state, pod);
    const is = placement.nodeOf(pod) >= 0;
    if (was !== is) change += (is ? 1 : -1) * usageOf(template, resource);
  }
  return change;
}
