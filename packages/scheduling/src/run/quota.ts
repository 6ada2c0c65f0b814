import type { ClusterState, PodTemplate, Reason } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import type { PlanRun } from './plan-run.js';

/**
 * Why a ResourceQuota would refuse a new pod at this point of the run, when pods that went before it are gone. Quotas with
 * scopes are taken to apply: a pod that the API server refuses is never seen by the scheduler. `replaced` is the template of
 * the pod it comes for, when that one has left already: within a quota that is kept, one of the same size always fits again.
 */
export function quotaReason(run: PlanRun, pod: IncomingPod, replaced?: number): Reason | undefined {
  const { podTemplates, resourceQuotas } = run.placement.state;
  const template = podTemplates[pod.template];
  for (const { namespace, name, hard, used } of resourceQuotas) {
    if (namespace !== template?.namespace) continue;
    for (const [resource, limit] of Object.entries(hard)) {
      const added = usageOf(template, resource);
      const before = Object.hasOwn(used, resource) ? (used[resource] as number) : 0;
      if (added === 0) continue;
      if (replaced !== undefined && before <= limit && added <= usageOf(podTemplates[replaced], resource)) continue;
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
export function quotaIsKept(
  { podTemplates, resourceQuotas }: ClusterState,
  pod: IncomingPod,
  replaced: number,
): boolean {
  const template = podTemplates[pod.template];
  return resourceQuotas.every(
    ({ namespace, hard, used }) =>
      namespace !== template?.namespace ||
      Object.entries(hard).every(([resource, limit]) => {
        const added = usageOf(template, resource);
        const before = Object.hasOwn(used, resource) ? (used[resource] as number) : 0;
        return added === 0 || (before <= limit && added <= usageOf(podTemplates[replaced], resource));
      }),
  );
}

/** What the run has added to a namespace's use of a resource so far: pods placed less pods removed. */
function changedBy({ placement }: PlanRun, namespace: string, resource: string): number {
  const { state } = placement;
  let change = 0;
  for (let pod = 0; pod < placement.podCount; pod++) {
    const template = state.podTemplates[placement.templateOf(pod)];
    if (template?.namespace !== namespace) continue;
    const was = pod < state.pods.count && (state.pods.node[pod] as number) >= 0 && !ended(state.pods.extra[pod]?.phase);
    const is = placement.nodeOf(pod) >= 0;
    if (was !== is) change += (is ? 1 : -1) * usageOf(template, resource);
  }
  return change;
}

function ended(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** What one pod takes of a quota's resource, in the quota's units; 0 for resources that pods do not take. */
export function usageOf(template: PodTemplate | undefined, resource: string): number {
  if (template === undefined) return 0;
  const { needs, containers } = template;
  switch (resource) {
    case 'pods':
    case 'count/pods':
      return 1;
    case 'cpu':
    case 'requests.cpu':
      return needs.cpuMillicores;
    case 'memory':
    case 'requests.memory':
      return needs.memoryBytes;
    case 'ephemeral-storage':
    case 'requests.ephemeral-storage':
      return needs.ephemeralStorageBytes ?? 0;
    case 'limits.cpu':
      return sum(containers.map((container) => (container.init === true ? 0 : (container.limits?.cpuMillicores ?? 0))));
    case 'limits.memory':
      return sum(containers.map((container) => (container.init === true ? 0 : (container.limits?.memoryBytes ?? 0))));
    default: {
      const name = resource.startsWith('requests.') ? resource.slice('requests.'.length) : resource;
      return needs.extended !== undefined && Object.hasOwn(needs.extended, name) ? (needs.extended[name] as number) : 0;
    }
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
