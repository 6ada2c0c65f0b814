import { Aborted, WorkLimitReached } from '@cloudoptim/core';
import { ask, errorText } from './ask.js';
import type { BehaviourLaw } from './law.js';

/** After an abort, `spend` is called at most once more, and `analyze` rejects with Aborted. */
export const stopsOnAbort: BehaviourLaw = async (question, first) => {
  if (first.spends < 2) return undefined;
  const abortAfter = 1 + (question.seed % (first.spends - 1));
  const { answer, error, spends, refusedSpends } = await ask(question, { abortAfter });
  if (refusedSpends > 1) return `after the abort it called spend ${refusedSpends} times more`;
  // The signal never fired then, so nothing is known of the abort; and a limit of work would be met elsewhere each time.
  if (answer !== undefined && spends < abortAfter)
    return `asked again, it calls spend ${spends} times instead of ${first.spends}: it keeps something from the call before`;
  if (answer !== undefined)
    return `it answered although the signal had fired after ${abortAfter} of ${first.spends} spends`;
  return Aborted.isInstance(error) ? undefined : `aborted, it throws ${errorText(error)} instead of Aborted`;
};

/**
 * At the work limit the engine stops: it rejects with WorkLimitReached, or answers with what it has, marked truncated. Work is
 * accounted for: `spentUnits` is what was spent, and nobody proposes anything without spending.
 */
export const keepsWorkLimit: BehaviourLaw = async (question, first) => {
  const { response } = first.answer;
  if (response.spentUnits !== first.spentUnits) {
    return `spentUnits is ${response.spentUnits}, ${first.spentUnits} were spent`;
  }
  if (response.plan.groups.length > 0 && first.spentUnits === 0) {
    return 'it proposes a plan without having called spend: nothing could stop a long search';
  }
  if (first.spentUnits === 0) return undefined;
  const workLimit = Math.floor((first.spentUnits * (question.seed % 4)) / 4);
  const { answer, error, refusedSpends } = await ask(question, { workLimit });
  if (refusedSpends > 1) return `at the limit of ${workLimit} units it called spend ${refusedSpends} times more`;
  if (answer === undefined) {
    return WorkLimitReached.isInstance(error)
      ? undefined
      : `at the limit of ${workLimit} units it throws ${errorText(error)} instead of WorkLimitReached`;
  }
  return refusedSpends > 0 && !answer.response.plan.truncated
    ? `it met the limit of ${workLimit} units and its plan is not marked truncated`
    : undefined;
};
