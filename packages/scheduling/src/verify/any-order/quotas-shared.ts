import type { Action, ResourceQuota } from '@cloudoptim/core';
import type { PlacedAction } from '../../plan-index.js';
import type { PlanRun, Problem } from '../../run/plan-run.js';
import { inUseOf, usageOf } from '../../run/quota-use.js';
import { ordered } from './conflicts.js';
import type { Movers } from './movers.js';

type Launch = Extract<Action, { kind: 'launch-node' }>;

/** What a group does to the use of one resource in a namespace. */
interface Change {
  readonly entry: PlacedAction;
  /** The most that it is above where it began: pods that grow or are added, and one that is there beside the old one. */
  most: number;
  /** What it comes to in the end. */
  net: number;
  /** Whether it asks for anything at all. */
  asks: boolean;
}

/**
 * Quotas that groups share, neither of which waits for the other: a group that grows takes the room that another one's
 * evicted pod has left for its successor, and one that shrinks may come too late. What nobody changes is left to the replays.
 */
export function quotasShared(run: PlanRun, movers: Movers): Problem[] {
  return run.placement.state.resourceQuotas.flatMap((quota) =>
    Object.entries(quota.hard).flatMap(([resource, limit]) => shared(run, movers, quota, resource, limit)),
  );
}

function shared(run: PlanRun, movers: Movers, quota: ResourceQuota, resource: string, limit: number): Problem[] {
  const { index } = run;
  const changes = changesOf(run, movers, quota.namespace, resource);
  const used = inUseOf(run.placement.state, quota, resource);
  return [...changes].flatMap(([group, own]) => {
    if (!own.asks) return [];
    const others = [...changes].filter(([other]) => other !== group);
    const beside = others.filter(([other]) => !ordered(index, group, other)).map(([, change]) => change);
    if (beside.every(({ most, net }) => most === 0 && net === 0)) return [];
    const before = others.filter(([other]) => index.groupAncestors[group]?.has(other) === true);
    const inUse =
      used + before.reduce((sum, [, { net }]) => sum + net, 0) + beside.reduce((sum, { most }) => sum + most, 0);
    if (inUse + own.most <= limit) return [];
    const message = `The ResourceQuota ${quota.namespace}/${quota.name} may refuse a new pod: with what groups beside this one take, ${inUse} of ${limit} ${resource} would be in use and this one takes up to ${own.most} more.`;
    const numbers = { limit, inUse, added: own.most };
    return [run.problem(own.entry, { code: 'quota-refuses-successor', message, numbers }, { kind: 'cluster' })];
  });
}

function changesOf(
  run: PlanRun,
  { movers, ending }: Movers,
  namespace: string,
  resource: string,
): ReadonlyMap<number, Change> {
  const { placement, index, workloads } = run;
  const { podTemplates } = placement.state;
  const changes = new Map<number, Change>();
  const changeOf = (entry: PlacedAction) => {
    const known = changes.get(entry.group) ?? { entry, most: 0, net: 0, asks: false };
    changes.set(entry.group, known);
    return known;
  };
  for (const { entry, facts, from } of movers) {
    if (facts.namespace !== namespace) continue;
    const added = usageOf(facts.template, resource);
    const freed = from === -1 ? 0 : usageOf(podTemplates[placement.templateOf(from)], resource);
    const change = changeOf(entry);
    const rollsOut = entry.action.kind !== 'drain-node' && entry.action.kind !== 'evict-pod';
    change.most += Math.max(0, added - freed, rollsOut ? added : 0);
    change.net += added - freed;
    change.asks ||= added > 0;
  }
  for (const { entry, pod } of ending) {
    const template = podTemplates[placement.templateOf(pod)];
    if (template?.namespace === namespace) changeOf(entry).net -= usageOf(template, resource);
  }
  for (const entry of index.actions) {
    const { action } = entry;
    if (action.kind === 'launch-node') {
      const added = takenByDaemonSets(run, action, namespace, resource);
      if (added > 0) {
        changeOf(entry).most += added;
        changeOf(entry).net += added;
      }
    }
    if (action.kind !== 'scale-workload' && action.kind !== 'suspend-workload') continue;
    const { kind, name } = action.workload;
    if (action.workload.namespace !== namespace) continue;
    const at = workloads.get(`${kind}/${namespace}/${name}`);
    const template = podTemplates[placement.state.workloads[at ?? -1]?.successorTemplate ?? -1];
    const fewer =
      action.kind === 'scale-workload'
        ? Math.max(0, action.from - action.to)
        : (placement.state.workloads[at ?? -1]?.replicas ?? 0);
    changeOf(entry).net -= fewer * usageOf(template, resource);
  }
  return changes;
}

/** The most that pods of DaemonSets take on a node to come, as each of its offerings: they ask until they are let in. */
function takenByDaemonSets(run: PlanRun, launch: Launch, namespace: string, resource: string): number {
  const { podTemplates } = run.placement.state;
  const taken = launch.offerings.map((offering) => {
    const templates = run.launched(launch, offering).daemonSetPods.map((pod) => podTemplates[pod.template]);
    return templates.reduce((sum, own) => sum + (own?.namespace === namespace ? usageOf(own, resource) : 0), 0);
  });
  return Math.max(0, ...taken);
}
