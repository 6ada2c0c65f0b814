import type { LabelSelector, LabelSelectorRequirement } from '@cloudoptim/core';

export type Labels = Readonly<Record<string, string>>;

/** A label's value; undefined when absent. Labels such as `constructor` are data, hence the own-property test. */
export function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/**
 * Whether a label selector selects these labels (k8s.io/apimachinery/pkg/labels): an absent selector selects nothing, an
 * empty one everything; NotIn and DoesNotExist hold for a missing label.
 */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  for (const key in selector.matchLabels)
    if (Object.hasOwn(selector.matchLabels, key) && labelOf(labels, key) !== selector.matchLabels[key]) return false;
  for (const requirement of selector.matchExpressions ?? []) if (!holds(requirement, labels)) return false;
  return true;
}

/** Whether a selector is there and asks for nothing, and so selects everything. */
export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return false;
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
}

function holds({ key, operator, values }: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && (values ?? []).includes(value);
    case 'NotIn':
      return value === undefined || !(values ?? []).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/**
 * The selector with matchLabelKeys (`In`) and mismatchLabelKeys (`NotIn`) merged from the pod's own labels, as the API server
 * does for affinity terms and kube-scheduler for spread constraints. Merging what a live pod has merged already changes nothing.
 */
export function withLabelKeys(
  selector: LabelSelector | undefined,
  labels: Labels,
  match: readonly string[] = [],
  mismatch: readonly string[] = [],
): LabelSelector | undefined {
  if (selector === undefined || (match.length === 0 && mismatch.length === 0)) return selector;
  const extra: LabelSelectorRequirement[] = [];
  for (const key of match) {
    const value = labelOf(labels, key);
    if (value !== undefined) extra.push({ key, operator: 'In', values: [value] });
  }
  for (const key of mismatch) {
    const value = labelOf(labels, key);
    if (value !== undefined) extra.push({ key, operator: 'NotIn', values: [value] });
  }
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...extra] };
}

/** A label as the key of a map: no label key holds an equals sign. */
export function labelText(key: string, value: string): string {
  return `${key}=${value}`;
}
