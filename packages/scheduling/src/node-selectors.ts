import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '@cloudoptim/core';
import { type Labels, labelOf } from './labels.js';

/**
 * Whether the node affinity of a volume allows a node with these labels. kube-scheduler hands over the labels alone, so that
 * matchFields, which ask for the name, always hold (k8s.io/component-helpers/storage/volume, CheckNodeAffinity).
 */
export function allowsVolume({ nodeSelectorTerms }: NodeSelector, labels: Labels): boolean {
  return nodeSelectorTerms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.length + matchFields.length > 0 &&
      matchExpressions.every((requirement) => meetsRequirement(labels, requirement)),
  );
}

/**
 * Whether a node matches one of the terms that are ORed: its requirements are ANDed, and a term without any matches no node
 * unless `emptyMatches` (k8s.io/component-helpers/scheduling/corev1/nodeaffinity).
 */
export function matchesTerm(
  term: NodeSelectorTerm,
  node: Pick<Node, 'name' | 'labels'>,
  emptyMatches = false,
): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return emptyMatches;
  return (
    expressions.every((requirement) => meetsRequirement(node.labels, requirement)) &&
    // metadata.name is the only field that node selectors know.
    fields.every((requirement) => requirement.key === 'metadata.name' && holds(requirement, node.name))
  );
}

/**
 * Whether labels meet a requirement of a node selector or of a NodePool. A label that is not there fails In, Exists, Gt and Lt; Gt
 * and Lt compare whole numbers, and hold for nothing else (k8s.io/apimachinery/pkg/labels, Requirement.Matches).
 */
export function meetsRequirement(labels: Labels, requirement: NodeSelectorRequirement): boolean {
  return holds(requirement, labelOf(labels, requirement.key));
}

function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt': {
      const have = integer(value);
      const bound = values.length === 1 ? integer(values[0]) : undefined;
      if (have === undefined || bound === undefined) return false;
      return operator === 'Gt' ? have > bound : have < bound;
    }
  }
}

/** Go's strconv.ParseInt in base 10: an optional sign and digits only, within 64 bits. */
function integer(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d{1,19}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : undefined;
}
