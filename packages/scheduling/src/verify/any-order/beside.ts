import { labelText } from '../../labels.js';
import type { PodFacts } from '../../pod-facts.js';
import type { WorkingPlacement } from '../../working-placement.js';
import { hasVolumes, interference, interferes, nodeKeys } from './interference.js';
import type { Class } from './mover-classes.js';

/**
 * By class, how many other movers may each keep one of it off a node by being there; undefined when more than a node. Only
 * pairs are asked of which one may mind the other at all, since every pair of thousands of classes would take a while.
 */
export function besideEach(
  classes: readonly Class[],
  placement: WorkingPlacement,
): ReadonlyMap<Class, number | undefined> {
  const oneNodeEach = nodeKeys(placement);
  const index = new ClassIndex(classes);
  const counts = new Map<Class, number | undefined>(classes.map((own) => [own, 0]));
  const add = (own: Class, movers: number) => {
    const count = counts.get(own);
    counts.set(own, count === undefined ? undefined : count + movers);
  };
  const asked = new Map<Class, Set<Class>>();
  for (const own of classes) {
    if (!interferes(own.facts)) continue;
    const others = index.mindedBy(own.facts);
    asked.set(own, others);
    for (const other of others) {
      if (other === own ? own.movers.length === 1 : asked.get(other)?.has(own) === true) continue;
      const how = interference(own.facts, other.facts, placement, oneNodeEach);
      if (how === 'nothing') continue;
      if (how === 'anything') for (const one of [own, other]) counts.set(one, undefined);
      else if (other === own) add(own, own.movers.length - 1);
      else {
        add(own, other.movers.length);
        add(other, own.movers.length);
      }
    }
  }
  return counts;
}

/** Classes by what others may mind in them. */
class ClassIndex {
  readonly #all: readonly Class[];
  readonly #ports: readonly Class[];
  readonly #volumes: readonly Class[];
  readonly #labelled = new Map<string, Class[]>();

  constructor(classes: readonly Class[]) {
    this.#all = classes;
    this.#ports = classes.filter(({ facts }) => facts.hostPorts.length > 0);
    this.#volumes = classes.filter(({ facts }) => hasVolumes(facts));
    for (const own of classes)
      for (const [key, value] of Object.entries(own.facts.labels)) {
        const text = labelText(key, value);
        const known = this.#labelled.get(text);
        if (known === undefined) this.#labelled.set(text, [own]);
        else known.push(own);
      }
  }

  /** Classes that a pod may keep off its node, and more. */
  mindedBy(pod: PodFacts): Set<Class> {
    const found = new Set<Class>();
    const add = (classes: readonly Class[]) => {
      for (const one of classes) found.add(one);
    };
    if (pod.hostPorts.length > 0) add(this.#ports);
    if (hasVolumes(pod)) add(this.#volumes);
    for (const { selector } of pod.antiAffinity) {
      const [label] = Object.entries(selector?.matchLabels ?? {});
      add(label === undefined ? this.#all : (this.#labelled.get(labelText(...label)) ?? []));
    }
    return found;
  }
}
