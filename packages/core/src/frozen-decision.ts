import type { CandidateKind } from './candidate-kind.js';
import { candidatesOf } from './candidates.js';
import type { Decision, DecisionRequest } from './decision.js';
import type { Reason } from './reason.js';

const frozen: Reason = {
  code: 'frozen',
  message: 'The policy is frozen, so nothing may change. Set policy.freeze to false to let engines act again.',
};

/** The answer under `policy.freeze`, for which no engine is asked: nothing is done, and every candidate hears why. */
export function frozenDecision(considers: readonly CandidateKind[], request: DecisionRequest): Decision {
  const subjects = candidatesOf(considers, request);
  return {
    groups: [],
    rejections: subjects.length === 0 ? [] : [{ reason: frozen, subjects }],
    // A freeze is not a reason to forget: hysteresis goes on afterwards.
    ...(request.memory === undefined ? {} : { memory: request.memory }),
  };
}
