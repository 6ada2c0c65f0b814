import type { Estimate } from '@cloudoptim/core';
import type { AnswerLaw } from './law.js';

/** Every number is finite, minus zero does not occur (JSON drops its sign), and every estimate has lower ≤ point ≤ upper. */
export const finiteNumbers: AnswerLaw = ({ response }) => {
  const { plan } = response;
  const estimates: readonly (readonly [string, Estimate])[] = [
    ['savingsUsdPerHour', plan.savingsUsdPerHour],
    ['projectedUsdPerHour', plan.projectedUsdPerHour],
    ...plan.groups.map((group) => [`${group.id}.savingsUsdPerHour`, group.savingsUsdPerHour] as const),
  ];
  for (const [path, { lower, point, upper, confidence }] of estimates) {
    if (!(lower <= point && point <= upper))
      return `${path} is not ordered: lower ${lower}, point ${point}, upper ${upper}`;
    if (!(confidence >= 0 && confidence <= 1)) return `${path}.confidence is ${confidence}, not a share from 0 to 1`;
  }
  return oddNumber(response, 'response');
};

function oddNumber(value: unknown, path: string): string | undefined {
  if (typeof value === 'number') {
    return !Number.isFinite(value) || Object.is(value, -0)
      ? `${path} is ${Object.is(value, -0) ? '-0' : value}`
      : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = oddNumber(child, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
