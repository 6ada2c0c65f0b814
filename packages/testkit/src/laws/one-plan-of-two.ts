import type { Action, Plan } from '@cloudoptim/core';
import { launchedUid } from '@cloudoptim/scheduling';

/** Keys of a plan's launches by the uid that `applyPlan` gives their nodes. */
export function launchesOf({ id, groups }: Plan): ReadonlyMap<string, string> {
  const actions = groups.flatMap((group): readonly Action[] => group.actions);
  return new Map(
    actions.flatMap((action) =>
      action.kind === 'launch-node' ? [[launchedUid(id, action.key), action.key] as const] : [],
    ),
  );
}

/** Whether an action is on a node that these launches bring. */
export function isOnOneOf(action: Action, launched: ReadonlyMap<string, string>): boolean {
  return 'node' in action && 'uid' in action.node && launched.has(action.node.uid);
}

/**
 * Groups of a later plan as groups of one with the first. Nodes that the first launches are named as it names them, where pods
 * are expected there; and engines may use the same keys in every plan, so the later launches get others.
 */
export function asOneWith(launched: ReadonlyMap<string, string>, groups: Plan['groups']): Plan['groups'] {
  const restated = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(restated);
    if (typeof value !== 'object' || value === null) return value;
    const key = 'uid' in value ? launched.get(value.uid as string) : undefined;
    if (key !== undefined) return { launch: key };
    const copy: Record<string, unknown> = {};
    for (const [name, child] of Object.entries(value)) {
      const isKey =
        typeof child === 'string' && (name === 'launch' || (name === 'key' && 'assumedAllocatable' in value));
      copy[name] = isKey ? `${child}-more` : restated(child);
    }
    return copy;
  };
  return restated(groups) as Plan['groups'];
}
