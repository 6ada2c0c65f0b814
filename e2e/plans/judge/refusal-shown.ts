import type { Refusal } from '@cloudoptim/scheduling';
import type { LivePod } from '../live/live-cluster.js';
import { ownerKey, ownerOf } from '../live/pod-facts.js';
import type { Evidence } from './evidence.js';
import { liveFacts } from './live-facts.js';
import { observations } from './observations.js';
import { planFacts } from './plan-facts.js';
import { podOf } from './subjects.js';

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
 * before it failed or a pod did not go, shows nothing either way.
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
  const unreached = observations[code] === undefined ? undefined : notReached(refusal, evidence);
  if (unreached !== undefined) return say('not-reached', unreached);
  return say('not-shown', observations[code] || liveFacts[code] || planFacts[code] ? 'no sign of it' : 'no rule');
}

/** Why what a refusal foretells could not come about either way. */
function notReached(refusal: Refusal, evidence: Evidence): string | undefined {
  const own = evidence.results.find((result) => result.action.id === refusal.action);
  if (own?.outcome === 'not-started') return 'an action before it failed';
  return /^(pod-without-a-place|not-robust)$/.test(refusal.reason.code) ? noNodeAsked(refusal, evidence) : undefined;
}

/** Whoever is not evicted has no successor, and not every controller makes one at once: a Job comes back after a backoff. */
function noNodeAsked(refusal: Refusal, evidence: Evidence): string | undefined {
  const { verification, before, after } = evidence;
  const byQuota = verification.refusals.some(
    ({ action, reason }) => action === refusal.action && reason.code === 'quota-refuses-successor',
  );
  if (byQuota) return 'a quota refused the pod, so no node was asked';
  const pod = podOf(refusal, evidence);
  if (pod === undefined) return undefined;
  if (after.pods.some(({ metadata }) => metadata.uid === pod.metadata.uid))
    return 'the pod was not evicted, so no node was asked';
  const isFewer = (one: LivePod) => countOf(one, after.pods) < countOf(one, before.pods);
  if (isFewer(pod)) return 'no pod was made in its place, so no node was asked';
  const late = before.pods.find((other) => ownerOf(other)?.kind === 'Job' && isFewer(other));
  return late === undefined
    ? undefined
    : `the pod that comes for ${late.metadata.name} was not made yet, its room was free`;
}

function countOf(one: LivePod, pods: readonly LivePod[]): number {
  return pods.filter((other) => ownerKey(other) === ownerKey(one)).length;
}
