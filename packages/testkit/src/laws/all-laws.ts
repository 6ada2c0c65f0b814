import { addsUp } from './adds-up.js';
import { budgetsKept } from './budgets-kept.js';
import { candidatesJudged } from './candidates-judged.js';
import { finiteNumbers } from './finite-numbers.js';
import { reachesFixedPoint } from './fixed-point.js';
import { keepsEmptyClusterEmpty, keepsFreeze } from './keeps-still.js';
import { knownOrder } from './known-order.js';
import type { AnswerLaw, BehaviourLaw } from './law.js';
import { optOutsHonoured } from './opt-outs-honoured.js';
import { podsKeepAPlace } from './pods-keep-a-place.js';
import { policyLimitsKept } from './policy-limits-kept.js';
import { reasonsGiven } from './reasons-given.js';
import { sameAnswer, survivesJson } from './same-answer.js';
import { keepsWorkLimit, stopsOnAbort } from './stops-when-told.js';
import { forgottenPrice } from './unknown-price-variant.js';
import { unknownPrices } from './unknown-prices.js';
import { verified } from './verified.js';
import { wellFormed } from './well-formed.js';

/** Laws that an answer keeps by itself, cheapest first, so that a failure names the simplest thing that is wrong. */
export const answerLaws = {
  'well-formed': wellFormed,
  'finite-numbers': finiteNumbers,
  'known-order': knownOrder,
  'reasons-given': reasonsGiven,
  'candidates-judged': candidatesJudged,
  'adds-up': addsUp,
  'unknown-prices': unknownPrices,
  'policy-limits-kept': policyLimitsKept,
  'opt-outs-honoured': optOutsHonoured,
  'budgets-kept': budgetsKept,
  'pods-keep-a-place': podsKeepAPlace,
  verified,
} as const satisfies Record<string, AnswerLaw>;

/** Laws about how an engine behaves when it is asked again, stopped, frozen or followed. */
export const behaviourLaws = {
  'same-answer': sameAnswer,
  'survives-json': survivesJson,
  'stops-on-abort': stopsOnAbort,
  'keeps-work-limit': keepsWorkLimit,
  'keeps-freeze': keepsFreeze,
  'keeps-empty-cluster-empty': keepsEmptyClusterEmpty,
  'forgotten-price': forgottenPrice,
  'reaches-fixed-point': reachesFixedPoint,
} as const satisfies Record<string, BehaviourLaw>;

/**
 * Names of all laws. Beside those above: `answers` (analyze does not reject a valid request), `input-untouched` (the request,
 * deeply frozen, is not written to), and `known-savings` (of the savings known by construction, enough are found).
 */
export type LawName =
  | keyof typeof answerLaws
  | keyof typeof behaviourLaws
  | 'answers'
  | 'input-untouched'
  | 'known-savings';
