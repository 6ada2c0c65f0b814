import { type DecisionEngine, type JsonValue, mergePolicy } from '@cloudoptim/core';
import type { DecisionCase } from '../arbitraries/decision-case.js';
import { answerLaws, behaviourLaws, type LawName } from './all-laws.js';
import { ask, deepFreeze, errorText } from './ask.js';
import type { Answer, Finding, Question } from './law.js';

/** A broken law, in one sentence. */
export interface Violation {
  readonly law: LawName;
  readonly message: string;
}

export interface JudgeOptions {
  /** Options for the engine. */
  readonly options?: JsonValue;
  /** Look for this law alone; the others are passed over. */
  readonly only?: LawName;
}

/** What an engine answered to a case, and the first law that it broke. */
export interface Judgement {
  readonly answer?: Answer;
  readonly violation?: Violation;
}

/** Puts one case to an engine and holds it to every law. The case is frozen. */
export async function judge(
  engine: DecisionEngine,
  given: DecisionCase,
  options: JudgeOptions = {},
): Promise<Judgement> {
  const { cluster, market, usage, policy, now, seed, memory } = given;
  const request = deepFreeze({
    contractVersion: 'v1' as const,
    ...{ cluster, market, usage, policy },
    ...(options.options !== undefined && { options: options.options }),
    ...(memory !== undefined && { memory }),
  });
  const question: Question = { engine, request, policy: mergePolicy(policy), now, seed, options: options.options };
  const wanted = (law: LawName) => options.only === undefined || options.only === law;
  const { answer, error, spends, spentUnits } = await ask(question);
  if (answer === undefined) {
    const law = isWriteToFrozen(error) ? 'input-untouched' : 'answers';
    const message =
      law === 'answers' ? `analyze throws ${errorText(error)}` : `it writes to its input: ${errorText(error)}`;
    return wanted(law) ? { violation: { law, message } } : {};
  }
  for (const law of Object.keys(answerLaws) as (keyof typeof answerLaws)[]) {
    const message = wanted(law) ? await finding(() => answerLaws[law](answer)) : undefined;
    if (message !== undefined) return { answer, violation: { law, message } };
  }
  for (const law of Object.keys(behaviourLaws) as (keyof typeof behaviourLaws)[]) {
    const first = { answer, spends, spentUnits };
    const message = wanted(law) ? await finding(() => behaviourLaws[law](question, first)) : undefined;
    if (message !== undefined) return { answer, violation: { law, message } };
  }
  return { answer };
}

/** An answer so wrong that a law cannot even be checked, such as a plan without groups, breaks that law. */
async function finding(check: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return `checking it throws ${errorText(error)}`;
  }
}

/** What V8, JavaScriptCore and SpiderMonkey say of a write to a frozen object in strict mode. */
function isWriteToFrozen(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /read.?only|not extensible|cannot (assign|add|delete|define)|frozen|can't be (deleted|defined)/i.test(error.message)
  );
}
