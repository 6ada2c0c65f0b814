import type { Policy } from '@cloudoptim/core';
import { templateOfPod } from '../placed-pod.js';
import type { PlanIndex } from '../plan-index.js';
import type { PreparedState } from '../run/prepared-state.js';
import type { Refusal } from '../verification.js';
import { refuseAction } from './refuse.js';

/**
 * Drains that cannot end in time: pods under a budget go as many at a time as it grants, each batch with its grace period and
 * the time its successors need to be Ready; pods without one go together. Unknown readiness counts as none.
 */
export function deadlineRefusals(index: PlanIndex, { placement, budgets }: PreparedState, policy: Policy): Refusal[] {
  return index.actions.flatMap((entry) => {
    const { action } = entry;
    if (action.kind !== 'drain-node') return [];
    const node = index.nodeIndex(action.node);
    if (node === undefined) return [];
    const limit = Math.min(policy.drainDeadlineSeconds, action.deadlineSeconds);
    const listed = new Set(action.pods.map((pods) => pods.template));
    const lanes = new Map<number, { pods: number; seconds: number }>();
    for (const pod of placement.podsOn(node)) {
      if (!listed.has(placement.templateOf(pod))) continue;
      const { terminationGracePeriodSeconds = 30, readinessSeconds = 0 } = templateOfPod(placement, pod);
      const lane = budgets.of(pod)[0] ?? -1;
      const known = lanes.get(lane) ?? { pods: 0, seconds: 0 };
      lanes.set(lane, {
        pods: known.pods + 1,
        seconds: Math.max(known.seconds, terminationGracePeriodSeconds + readinessSeconds),
      });
    }
    let seconds = 0;
    for (const [lane, { pods, seconds: each }] of lanes) {
      const batches = lane === -1 ? 1 : Math.ceil(pods / Math.max(1, budgets.left(lane)));
      seconds = Math.max(seconds, batches * each);
    }
    if (seconds <= limit) return [];
    return [
      refuseAction(
        index,
        entry,
        'drain-deadline',
        `The drain takes ${seconds} s of grace and readiness and has ${limit} s.`,
        undefined,
        { seconds, limit },
      ),
    ];
  });
}
