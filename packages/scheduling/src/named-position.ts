interface Named {
  readonly namespace: string;
  readonly name: string;
}

const indices = new WeakMap<readonly Named[], ReadonlyMap<string, number>>();

/**
 * Where in a list of a state the object of this name is; -1 when it is not there. Each list is indexed once: every drain of a large plan
 * asks for its budgets.
 */
export function namedPosition(list: readonly Named[], namespace: string, name: string): number {
  let index = indices.get(list);
  if (index === undefined) {
    index = new Map(list.map((object, at) => [`${object.namespace}/${object.name}`, at]));
    indices.set(list, index);
  }
  return index.get(`${namespace}/${name}`) ?? -1;
}
