import { type DecisionContext, type DecisionRequest, type DraftGroup, sealPlan } from '@cloudoptim/core';
import { verifyPlan } from '@cloudoptim/scheduling';

/**
 * Whether hosts would execute these groups: seals and verifies them as a host does. An engine that validates its own proposal
 * can leave out what is too tight, instead of seeing the whole plan refused.
 */
export async function isVerified(
  request: DecisionRequest,
  groups: readonly DraftGroup[],
  context: DecisionContext,
): Promise<boolean> {
  const { cluster, market, policy } = request;
  if (cluster === undefined || groups.length === 0) return true;
  const { now, seed } = context;
  await context.spend(cluster.pods.count);
  const engine = { id: 'trial', version: '0.0.0', considers: [] };
  const plan = await sealPlan({ engine, request, decision: { groups, rejections: [] }, context: { now, seed } });
  return verifyPlan(cluster, market, policy, plan, { now, seed }).verdict !== 'refused';
}
