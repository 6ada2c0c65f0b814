import type { Reason, Subject } from '@cloudoptim/core';
import type { PlacedAction, PlanIndex } from '../plan-index.js';
import type { Refusal } from '../verification.js';

const cluster: Subject = { kind: 'cluster' };

/** A refusal of the whole plan. */
export function refusePlan(code: string, message: string, numbers?: Readonly<Record<string, number>>): Refusal {
  return { reason: reasonOf(code, message, numbers), subject: cluster };
}

/** A refusal because of one action. */
export function refuseAction(
  index: PlanIndex,
  entry: PlacedAction,
  code: string,
  message: string,
  subject: Subject = cluster,
  numbers?: Readonly<Record<string, number>>,
): Refusal {
  const group = index.plan.groups[entry.group]?.id ?? '';
  return { reason: reasonOf(code, message, numbers), subject, group, action: entry.action.id };
}

function reasonOf(code: string, message: string, numbers?: Readonly<Record<string, number>>): Reason {
  return numbers === undefined ? { code, message } : { code, message, numbers };
}
