import type { Node } from '@cloudoptim/core';
import { labelOf } from '../labels.js';
import { Numbers, Sequences } from './sequences.js';
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
  readonly #sequences = new Sequences();
  readonly #groups = new Numbers();
  readonly #families = new Numbers();
  /** By object: what-ifs cordon nodes and take it back, again and again. */
  readonly #known = new WeakMap<Node, number>();

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
    const alike = this.#sequences;
    let at = alike.after(0, cpuMillicores);
    at = alike.after(at, memoryBytes);
    at = alike.after(at, unschedulable === true);
    at = alike.after(at, extended && JSON.stringify(offered(extended)));
    at = alike.after(at, taints && taints.length > 0 ? JSON.stringify(taints) : undefined);
    at = alike.after(at, declaredFeatures && JSON.stringify(declaredFeatures));
    const family = this.#families.of(at);
    for (const key of this.#topology) {
      const domain = key.of[index] as number;
      at = alike.after(at, key.wide ? Math.min(domain, 0) : domain);
    }
    for (const key of this.#keys) at = alike.after(at, labelOf(labels, key));
    const group = this.#groups.of(at);
    this.familyOf[group] = family;
    return group;
  }
}

/** Names of what a node has some of. */
function offered(extended: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(extended)
    .filter((name) => (extended[name] as number) > 0)
    .sort();
}
