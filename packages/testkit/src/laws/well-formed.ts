import type { AnswerLaw } from './law.js';

/** The answer says who made it, for what instant and until when, as the engine and the context say. */
export const wellFormed: AnswerLaw = ({ engine, now, seed, response, policy }) => {
  const { plan } = response;
  if (response.contractVersion !== 'v1' || plan.contractVersion !== 'v1') return 'contractVersion is not v1';
  if (plan.engine.id !== engine.id || plan.engine.version !== engine.version) {
    return `the plan names engine ${plan.engine.id} ${plan.engine.version}, it is ${engine.id} ${engine.version}`;
  }
  if (plan.createdAtMs !== now) return `createdAtMs is ${plan.createdAtMs}, the context's now is ${now}`;
  if (plan.seed !== seed) return `seed is ${plan.seed}, the context's seed is ${seed}`;
  if (!(plan.validUntilMs > now)) return `validUntilMs ${plan.validUntilMs} is not after now ${now}`;
  if (JSON.stringify(plan.considers) !== JSON.stringify(engine.considers)) return 'considers is not the engine’s';
  if (plan.maxGroupsInFlight > policy.maxGroupsInFlight) {
    return `maxGroupsInFlight is ${plan.maxGroupsInFlight}, the policy allows ${policy.maxGroupsInFlight}`;
  }
  return undefined;
};
