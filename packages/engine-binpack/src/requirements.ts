import type { NodeSelectorRequirement } from '@cloudoptim/core';

/**
 * Whether labels meet a requirement, with Kubernetes' meaning of the operators. A label that is not there fails In, Exists, Gt
 * and Lt: of an instance type that may mean "not known", and then the type is not bought on a guess.
 */
export function meetsRequirement(
  labels: Readonly<Record<string, string>>,
  requirement: NodeSelectorRequirement,
): boolean {
  const { key, operator, values = [] } = requirement;
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
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
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
  }
}
