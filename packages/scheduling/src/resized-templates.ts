import type { Action, ClusterState, Plan, PodTemplate, ResourceAmounts, TemplateContainer } from '@cloudoptim/core';
import { podNeeds } from './pod-needs.js';

/** The state with one more template for each action that changes a workload's pods, and which template each one brings. */
export interface PlannedTemplates {
  readonly state: ClusterState;
  /** Template index by action id. */
  readonly byAction: ReadonlyMap<string, number>;
}

/**
 * Adds the templates that a plan's resize-workload and prefer-capacity actions make. Later changes of one workload build on
 * earlier ones, in the order given.
 */
export function withPlannedTemplates(state: ClusterState, plan: Plan, groupOrder: readonly number[]): PlannedTemplates {
  const podTemplates = [...state.podTemplates];
  const byAction = new Map<string, number>();
  const current = new Map<number, number>();
  const index = workloadIndex(state);
  for (const at of groupOrder)
    for (const action of plan.groups[at]?.actions ?? []) {
      if (action.kind !== 'resize-workload' && action.kind !== 'prefer-capacity') continue;
      const { kind, namespace, name } = action.workload;
      const workload = index.get(`${kind}/${namespace}/${name}`);
      if (workload === undefined) continue;
      const before = podTemplates[current.get(workload) ?? state.workloads[workload]?.successorTemplate ?? -1];
      if (before === undefined) continue;
      podTemplates.push(action.kind === 'resize-workload' ? resized(before, action) : steered(before, action));
      byAction.set(action.id, podTemplates.length - 1);
      current.set(workload, podTemplates.length - 1);
    }
  return { state: byAction.size === 0 ? state : { ...state, podTemplates }, byAction };
}

/** Index of each workload by `kind/namespace/name`. */
export function workloadIndex({ workloads }: ClusterState): ReadonlyMap<string, number> {
  const known = indices.get(workloads);
  if (known !== undefined) return known;
  const index = new Map(workloads.map(({ kind, namespace, name }, at) => [`${kind}/${namespace}/${name}`, at]));
  indices.set(workloads, index);
  return index;
}

const indices = new WeakMap<ClusterState['workloads'], ReadonlyMap<string, number>>();

function resized(template: PodTemplate, action: Extract<Action, { kind: 'resize-workload' }>): PodTemplate {
  const containers = template.containers.map((container): TemplateContainer => {
    const change = action.containers.find((entry) => entry.name === container.name);
    if (change === undefined) return container;
    return {
      ...container,
      requests: change.requests,
      ...(change.limits === undefined ? {} : { limits: change.limits }),
    };
  });
  const names = new Set([template.needs, ...containers.map(({ requests }) => requests)].flatMap(resourceNames));
  const amount = (name: string) =>
    // What the containers do not explain is overhead and pod-level requests: it stays.
    Math.max(0, amountOf(template.needs, name) - needsOf(template.containers, name) + needsOf(containers, name));
  const extended = [...names].filter((name) => name.startsWith('extended ')).sort();
  const needs: ResourceAmounts = {
    cpuMillicores: amount('cpu'),
    memoryBytes: amount('memory'),
    ...(names.has('ephemeral') ? { ephemeralStorageBytes: amount('ephemeral') } : {}),
    ...(extended.length === 0
      ? {}
      : { extended: Object.fromEntries(extended.map((name) => [name.slice('extended '.length), amount(name)])) }),
  };
  return { ...template, containers, needs };
}

/** The pod with a preferred node affinity towards a capacity type, and the same needs. */
function steered(template: PodTemplate, action: Extract<Action, { kind: 'prefer-capacity' }>): PodTemplate {
  const preference = {
    matchExpressions: [{ key: 'karpenter.sh/capacity-type', operator: 'In' as const, values: [action.capacityType] }],
  };
  const preferred = [...(template.nodeAffinity?.preferred ?? []), { weight: action.weight, preference }];
  return { ...template, nodeAffinity: { ...template.nodeAffinity, preferred } };
}

function needsOf(containers: readonly TemplateContainer[], name: string): number {
  return podNeeds(containers, ({ requests }) => amountOf(requests, name));
}

function resourceNames(amounts: ResourceAmounts): string[] {
  const names = Object.keys(amounts.extended ?? {}).map((name) => `extended ${name}`);
  return amounts.ephemeralStorageBytes === undefined ? names : [...names, 'ephemeral'];
}

function amountOf(amounts: ResourceAmounts, name: string): number {
  if (name === 'cpu') return amounts.cpuMillicores;
  if (name === 'memory') return amounts.memoryBytes;
  if (name === 'ephemeral') return amounts.ephemeralStorageBytes ?? 0;
  const resource = name.slice('extended '.length);
  return amounts.extended !== undefined && Object.hasOwn(amounts.extended, resource)
    ? (amounts.extended[resource] as number)
    : 0;
}
