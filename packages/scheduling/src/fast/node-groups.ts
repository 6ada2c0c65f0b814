import type { Node } from '@cloudoptim/core';
import { labelOf } from '../labels.js';
import type { TopologyKey } from './topology-key.js';

/**
 * Numbers nodes that no pod of the state can tell apart by their object: equal cpu and memory, other resources of equal names, taints, cordon, declared features,
 * domains of narrow topology keys, and those labels that some node selector or affinity mentions. Numbers are never reused.
 */
export class NodeGroups {
  /** Label keys with so many values that they are left out; pods that mention one are asked about each node. */
  readonly manyValued = new Set<string>();
  readonly #keys: readonly string[];
  readonly #topology: readonly TopologyKey[];
  readonly #numbers = new Map<string, number>();

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
    const { cpuMillicores, memoryBytes, extended } = node.allocatable;
    let signature = `${cpuMillicores} ${memoryBytes} ${node.unschedulable === true}`;
    if (extended !== undefined) signature += JSON.stringify(offered(extended));
    if (node.taints !== undefined && node.taints.length > 0) signature += JSON.stringify(node.taints);
    if (node.declaredFeatures !== undefined) signature += JSON.stringify(node.declaredFeatures);
    for (const key of this.#topology) {
      const domain = key.of[index] as number;
      signature += ` ${key.wide ? Math.min(domain, 0) : domain}`;
    }
    for (const key of this.#keys) {
      const value = labelOf(node.labels, key);
      signature += value === undefined ? ' -' : ` ${JSON.stringify(value)}`;
    }
    let number = this.#numbers.get(signature);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(signature, number);
    }
    return number;
  }
}

/** Names of what a node has some of. */
function offered(extended: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(extended)
    .filter((name) => (extended[name] as number) > 0)
    .sort();
}
