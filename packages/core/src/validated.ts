/**
 * Inputs that were validated once. Kept under a global symbol because the ESM and the CJS copy of this package do not share
 * their modules: a state that one of them parsed would be checked again by the other, 40 ms each time. A mark on the value
 * itself would not do: inputs may be frozen.
 */
const key = Symbol.for('cloudoptim.validated');

/** Whether the value is known to fit this schema. Whoever changes a value after that is on their own: freeze inputs. */
export function isValidated(value: object, schema: string): boolean {
  return registry().get(value) === schema;
}

export function markValidated(value: object, schema: string): void {
  registry().set(value, schema);
}

function registry(): WeakMap<object, string> {
  const shared = globalThis as { [key]?: WeakMap<object, string> };
  shared[key] ??= new WeakMap();
  return shared[key];
}
