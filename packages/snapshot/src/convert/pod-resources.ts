import type { ResourceAmounts, TemplateContainer } from '@cloudoptim/core';
import { filledText, isRecord, type Json, record, records, requiredText } from '../fields.js';
import type { Writable } from '../order.js';
import { addAmounts, type NanoAmounts, nanoAmounts, raiseAmounts, resourceAmounts } from './quantities.js';

/** One container with its exact amounts, requests defaulted from limits as the API server does. */
interface ContainerAmounts {
  readonly name: string;
  readonly sidecar: boolean;
  readonly init: boolean;
  readonly requests: NanoAmounts;
  readonly limits: NanoAmounts;
}

/** Exact requests of a pod's containers and of the pod as a whole. */
export interface PodAmounts {
  readonly containers: readonly ContainerAmounts[];
  readonly podRequests: NanoAmounts | undefined;
  readonly podLimits: NanoAmounts | undefined;
  readonly overhead: NanoAmounts;
}

/** Reads spec.containers, spec.initContainers, spec.resources and spec.overhead. */
export function podAmounts(spec: Json): PodAmounts {
  const containers: ContainerAmounts[] = [];
  const main = records(spec, 'containers', 'spec');
  for (let index = 0; index < main.length; index++)
    containers.push(containerAmounts(main[index] as Json, `spec.containers[${index}]`, false));
  const init = records(spec, 'initContainers', 'spec');
  for (let index = 0; index < init.length; index++)
    containers.push(containerAmounts(init[index] as Json, `spec.initContainers[${index}]`, true));
  const resources = record(spec, 'resources', 'spec');
  const podRequests = resources === undefined ? undefined : nanoAmounts(resources, 'requests', 'spec.resources');
  const podLimits = resources === undefined ? undefined : nanoAmounts(resources, 'limits', 'spec.resources');
  if (podRequests !== undefined && podLimits !== undefined && podLimits.size > 0)
    defaultPodRequests(podRequests, podLimits, containers);
  return { containers, podRequests, podLimits, overhead: nanoAmounts(spec, 'overhead', 'spec') };
}

/** What kube-scheduler reserves for an incoming pod: spec alone (k8s.io/component-helpers/resource PodRequests, KEP-753, KEP-2837). */
export function neededAmounts(amounts: PodAmounts): ResourceAmounts {
  return resourceAmounts(
    total(amounts, (container) => container.requests, amounts.podRequests),
    'spec',
  );
}

/**
 * What a bound pod holds: per container the largest of spec, status.resources and status.allocatedResources, and without spec
 * once the kubelet said that a resize will never fit (KEP-1287). Undefined when the status tells nothing.
 */
export function occupiedAmounts(amounts: PodAmounts, status: Json | undefined): ResourceAmounts | undefined {
  if (status === undefined) return undefined;
  const reported = new Map<string, NanoAmounts>();
  const infeasible = resizeIsInfeasible(status);
  for (const key of ['containerStatuses', 'initContainerStatuses'])
    for (const container of records(status, key, 'status')) collectReported(container, reported);
  const podHeld = podLevelHeld(amounts, status, infeasible);
  if (reported.size === 0 && podHeld === amounts.podRequests) return undefined;
  return resourceAmounts(
    total(
      amounts,
      (container) => {
        const held = container.init && !container.sidecar ? undefined : reported.get(container.name);
        if (held === undefined) return container.requests;
        const most: NanoAmounts = new Map(infeasible ? [] : container.requests);
        raiseAmounts(most, held);
        return most;
      },
      podHeld,
    ),
    'status',
  );
}

/** The containers as the contract has them, each rounded on its own. */
export function templateContainers(amounts: PodAmounts): TemplateContainer[] {
  return amounts.containers.map(({ name, sidecar, init, requests, limits }) => {
    const container: Writable<TemplateContainer> = { name, requests: resourceAmounts(requests, `container ${name}`) };
    if (sidecar) container.sidecar = true;
    else if (init) container.init = true;
    if (limits.size > 0) container.limits = resourceAmounts(limits, `container ${name}`);
    return container;
  });
}

