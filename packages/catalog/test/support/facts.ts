import { type InstanceTypeFacts, instanceType } from '../../src/index.js';

/** The facts of a type that a test relies on being there. */
export function facts(name: string): InstanceTypeFacts {
  const found = instanceType(name);
  if (found === undefined) throw new Error(`the catalogue has no ${name}`);
  return found;
}
