import type { Refusal } from '@cloudoptim/scheduling';
import type { Evidence } from './evidence.js';
import { liveFacts } from './live-facts.js';
import { observations } from './observations.js';
import { planFacts } from './plan-facts.js';

/** Whether a refusal was shown to be right, and by what. */
export interface Shown {
  readonly code: string;
  readonly outcome: 'seen' | 'live-fact' | 'plan-fact' | 'not-reached' | 'not-shown';
  readonly by: string;
  readonly message: string;
}

/**
 * Shows a refusal to be right: observable ones are seen to happen in the cluster, precautionary ones have a live fact, and
 * those about the plan's own words are read off the plan. An observable one whose step was never reached, since an action
 * before it failed, shows nothing either way.
 */
export function refusalShown(refusal: Refusal, evidence: Evidence): Shown {
  const { code, message } = refusal.reason;
  const say = (outcome: Shown['outcome'], by: string): Shown => ({ code, outcome, by, message });
  const seen = observations[code]?.(refusal, evidence);
  if (seen !== undefined) return say('seen', seen);
  const fact = liveFacts[code]?.(refusal, evidence);
  if (fact !== undefined) return say('live-fact', fact);
  const own = planFacts[code]?.(refusal, evidence);
  if (own !== undefined) return say('plan-fact', own);
  if (observations[code] !== undefined && !wasReached(refusal, evidence))
    return say('not-reached', 'an action before it failed');
  if (code === 'pod-without-a-place' && isNeverMade(refusal, evidence))
    return say('not-reached', 'a quota refused the pod, so no node was asked');
  return say('not-shown', observations[code] || liveFacts[code] || planFacts[code] ? 'no sign of it' : 'no rule');
}

function wasReached({ action }: Refusal, { results }: Evidence): boolean {
  const own = results.find((result) => result.action.id === action);
  return own === undefined || own.outcome !== 'not-started';
}

function isNeverMade({ action }: Refusal, { verification }: Evidence): boolean {
  return verification.refusals.some(
    (other) => other.action === action && other.reason.code === 'quota-refuses-successor',
  );
}