function containerAmounts(container: Json, where: string, init: boolean): ContainerAmounts {
  const resources = record(container, 'resources', where);
  const requests = nanoAmounts(resources, 'requests', `${where}.resources`);
  const limits = nanoAmounts(resources, 'limits', `${where}.resources`);
  for (const [name, nano] of limits) if (!requests.has(name)) requests.set(name, nano);
  return {
    name: requiredText(container, 'name', where),
    sidecar: init && filledText(container, 'restartPolicy', where) === 'Always',
    init,
    requests,
    limits,
  };
}

/** Containers run together; init containers run one after another, each beside the sidecars started before it. */
function total(
  { containers, overhead }: PodAmounts,
  amountsOf: (container: ContainerAmounts) => NanoAmounts,
  podLevel: NanoAmounts | undefined,
): NanoAmounts {
  const sum = aggregate(containers, amountsOf);
  if (podLevel !== undefined) for (const [name, nano] of podLevel) if (isPodLevelResource(name)) sum.set(name, nano);
  addAmounts(sum, overhead);
  return sum;
}

function aggregate(
  containers: readonly ContainerAmounts[],
  amountsOf: (container: ContainerAmounts) => NanoAmounts,
): NanoAmounts {
  const sum: NanoAmounts = new Map();
  const sidecars: NanoAmounts = new Map();
  const startUp: NanoAmounts = new Map();
  for (const container of containers) if (!container.init) addAmounts(sum, amountsOf(container));
  for (const container of containers) {
    if (!container.init) continue;
    if (container.sidecar) {
      addAmounts(sum, amountsOf(container));
      addAmounts(sidecars, amountsOf(container));
      raiseAmounts(startUp, sidecars);
    } else {
      const together: NanoAmounts = new Map(amountsOf(container));
      addAmounts(together, sidecars);
      raiseAmounts(startUp, together);
    }
  }
  raiseAmounts(sum, startUp);
  return sum;
}

/** kubernetes pkg/apis/core/v1/defaults.go, defaultPodRequests: from the containers, else from the pod's own limits. */
function defaultPodRequests(requests: NanoAmounts, limits: NanoAmounts, containers: readonly ContainerAmounts[]): void {
  for (const [name, nano] of aggregate(containers, (container) => container.requests))
    if (!requests.has(name) && isPodLevelResource(name)) requests.set(name, nano);
  for (const [name, nano] of limits) if (!requests.has(name) && isPodLevelResource(name)) requests.set(name, nano);
}

function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');
}

function podLevelHeld(amounts: PodAmounts, status: Json, infeasible: boolean): NanoAmounts | undefined {
  if (amounts.podRequests === undefined) return undefined;
  const resources = record(status, 'resources', 'status');
  const held = nanoAmounts(resources, 'requests', 'status.resources');
  raiseAmounts(held, nanoAmounts(status, 'allocatedResources', 'status'));
  if (held.size === 0) return amounts.podRequests;
  if (!infeasible) raiseAmounts(held, amounts.podRequests);
  return held;
}

function collectReported(status: Json, reported: Map<string, NanoAmounts>): void {
  const resources = record(status, 'resources', 'status.containerStatuses[]');
  const held = nanoAmounts(resources, 'requests', 'status.containerStatuses[].resources');
  raiseAmounts(held, nanoAmounts(status, 'allocatedResources', 'status.containerStatuses[]'));
  if (held.size > 0) reported.set(requiredText(status, 'name', 'status.containerStatuses[]'), held);
}

function resizeIsInfeasible(status: Json): boolean {
  for (const condition of records(status, 'conditions', 'status'))
    if (isRecord(condition) && condition.type === 'PodResizePending') return condition.reason === 'Infeasible';
  return status.resize === 'Infeasible';
}
