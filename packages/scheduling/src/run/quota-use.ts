import { type ClusterState, isTerminal, isTerminating, type PodTemplate, type ResourceQuota } from '@cloudoptim/core';

/**
 * What is in use of a quota's resource: what its status says, or what the pods that are there come to, where that is more. The status
 * is the quota controller's and lags behind where pods come fast: on a real cluster it said 24 pods of 28 while there were 34, and the
 * successor of an evicted pod was refused. A quota with scopes counts some pods only, and which is not known: there it is taken at its
 * word.
 */
export function inUseOf(state: ClusterState, quota: ResourceQuota, resource: string): number {
  const said = Object.hasOwn(quota.used, resource) ? (quota.used[resource] as number) : 0;
  if ((quota.scopes ?? []).length > 0 || quota.scoped === true) return said;
  const known = counted.get(state) ?? new Map<string, number>();
  counted.set(state, known);
  const key = `${quota.namespace} ${resource}`;
  let there = known.get(key);
  if (there === undefined) {
    there = 0;
    podsByTemplate(state).forEach((pods, at) => {
      const template = state.podTemplates[at];
      if (template?.namespace === quota.namespace) there = (there ?? 0) + pods * usageOf(template, resource);
    });
    known.set(key, there);
  }
  return Math.max(said, there);
}

/** By namespace and resource; asked at each eviction. */
const counted = new WeakMap<ClusterState, Map<string, number>>();
const byTemplate = new WeakMap<ClusterState, Float64Array>();

/** How many pods of each template count: those that have not ended and are not on their way out. */
function podsByTemplate(state: ClusterState): Float64Array {
  let pods = byTemplate.get(state);
  if (pods === undefined) {
    pods = new Float64Array(state.podTemplates.length);
    for (let pod = 0; pod < state.pods.count; pod++) {
      if (isTerminal(state, pod) || isTerminating(state, pod)) continue;
      const template = state.pods.template[pod] as number;
      pods[template] = (pods[template] as number) + 1;
    }
    byTemplate.set(state, pods);
  }
  return pods;
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
