import { type NodeTerm, nodeTerms, type Pod, type Requirement } from '../kubernetes.js';
import { type Clause, clause, drop, each, keepFirst, nodes, oneWay } from './clause.js';

/** A label that no node has. */
const nowhere = 'nowhere';
const always: Requirement = { key: nowhere, operator: 'DoesNotExist' };
const never: Requirement = { key: nowhere, operator: 'Exists' };

/** Requirements that `which` names hold always, or never. */
const requirements = (
  list: 'matchExpressions' | 'matchFields',
  which: (one: Requirement) => boolean,
  by: Requirement,
) => ({
  pod: (pod: Pod) =>
    each(nodeTerms(pod), (term) => {
      const own = term[list] ?? [];
      const kept = own.filter((one) => !which(one));
      if (kept.length === own.length) return false;
      term[list] = kept;
      term.matchExpressions = [...(term.matchExpressions ?? []), by];
      return true;
    }),
});

function operator(name: string): Clause {
  const which = (one: Requirement) => one.operator === name;
  return clause(
    `node-affinity/${name}`,
    `the operator ${name} of node affinity`,
    requirements('matchExpressions', which, always),
    requirements('matchExpressions', which, never),
  );
}

function field(name: string): Clause {
  const which = (one: Requirement) => one.operator === name;
  return clause(
    `node-affinity/field-${name}`,
    `matchFields metadata.name with ${name}`,
    requirements('matchFields', which, always),
    requirements('matchFields', which, never),
  );
}

function isEmpty({ matchExpressions = [], matchFields = [] }: NodeTerm): boolean {
  return matchExpressions.length === 0 && matchFields.length === 0;
}

const integer = /^[+-]?\d+$/;

export const nodeAffinityClauses: readonly Clause[] = [
  clause(
    'node-selector',
    'every label of nodeSelector must be there with its value',
    { pod: ({ spec }) => drop(spec, 'nodeSelector') },
    {
      pod: ({ spec }) => {
        if (spec.nodeSelector === undefined) return false;
        spec.nodeSelector = { ...spec.nodeSelector, [nowhere]: '' };
        return true;
      },
    },
  ),
  ...['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'].map(operator),
  oneWay('allowed', 'node-affinity/NotIn-missing', 'NotIn holds where the label is missing', {
    pod: (pod) =>
      each(nodeTerms(pod), (term) => {
        const added = (term.matchExpressions ?? []).filter((one) => one.operator === 'NotIn');
        term.matchExpressions = [
          ...(term.matchExpressions ?? []),
          ...added.map(({ key }) => ({ key, operator: 'Exists' })),
        ];
        return added.length > 0;
      }),
  }),
  oneWay('refused', 'node-affinity/no-integer', 'Gt and Lt never hold for a label that is no 64-bit integer', {
    pod: (pod) => nodeTerms(pod).some((term) => (term.matchExpressions ?? []).some(compares)),
    cluster: nodes(({ metadata: { labels } }) => {
      if (labels.generation === undefined || (integer.test(labels.generation) && labels.generation.length < 19))
        return false;
      labels.generation = '4';
      return true;
    }),
  }),
  field('In'),
  field('NotIn'),
  oneWay('allowed', 'node-affinity/any-term', 'one of several terms is enough', {
    pod: (pod) => keepFirst(nodeTerms(pod)),
  }),
  oneWay('refused', 'node-affinity/all-requirements', 'all requirements of a term must hold', {
    pod: (pod) => each(nodeTerms(pod), (term) => keepFirst(term.matchExpressions)),
  }),
  oneWay('refused', 'node-affinity/empty-term', 'a term without requirements matches no node', {
    pod: (pod) =>
      each(nodeTerms(pod), (term) => {
        if (!isEmpty(term)) return false;
        term.matchExpressions = [always];
        return true;
      }),
  }),
  oneWay('refused', 'node-affinity/and-selector', 'nodeSelector and node affinity must both hold', {
    pod: ({ spec }) => spec.affinity?.nodeAffinity !== undefined && drop(spec, 'nodeSelector'),
  }),
];

function compares({ key, operator: name }: Requirement): boolean {
  return key === 'generation' && (name === 'Gt' || name === 'Lt');
}
