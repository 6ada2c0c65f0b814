import type { Policy } from './policy.js';

/** Whether the policy lets plans change what is in a namespace: not excluded, and included where it names any. */
export function actsInNamespace(
  { namespaces: { include, exclude } }: Pick<Policy, 'namespaces'>,
  name: string,
): boolean {
  return !exclude.includes(name) && (include.length === 0 || include.includes(name));
}
