import {
  actsInNamespace,
  type Draft,
  type DraftGroup,
  defineEngine,
  type Offering,
  offeringRef,
  type Reason,
  type Rejection,
  workloadRef,
} from '@cloudoptim/core';
import { z } from 'zod';
import { isVerified } from './is-verified.js';
import { reasonAgainst } from './reason-against-pool.js';

/**
 * Decides on pools, from the market and its probabilities: steers workloads with replicas to spare towards spot pools that are
 * cheap and seldom interrupted. It remembers whom it has steered where, since a preference does not show in the pools.
 */
export const preferSpotPools = defineEngine({
  id: 'example-prefer-spot-pools',
  version: '1.0.0',
  contractVersion: 'v1',
  description: 'Prefers spot pools with a low probability of interruption.',
  considers: ['pools'],
  requires: ['cluster', 'market'],
  options: z.object({
    maxInterruptionProbability: z.number().min(0).max(1).default(0.2).describe('Within 24 hours, from 0 to 1.'),
    minReplicas: z.number().int().min(1).default(2).describe('Workloads with fewer stay where they are.'),
  }),
  async decide(request, context) {
    const { cluster, market, policy, options, memory } = request;
    const chosen: Offering[] = [];
    const rejections: Rejection[] = [];
    for (const offering of market.offerings) {
      await context.spend(1);
      const why = reasonAgainst(offering, options.maxInterruptionProbability);
      if (why === undefined) chosen.push(offering);
      else rejections.push({ reason: why, subjects: [{ kind: 'pool', offering: offeringRef(offering) }] });
    }
    const pools = chosen.map(offeringRef);
    const before = new Set(Array.isArray(memory) ? memory : []);
    const workloads = cluster.workloads.filter(
      ({ kind, namespace, name, replicas, rollout, gitOps }) =>
        kind === 'Deployment' &&
        (replicas ?? 0) >= options.minReplicas &&
        rollout === 'stable' &&
        gitOps === undefined &&
        actsInNamespace(policy, namespace) &&
        !before.has(JSON.stringify([namespace, name, pools])),
    );
    const groups: DraftGroup[] = [];
    const steered: string[] = [];
    for (const workload of pools.length === 0 || policy.onDemandFloor > 0 ? [] : workloads) {
      const action: Draft = {
        kind: 'prefer-capacity',
        workload: workloadRef(workload),
        capacityType: 'spot',
        offerings: pools,
        weight: 50,
        reasons: [{ code: 'spot-is-calm', message: 'These spot pools are cheaper and seldom interrupted.' }],
      };
      // Another preference is another template: where the rollout would get stuck, the workload stays as it is.
      if (!(await isVerified(request, [...groups, { actions: [action] }], context))) continue;
      groups.push({ actions: [action] });
      steered.push(JSON.stringify([workload.namespace, workload.name, pools]));
    }
    if (groups.length === 0 && pools.length > 0) {
      const reason = policy.onDemandFloor > 0 ? keptOnDemand : nobodyToMove;
      rejections.push({ reason, subjects: pools.map((offering) => ({ kind: 'pool', offering })) });
    }
    return { groups, rejections, memory: [...before, ...steered] };
  },
});

const keptOnDemand: Reason = {
  code: 'on-demand-floor',
  message: 'The policy keeps a share of each workload on on-demand capacity.',
};
const nobodyToMove: Reason = { code: 'nobody-to-move', message: 'No workload is left that could prefer it.' };
