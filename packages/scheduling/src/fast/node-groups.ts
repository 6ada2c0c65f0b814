import type { Node } from '@cloudoptim/core';
import { labelOf } from '../labels.js';
import type { TopologyKey } from './topology-key.js';

/**
 * Numbers nodes that no pod of the state can tell apart by their object: equal cpu and memory, other resources of equal names, taints, cordon, declared features,
 * domains of narrow topology keys, and those labels that some node selector or affinity mentions. Numbers are never reused.
 */
export class NodeGroups {
  /** By group: its family, of all groups that differ in nothing but domains and labels. Numbered likewise. */
  readonly familyOf: number[] = [];
  /** Label keys with so many values that they are left out; pods that mention one are asked about each node. */
  readonly manyValued = new Set<string>();
  readonly #keys: readonly string[];
  readonly #topology: readonly TopologyKey[];
  readonly #all = new Alike();
  /** By object: what-ifs cordon nodes and take it back, again and again. */
  readonly #known = new WeakMap<Node, number>();
  /** Families so far. */
  #families = 0;

  constructor(nodes: readonly Node[], keys: ReadonlySet<string>, topology: readonly TopologyKey[], mostValues: number) {
    this.#topology = topology;
    for (const key of keys) {
      const values = new Set(nodes.map((node) => labelOf(node.labels, key)));
      if (values.size > mostValues) this.manyValued.add(key);
    }
    this.#keys = [...keys].filter((key) => !this.manyValued.has(key)).sort();
  }

  /** The group of a node whose domains the topology keys know already. */
  of(index: number, node: Node): number {
    let group = this.#known.get(node);
    if (group === undefined) {
      group = this.#find(index, node);
      this.#known.set(node, group);
    }
    return group;
  }

  #find(index: number, node: Node): number {
    const { allocatable, unschedulable, taints, declaredFeatures, labels } = node;
    const { cpuMillicores, memoryBytes, extended } = allocatable;
    let at = this.#all
      .with(cpuMillicores)
      .with(memoryBytes)
      .with(unschedulable === true);
    at = at.with(extended && JSON.stringify(offered(extended)));
    at = at.with(taints && taints.length > 0 ? JSON.stringify(taints) : undefined);
    at = at.with(declaredFeatures && JSON.stringify(declaredFeatures));
    if (at.family === -1) at.family = this.#families++;
    const { family } = at;
    for (const key of this.#topology) {
      const domain = key.of[index] as number;
      at = at.with(key.wide ? Math.min(domain, 0) : domain);
    }
    for (const key of this.#keys) at = at.with(labelOf(labels, key));
    if (at.group === -1) at.group = this.familyOf.push(family) - 1;
    return at.group;
  }
}

/** Nodes that are alike in all that was looked at so far: a tree, since putting it all in one text took longer than to tell it apart. */
class Alike {
  /** Their numbers, -1 where they have none: that of the family once all but domains and labels was looked at, that of the group at the end. */
  family = -1;
  group = -1;
  readonly #others = new Map<number | string | boolean | undefined, Alike>();

  /** Those of them of which this is true as well. */
  with(fact: number | string | boolean | undefined): Alike {
    let next = this.#others.get(fact);
    if (next === undefined) {
      next = new Alike();
      this.#others.set(fact, next);
    }
    return next;
  }
}

/** Names of what a node has some of. */
function offered(extended: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(extended)
    .filter((name) => (extended[name] as number) > 0)
    .sort();
}
