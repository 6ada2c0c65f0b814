import type { PodFacts } from '../../pod-facts.js';
import type { WorkingPlacement } from '../../working-placement.js';
import { interference, interferes, nodeKeys } from './interference.js';
import type { Class } from './mover-classes.js';

/**
 * By class, how many other movers may each keep one of it off a node by being there; undefined when more than a node. Only
 * those are asked that reach into one another's namespaces, since every pair of thousands of classes would take a while.
 */
export function besideEach(
  classes: readonly Class[],
  placement: WorkingPlacement,
): ReadonlyMap<Class, number | undefined> {
  const oneNodeEach = nodeKeys(placement);
  const all = new ByNamespace();
  const averse = new ByNamespace();
  for (const own of classes) {
    all.add(own, [own.facts.namespace]);
    if (interferes(own.facts)) averse.add(own, reachOf(own.facts));
  }
  const count = (own: Class) => {
    const others = new Set(averse.reaching([own.facts.namespace]));
    if (interferes(own.facts)) for (const other of all.reaching(reachOf(own.facts))) others.add(other);
    let count = 0;
    for (const other of others) {
      const movers = other.movers.length - (other === own ? 1 : 0);
      const how = movers === 0 ? 'nothing' : interference(own.facts, other.facts, placement, oneNodeEach);
      if (how === 'anything') return undefined;
      if (how === 'node') count += movers;
    }
    return count;
  };
  return new Map(classes.map((own) => [own, count(own)]));
}

/** Namespaces of the pods that a pod may be in the way of; undefined for all. Ports and volumes by id are of no namespace. */
function reachOf({ namespace, hostPorts, inlineEbsVolumes, antiAffinity }: PodFacts): readonly string[] | undefined {
  if (hostPorts.length > 0 || inlineEbsVolumes.length > 0) return undefined;
  if (antiAffinity.some(({ namespaceSelector }) => namespaceSelector !== undefined)) return undefined;
  return [namespace, ...antiAffinity.flatMap(({ namespaces }) => namespaces)];
}

/** Classes by the namespaces that they reach. */
class ByNamespace {
  readonly #all: Class[] = [];
  readonly #everywhere: Class[] = [];
  readonly #within = new Map<string, Class[]>();

  add(own: Class, namespaces: readonly string[] | undefined): void {
    this.#all.push(own);
    if (namespaces === undefined) this.#everywhere.push(own);
    for (const namespace of new Set(namespaces)) {
      const known = this.#within.get(namespace);
      if (known === undefined) this.#within.set(namespace, [own]);
      else known.push(own);
    }
  }

  /** Those that reach one of the namespaces; undefined stands for all namespaces. */
  reaching(namespaces: readonly string[] | undefined): readonly Class[] {
    if (namespaces === undefined) return this.#all;
    return [...this.#everywhere, ...namespaces.flatMap((namespace) => this.#within.get(namespace) ?? [])];
  }
}
