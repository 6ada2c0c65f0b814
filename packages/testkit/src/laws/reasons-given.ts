import type { Reason } from '@cloudoptim/core';
import type { AnswerLaw } from './law.js';

/** Every action and every rejection has a reason: a kebab-case code to count by and a sentence to read. */
export const reasonsGiven: AnswerLaw = ({ response }) => {
  for (const group of response.plan.groups) {
    for (const action of group.actions) {
      if (!Array.isArray(action.reasons) || action.reasons.length === 0) return `action ${action.id} has no reason`;
      for (const reason of action.reasons) if (!isReason(reason)) return `action ${action.id} has ${describe(reason)}`;
    }
  }
  for (const rejection of response.plan.rejections) {
    if (!isReason(rejection.reason)) return `a rejection has ${describe(rejection.reason)}`;
    if (rejection.subjects.length === 0) return `the rejection ${rejection.reason.code} names nobody`;
  }
  return undefined;
};

function isReason(reason: Reason): boolean {
  return /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$/.test(reason?.code ?? '') && (reason.message ?? '').trim() !== '';
}

function describe(reason: Reason): string {
  return `a reason without a kebab-case code or a message: ${JSON.stringify(reason)}`;
}
