import type { Draft } from '../plan.js';
import type { Policy } from '../policy.js';
import { assumedReadinessSeconds, defaultGraceSeconds, drainOverheadSeconds } from './deadlines.js';
import type { StateIndex } from './state-index.js';

type Eviction = Extract<Draft, { kind: 'drain-node' | 'evict-pod' }>;

/**
 * Seconds that an eviction may take: each pod needs its grace period and then its successor's readiness. Pods under a
 * budget are taken to go one after the other, all others at once. Never more than `policy.drainDeadlineSeconds`.
 */
export function drainDeadlineSeconds(draft: Eviction, index: StateIndex | undefined, policy: Policy): number {
  const limit = policy.drainDeadlineSeconds;
  if (index === undefined) return limit;
  const pods = draft.kind === 'drain-node' ? draft.pods : [{ template: draft.template, count: 1 }];
  let inTurn = 0;
  let atOnce = 0;
  for (const { template, count } of pods) {
    const { terminationGracePeriodSeconds = defaultGraceSeconds, readinessSeconds = assumedReadinessSeconds } =
      index.state.podTemplates[template] ?? {};
    const seconds = terminationGracePeriodSeconds + readinessSeconds;
    const budgeted = 'uid' in draft.node && index.budgetsOf(draft.node.uid, template).length > 0;
    if (budgeted) inTurn += seconds * count;
    else atOnce = Math.max(atOnce, seconds);
  }
  return Math.min(limit, drainOverheadSeconds + inTurn + atOnce);
}
