import type { Pod, Selector } from '../kubernetes.js';
import { type Clause, type ClauseVerdict, clause, each, oneWay, type Switch } from './clause.js';

/** Finds the label selectors of one kind of constraint in a pod. */
export type Selectors = (pod: Pod) => readonly { labelSelector?: Selector }[];

const nobody = { key: 'nobody', operator: 'Exists' };
const everybody = { key: 'nobody', operator: 'DoesNotExist' };

/** The rules of label selectors, which decide anew wherever there is a selector. */
export function selectorClauses(place: string, selectors: Selectors): Clause[] {
  const within = (change: (selector: Selector) => boolean): Switch => ({
    pod: (pod) => each(selectors(pod), ({ labelSelector }) => labelSelector !== undefined && change(labelSelector)),
  });
  const operator = (name: string) => {
    const switched = (by: { key: string; operator: string }) =>
      within((selector) => {
        const own = selector.matchExpressions ?? [];
        const kept = own.filter((one) => one.operator !== name || one.key === 'rev');
        selector.matchExpressions = [...kept, by];
        return kept.length < own.length;
      });
    return clause(`${place}/${name}`, `${name} in the selector of ${place}`, switched(everybody), switched(nobody));
  };
  return [
    ...['In', 'NotIn', 'Exists', 'DoesNotExist'].map(operator),
    clause(
      `${place}/matchLabels`,
      `matchLabels in the selector of ${place}`,
      within((selector) => {
        if (selector.matchLabels === undefined) return false;
        delete selector.matchLabels;
        selector.matchExpressions = [...(selector.matchExpressions ?? []), everybody];
        return true;
      }),
      within((selector) => {
        if (selector.matchLabels === undefined) return false;
        selector.matchLabels.nobody = '';
        return true;
      }),
    ),
  ];
}

/** A missing selector takes nobody, which is not what the empty one takes. */
export function missingSelector(place: string, rule: string, selectors: Selectors, verdict: ClauseVerdict): Clause {
  return oneWay(verdict, `${place}/no-selector`, rule, {
    pod: (pod) =>
      each(selectors(pod), (one) => {
        if (one.labelSelector !== undefined) return false;
        one.labelSelector = { matchExpressions: [everybody] };
        return true;
      }),
  });
}

/** What an empty selector takes is what the opposite says instead: everybody, where the rule means nobody, or nobody. */
export function emptySelector(
  place: string,
  rule: string,
  selectors: Selectors,
  { means, verdict }: { readonly means: 'everybody' | 'nobody'; readonly verdict: ClauseVerdict },
): Clause {
  return oneWay(verdict, `${place}/empty-selector`, rule, {
    pod: (pod) =>
      each(selectors(pod), ({ labelSelector }) => {
        const { matchLabels = {}, matchExpressions = [] } = labelSelector ?? {};
        if (labelSelector === undefined || Object.keys(matchLabels).length + matchExpressions.length > 0) return false;
        labelSelector.matchExpressions = [means === 'nobody' ? everybody : nobody];
        return true;
      }),
  });
}

/** The label keys that the API server merged into the selectors, with what they ask, are gone. */
export function mergedKeys(
  place: string,
  field: 'matchLabelKeys' | 'mismatchLabelKeys',
  selectors: Selectors,
  ...verdicts: readonly ClauseVerdict[]
): Clause {
  const made = clause(`${place}/${field}`, `${field} of ${place} are asked of the pod’s own labels`, {
    pod: (pod) =>
      each(selectors(pod), (constraint) => {
        const one = constraint as { labelSelector?: Selector; matchLabelKeys?: string[]; mismatchLabelKeys?: string[] };
        if (one[field] === undefined) return false;
        delete one[field];
        const { labelSelector } = one;
        if (labelSelector?.matchExpressions !== undefined)
          labelSelector.matchExpressions = labelSelector.matchExpressions.filter(({ key }) => key !== 'rev');
        return true;
      }),
  });
  return verdicts.length === 0 ? made : { ...made, verdicts };
}

/** The pod is no longer selected by its own constraints; all other pods are as before. */
export function notItself(selectors: Selectors): Switch {
  return {
    pod: (pod) => {
      const changed = each(selectors(pod), ({ labelSelector }) => {
        if (labelSelector === undefined) return false;
        labelSelector.matchExpressions = [
          ...(labelSelector.matchExpressions ?? []),
          { key: 'itself', operator: 'DoesNotExist' },
        ];
        return true;
      });
      pod.metadata.labels = { ...pod.metadata.labels, itself: '' };
      return changed;
    },
  };
}
