import { verifyPlan } from '@cloudoptim/scheduling';
import type { AnswerLaw } from './law.js';

/** `verifyPlan` does not refuse the plan. A conditional plan is kept: what is unknown of a cluster is not the engine's fault. */
export const verified: AnswerLaw = ({ inputs, policy, now, seed, response: { plan } }) => {
  if (plan.groups.length === 0) return undefined;
  const { verdict, refusals } = verifyPlan(inputs.cluster, inputs.market, policy, plan, { now, seed });
  if (verdict !== 'refused') return undefined;
  const [first] = refusals;
  const where = [first?.group, first?.action].filter((part) => part !== undefined).join(' ');
  return `verifyPlan refuses it: ${first?.reason.code}${where === '' ? '' : ` (${where})`}: ${first?.reason.message}`;
};
