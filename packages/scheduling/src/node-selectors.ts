import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from '@cloudoptim/core';
import { type Labels, labelOf } from './labels.js';

/**
 * Whether a node matches a node selector: its terms are ORed, the requirements of a term ANDed, and a term without any
 * requirement matches no node (k8s.io/component-helpers/scheduling/corev1/nodeaffinity).
 */
export function matchesNodeSelector(selector: NodeSelector, node: { readonly name: string; readonly labels: Labels }) {
  return selector.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

export function matchesTerm(
  term: NodeSelectorTerm,
  node: Pick<Node, 'name' | 'labels'>,
  emptyMatches = false,
): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return emptyMatches;
  return (
    expressions.every((requirement) => holds(requirement, labelOf(node.labels, requirement.key))) &&
    // metadata.name is the only field that node selectors know.
    fields.every((requirement) => requirement.key === 'metadata.name' && holds(requirement, node.name))
  );
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
