import type { NodeRef } from '@cloudoptim/core';
import type { PlacedAction, PlanIndex } from '../../plan-index.js';
import type { PlanRun } from '../../run/plan-run.js';
import type { Mover } from './movers.js';

/**
 * Pairs of groups that neither waits for the other and that act on the same workload, node, node group or scheduler profile:
 * what the second finds depends on the first. Draining pods of one workload in two groups is no such conflict, changing the
 * workload beside it is. Each pair is named by an action of its later group.
 */
export function conflictingActions(run: PlanRun, movers: readonly Mover[]): PlacedAction[] {
  const { index } = run;
  const users = new Map<string, Map<number, { entry: PlacedAction; writes: boolean }>>();
  const use = (key: string, entry: PlacedAction, writes: boolean) => {
    const known = users.get(key) ?? new Map();
    users.set(key, known);
    known.set(entry.group, { entry, writes: writes || known.get(entry.group)?.writes === true });
  };
  for (const entry of index.actions) for (const key of written(entry)) use(key, entry, true);
  for (const entry of index.actions) {
    const { action } = entry;
    if ('via' in action) use(groupKey(action.via), entry, false);
    if (action.kind === 'surge-workload') use(nodeKey(action.node), entry, false);
    if (!('workload' in action)) continue;
    const { kind, namespace, name } = action.workload;
    const at = run.workloads.get(`${kind}/${namespace}/${name}`);
    if (at !== undefined) use(`workload ${at}`, entry, true);
  }
  for (const { entry, pod } of movers) use(`workload ${pod.workload}`, entry, false);
  const found: PlacedAction[] = [];
  for (const own of users.values()) {
    const list = [...own.entries()];
    const writers = list.filter(([, { writes }]) => writes);
    for (const [group, { entry }] of writers)
      if (list.some(([other]) => other !== group && !ordered(index, group, other))) found.push(entry);
  }
  return found;
}

/** Whether one of two groups waits for the other. */
export function ordered({ groupAncestors }: PlanIndex, a: number, b: number): boolean {
  return groupAncestors[a]?.has(b) === true || groupAncestors[b]?.has(a) === true;
}

function written({ action }: PlacedAction): string[] {
  switch (action.kind) {
    case 'set-node-group-size':
      return [groupKey(action.group)];
    case 'configure-scheduler':
      return [`profile ${action.profile}`];
    case 'set-autoscaler-bounds':
      return [`autoscaler ${action.autoscaler.namespace}/${action.autoscaler.name}`];
    case 'surge-workload':
      return [];
    default:
      return 'node' in action ? [nodeKey(action.node)] : [];
  }
}

function groupKey({ kind, name }: { readonly kind: string; readonly name?: string }): string {
  return `group ${kind}/${name ?? ''}`;
}

function nodeKey(node: NodeRef): string {
  return 'uid' in node ? `node ${node.uid}` : `launch ${node.launch}`;
}
