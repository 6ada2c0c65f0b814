import type { z } from 'zod';
import { type Issue, issueLimit } from '../errors/issue.js';

/** Zod's issues as sentences that name place, value and remedy. zod's own message of a wrong column runs to megabytes. */
export function issuesOf(error: z.ZodError | z.core.$ZodError, root: string, input: unknown): Issue[] {
  return error.issues.slice(0, issueLimit).map((issue) => ({
    path: pathText(root, issue.path),
    message: sentenceOf(issue, input),
  }));
}

/** What is wrong at the issue's place in `input`. */
export function sentenceOf(issue: z.core.$ZodIssue, input: unknown): string {
  const found = valueAt(input, issue.path);
  // Whatever was expected, a field that is not there is best called that.
  if (found === undefined && issue.code !== 'custom' && issue.code !== 'unrecognized_keys') {
    return `is missing; ${expectation(issue)}`;
  }
  // "found an object" helps where something else was expected, and is noise where the object is of the wrong content.
  const isShown = found !== undefined && (typeof found !== 'object' || found === null || issue.code === 'invalid_type');
  return `${expectation(issue)}${isShown ? `; found ${show(found)}` : ''}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${articleFor[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return limit(
        issue.origin,
        issue.exact === true ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least',
        issue.minimum,
      );
    case 'too_big':
      return limit(
        issue.origin,
        issue.exact === true ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most',
        issue.maximum,
      );
    case 'invalid_union':
      return unionExpectation(issue);
    default:
      return issue.message;
  }
}

const articleFor: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  int: 'a whole number',
  number: 'a finite number',
  boolean: 'true or false',
  string: 'a string',
  nan: 'a finite number',
};

function limit(origin: string, relation: string, bound: number | bigint): string {
  const unit = origin === 'string' ? ' characters long' : origin === 'array' ? ' entries long' : '';
  return `must be ${relation} ${bound}${unit}`;
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  // A discriminated union names its discriminator; of a plain one, no branch is more at fault than the others.
  const options = (issue as { readonly options?: readonly unknown[] }).options;
  if (options !== undefined) return `must be one of ${options.map((option) => JSON.stringify(option)).join(', ')}`;
  const branches = issue.errors.map((branch) => branch[0]).filter((first) => first !== undefined);
  const sentences = branches.map((first) =>
    first.path.length === 0 ? expectation(first) : `${pathText('', first.path)} ${expectation(first)}`,
  );
  return sentences.length === 0 ? issue.message : [...new Set(sentences)].join(', or ');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return value;
}

const shownCharacters = 60;

function show(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  let text = root;
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(key))) text += text === '' ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}
