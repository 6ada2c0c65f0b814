import type { LabelSelector } from './selectors.js';

/** Whether a label selector selects these labels. Absent selects nothing, `{}` everything (apimachinery LabelSelectorAsSelector). */
export function selectsLabels(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  }
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    const listed = value !== undefined && values.includes(value);
    if (operator === 'In' && !listed) return false;
    // A label that is absent is not in the list either.
    if (operator === 'NotIn' && listed) return false;
    if (operator === 'Exists' && value === undefined) return false;
    if (operator === 'DoesNotExist' && value !== undefined) return false;
  }
  return true;
}
