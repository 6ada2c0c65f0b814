import {
  Aborted,
  type AnalyzeRequest,
  type DecisionContext,
  type Inputs,
  mergePolicy,
  WorkLimitReached,
} from '@cloudoptim/core';
import type { Observed, Question } from './law.js';

/** How a question is put differently from what it is. */
export interface AskOptions {
  /** The signal fires at the end of this many calls of `spend`. */
  readonly abortAfter?: number;
  readonly workLimit?: number;
}

/** What came of a question. */
export interface Asked extends Partial<Observed> {
  readonly error?: unknown;
  readonly spends: number;
  readonly spentUnits: number;
  /** Calls of `spend` that were refused, after the abort or at the limit. */
  readonly refusedSpends: number;
}

/** An engine that goes on spending after so many refusals will never stop; the test must. */
const runawayAfter = 50;

/**
 * Puts a question to an engine with a context that counts what is spent. Errors of the engine are returned, not thrown; an
 * engine that swallows every refusal is cut off and reported as a RangeError.
 */
export async function ask(question: Question, options: AskOptions = {}): Promise<Asked> {
  const { engine, request, policy, now, seed } = question;
  const abort = new AbortController();
  const limit = options.workLimit ?? Number.POSITIVE_INFINITY;
  let spends = 0;
  let spentUnits = 0;
  let refusedSpends = 0;
  let cutOff: (error: RangeError) => void = () => {};
  const runaway = new Promise<never>((_resolve, reject) => {
    cutOff = reject;
  });
  const refuse = (error: Error): Promise<never> => {
    refusedSpends++;
    if (refusedSpends <= runawayAfter) return Promise.reject(error);
    cutOff(new RangeError(`The engine called spend ${runawayAfter} times more after it was told to stop.`));
    return new Promise(() => {});
  };
  const context: DecisionContext = {
    now,
    seed,
    signal: abort.signal,
    onProgress: () => {},
    spend(units) {
      if (!(units >= 0)) return Promise.reject(new RangeError(`spend: units must be zero or more, not ${units}`));
      if (abort.signal.aborted) return refuse(new Aborted(abort.signal.reason));
      if (spentUnits + units > limit) return refuse(new WorkLimitReached(limit));
      spends++;
      spentUnits += units;
      if (spends === options.abortAfter) abort.abort();
      return Promise.resolve();
    },
  };
  try {
    const response = await Promise.race([engine.analyze(request, context), runaway]);
    const answer = { engine, inputs: request, policy, now, seed, response };
    return { answer, spends, spentUnits, refusedSpends };
  } catch (error) {
    return { error, spends, spentUnits, refusedSpends };
  }
}

/** The same question with another request: other inputs, policy or memory. Everything is frozen. */
export function reworded(question: Question, change: Partial<AnalyzeRequest & Inputs>): Question {
  const request = deepFreeze({ ...question.request, ...change });
  return { ...question, request, policy: 'policy' in change ? mergePolicy(change.policy) : question.policy };
}

/** Freezes a value and everything in it, so that a write to it throws in strict mode. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key of Reflect.ownKeys(value)) deepFreeze((value as Record<PropertyKey, unknown>)[key]);
  return value;
}

/** A sentence about an error, for findings. */
export function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** The value after a trip through JSON. */
export function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The bytes of a response, by which two are compared. */
export function bytesOf(value: unknown): string {
  return JSON.stringify(value);
}
