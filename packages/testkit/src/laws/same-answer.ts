import { ask, bytesOf, errorText, reworded, throughJson } from './ask.js';
import type { Answer, BehaviourLaw, Finding, Observed, Question } from './law.js';
import { underOtherClock } from './other-clock.js';

/** The same question gets the same bytes: nothing is read from the clock, drawn at random, or kept from the call before. */
export const sameAnswer: BehaviourLaw = async (question, first) => {
  if ((await answersThroughJson(question)) === bytesOf(first.answer.response)) return undefined;
  const again = await underOtherClock(() => ask(question));
  if (again.answer === undefined) return `asked again, it throws ${errorText(again.error)}`;
  return difference('asked again under another clock', first, again.answer);
};

/** The request through JSON gets the same bytes, and the response through JSON is the same value. */
export const survivesJson: BehaviourLaw = async (question, first) => {
  const { response } = first.answer;
  const lost = lostInJson(response, throughJson(response), 'response');
  if (lost !== undefined || (await answersThroughJson(question)) === bytesOf(response)) return lost;
  const again = await ask(reworded(question, throughJson(question.request)));
  if (again.answer === undefined) return `asked with the request through JSON, it throws ${errorText(again.error)}`;
  return difference('asked with the request through JSON', first, again.answer);
};

const throughJsonAnswers = new WeakMap<Question, Promise<string | undefined>>();

/** The bytes of the answer under another clock to the request through JSON: when they are the same, both laws hold at once. */
function answersThroughJson(question: Question): Promise<string | undefined> {
  const known = throughJsonAnswers.get(question);
  if (known !== undefined) return known;
  const asked = underOtherClock(() => ask(reworded(question, throughJson(question.request))));
  const bytes = asked.then(({ answer }) => answer && bytesOf(answer.response));
  throughJsonAnswers.set(question, bytes);
  return bytes;
}

function difference(how: string, first: Observed, again: Answer): Finding {
  const before = bytesOf(first.answer.response);
  const after = bytesOf(again.response);
  return before === after ? undefined : `${how}, it answers differently ${firstDifference(before, after)}`;
}

function lostInJson(before: unknown, after: unknown, path: string): string | undefined {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) {
    return Object.is(before, after) ? undefined : `${path} is ${String(before)} and becomes ${String(after)} in JSON`;
  }
  const prototype = Object.getPrototypeOf(before);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
    return `${path} is a ${prototype.constructor?.name ?? 'foreign object'}, which JSON does not carry`;
  }
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) return `${path}.${key} is ${String((before as never)[key])} and is lost in JSON`;
    const lost = lostInJson((before as never)[key], (after as never)[key], `${path}.${key}`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

function firstDifference(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 40), at + 20);
  return `at character ${at}: …${around(a)}… then …${around(b)}…`;
}
