import { affinityTerms, type Pod, type PodTerm } from '../kubernetes.js';
import { boundPods, type Clause, type ClauseVerdict, clause, drop, each, keepFirst, oneWay, put } from './clause.js';
import { emptySelector, mergedKeys, missingSelector, notItself, type Selectors, selectorClauses } from './selectors.js';
import { giveKeys } from './spread.js';

type Kind = 'podAffinity' | 'podAntiAffinity';

/** The terms of the incoming pod name other namespaces, or none. */
function namespaceClauses(
  place: string,
  terms: (pod: Pod) => readonly PodTerm[],
  fewer: ClauseVerdict,
  more: ClauseVerdict,
): Clause[] {
  const within = (change: (term: PodTerm) => boolean) => ({ pod: (pod: Pod) => each(terms(pod), change) });
  return [
    clause(
      `${place}/namespaces`,
      `${place} looks at the namespaces that it lists`,
      within((term) => drop(term, 'namespaces')),
    ),
    oneWay(
      fewer,
      `${place}/namespaceSelector`,
      `${place} looks at the namespaces that its selector takes`,
      within(
        ({ namespaceSelector }) =>
          namespaceSelector !== undefined && !takesAll(namespaceSelector) && forget(namespaceSelector),
      ),
    ),
    oneWay(
      fewer,
      `${place}/all-namespaces`,
      `the empty namespace selector of ${place} takes all`,
      within(
        (term) =>
          term.namespaceSelector !== undefined && takesAll(term.namespaceSelector) && drop(term, 'namespaceSelector'),
      ),
    ),
    oneWay(
      more,
      `${place}/own-namespace`,
      `without namespaces ${place} looks at its own`,
      within((term) => {
        if (term.namespaceSelector !== undefined || (term.namespaces ?? []).length > 0) return false;
        term.namespaceSelector = {};
        return true;
      }),
    ),
  ];
}

function takesAll(selector: NonNullable<PodTerm['namespaceSelector']>): boolean {
  return Object.keys(selector).length === 0;
}

/** The selector takes no namespace at all. */
function forget(selector: NonNullable<PodTerm['namespaceSelector']>): boolean {
  selector.matchExpressions = [{ key: 'nobody', operator: 'Exists' }];
  return true;
}

function termClauses(place: string, kind: Kind): Clause[] {
  const terms = (pod: Pod) => affinityTerms(pod, kind);
  const selectors: Selectors = terms;
  // What a rule had said when its switch takes fewer pods than before, or more.
  const [fewer, more]: readonly [ClauseVerdict, ClauseVerdict] =
    kind === 'podAffinity' ? ['allowed', 'refused'] : ['refused', 'allowed'];
  return [
    clause(
      `${place}/term`,
      kind === 'podAffinity'
        ? 'a pod that the term takes must be in the domain'
        : 'no pod that the term takes may be in the domain',
      { pod: ({ spec }) => spec.affinity !== undefined && drop(spec.affinity, kind) },
      {
        pod: (pod) =>
          each(terms(pod), (term) => {
            // Affinity to nobody holds nowhere; anti-affinity to everybody wherever somebody is.
            term.labelSelector =
              kind === 'podAffinity'
                ? { matchExpressions: [{ key: 'nobody', operator: 'Exists' }] }
                : { matchExpressions: [{ key: 'nobody', operator: 'DoesNotExist' }] };
            term.namespaceSelector = {};
            return true;
          }),
      },
    ),
    ...selectorClauses(place, selectors),
    emptySelector(place, `the empty selector of ${place} takes everybody`, selectors, {
      means: 'everybody',
      verdict: fewer,
    }),
    missingSelector(place, `without a selector ${place} takes nobody`, selectors, more),
    mergedKeys(place, 'matchLabelKeys', selectors, more),
    mergedKeys(place, 'mismatchLabelKeys', selectors, more),
    ...namespaceClauses(place, terms, fewer, more),
    oneWay('refused', `${place}/all-terms`, `all terms of ${place} must hold`, {
      pod: (pod) => keepFirst(terms(pod) as PodTerm[]),
    }),
  ];
}

const interPodOnly = (pod: Pod, kind: Kind) =>
  affinityTerms(pod, kind).length > 0 &&
  pod.spec.topologySpreadConstraints === undefined &&
  pod.spec.affinity?.nodeAffinity === undefined &&
  pod.spec.nodeSelector === undefined;

const inverse = (change: (term: PodTerm) => boolean) => ({
  cluster: boundPods((pod) => each(affinityTerms(pod, 'podAntiAffinity'), change)),
});

export const interPodClauses: readonly Clause[] = [
  ...termClauses('affinity', 'podAffinity'),
  oneWay(
    'allowed',
    'affinity/first-pod',
    'the first pod of a group that takes itself may go anywhere with the key',
    notItself((pod) => affinityTerms(pod, 'podAffinity')),
  ),
  oneWay('refused', 'affinity/missing-key', 'a node without the key is refused', {
    pod: (pod) => interPodOnly(pod, 'podAffinity') && pod.spec.affinity?.podAntiAffinity === undefined,
    cluster: giveKeys,
  }),
  ...termClauses('anti-affinity', 'podAntiAffinity'),
  oneWay('refused', 'inverse/term', 'the anti-affinity of bound pods keeps away those that it takes', {
    cluster: boundPods(({ spec }) => spec.affinity !== undefined && drop(spec.affinity, 'podAntiAffinity')),
  }),
  clause(
    'inverse/selector',
    'the anti-affinity of bound pods takes only what its selector takes',
    inverse((term) => {
      term.labelSelector = { matchExpressions: [{ key: 'nobody', operator: 'DoesNotExist' }] };
      return true;
    }),
    inverse((term) => {
      term.labelSelector = { matchExpressions: [{ key: 'nobody', operator: 'Exists' }] };
      return true;
    }),
  ),
  oneWay(
    'refused',
    'inverse/namespaces',
    'the anti-affinity of bound pods reaches the namespaces that it lists',
    inverse((term) => term.namespaceSelector === undefined && drop(term, 'namespaces')),
  ),
  clause(
    'inverse/namespaceSelector',
    'the anti-affinity of bound pods reaches the namespaces that its selector takes',
    inverse((term) => drop(term, 'namespaceSelector')),
  ),
  oneWay(
    'allowed',
    'inverse/own-namespace',
    'without namespaces the anti-affinity of bound pods reaches its own',
    inverse((term) => {
      if (term.namespaceSelector !== undefined || (term.namespaces ?? []).length > 0) return false;
      term.namespaceSelector = {};
      return true;
    }),
  ),
  clause('inter-pod/terminating', 'pods that are terminating attract and repel', {
    pod: (pod) => interPodOnly(pod, 'podAffinity') || interPodOnly(pod, 'podAntiAffinity'),
    cluster: boundPods(({ metadata }) => metadata.deletionTimestamp !== undefined && put(metadata, 'labels', {})),
  }),
];
