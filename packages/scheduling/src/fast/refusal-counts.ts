import { keptAway, unmetAffinity, unmetAntiAffinity } from '../filters/inter-pod-affinity.js';
import { nodeDeclaredFeatures } from '../filters/node-declared-features.js';
import { nodePorts } from '../filters/node-ports.js';
import { nodeResourcesFit } from '../filters/node-resources-fit.js';
import { objectFilters } from '../filters/order.js';
import { skewed, unlabelled } from '../filters/pod-topology-spread.js';
import { type AskingClass, type Check, passes } from './asking-class.js';
import { Int32Column } from './int32-column.js';

type Words = readonly string[];

/** Code of a node that says nothing: it takes the pod, or is not there. */
const silent = 0;

/**
 * How many nodes refuse pods of a class and a size in which words. Twenty thousand pods may fail in a row, so each node's words are
 * remembered, and only nodes that changed since are asked again.
 */
export class RefusalCounts {
  readonly #asking: AskingClass;
  readonly #words: Words[] = [[]];
  readonly #codeOf = new Map<string, number>();
  /** Of what is said of thousands of nodes. */
  readonly #unlabelled: number;
  readonly #skewed: number;
  readonly #unmetAffinity: number;
  readonly #unmetAntiAffinity: number;
  readonly #keptAway: number;
  readonly #resourceCodes: (number | undefined)[] = [];
  readonly #objectCodes: number[] = [];
  /** By node, and how many nodes have each code. */
  readonly #codes = new Int32Column();
  readonly #counts: number[] = [];
  #syncedAt = -1;
  /** The last answer, as long as it holds. */
  #said: Readonly<Record<string, number>> | undefined;
  readonly #counters: number[] = [];

  constructor(asking: AskingClass) {
    this.#asking = asking;
    this.#unlabelled = this.#code(unlabelled);
    this.#skewed = this.#code(skewed);
    this.#unmetAffinity = this.#code(unmetAffinity);
    this.#unmetAntiAffinity = this.#code(unmetAntiAffinity);
    this.#keptAway = this.#code(keptAway);
  }

  /** To be asked right after the class was prepared for the pod. */
  of(except: ReadonlySet<number> | undefined): Readonly<Record<string, number>> {
    if (this.#sync()) this.#said = undefined;
    if (except === undefined && this.#said !== undefined) return this.#said;
    const said = this.#count(except);
    if (except === undefined) this.#said = said;
    return said;
  }

  #count(except: ReadonlySet<number> | undefined): Readonly<Record<string, number>> {
    const counts = new Map<string, number>();
    const add = (words: Words, by: number) => {
      if (by !== 0) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + by);
    };
    for (const [code, words] of this.#words.entries()) add(words, this.#counts[code] ?? 0);
    for (const node of except ?? []) add(this.#words[this.#codes.at(node) ?? silent] as Words, -1);
    const said = [...counts].filter(([, count]) => count > 0);
    return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Asks nodes again that changed, and tells whether some say something else now. */
  #sync(): boolean {
    const { from, pod, facts, leafFilters } = this.#asking;
    const countersSayElse = this.#countersSayElse();
    // Claims may be taken by a pod on any node, so nothing is remembered about pods with volumes.
    const lasting = pod === facts && leafFilters.every((filter) => filter === nodePorts);
    const { count, changed } = from.nodes;
    let others = false;
    for (let node = count; node < this.#codes.length; node++) others = this.#set(node, silent) || others;
    this.#codes.length = Math.min(this.#codes.length, count);
    if (!lasting || countersSayElse || !changed.remembersSince(this.#syncedAt))
      for (let node = 0; node < count; node++) others = this.#set(node, this.#refusal(node)) || others;
    else
      for (let at = this.#syncedAt; at < changed.count; at++) {
        const node = changed.at(at);
        if (node < count) others = this.#set(node, this.#refusal(node)) || others;
      }
    this.#syncedAt = lasting ? changed.count : -1;
    return others;
  }

  /** Tells whether the node had another code before. */
  #set(node: number, code: number): boolean {
    const before = this.#codes.at(node);
    if (before === code) return false;
    if (before !== undefined) this.#counts[before] = (this.#counts[before] as number) - 1;
    this.#counts[code] = (this.#counts[code] ?? 0) + 1;
    this.#codes.set(node, code);
    return true;
  }

  /** Whether some answer of a counter may have changed about a node that did not change itself. */
  #countersSayElse(): boolean {
    const known = this.#counters;
    let others = false;
    let at = 0;
    for (const { counter, from, to } of this.#asking.checks) {
      const version = counter.key.oneNodeEach ? -1 : counter.version;
      if (known[at] !== from || known[at + 1] !== to || known[at + 2] !== version) {
        others = true;
        known[at] = from;
        known[at + 1] = to;
        known[at + 2] = version;
      }
      at += 3;
    }
    return others;
  }

  /** The code of the first refusal in kube-scheduler's order. */
  #refusal(node: number): number {
    const { from, facts, pod, leafFilters, spread, affinity, antiAffinity, against } = this.#asking;
    const { view, nodes } = from;
    if (nodes.objects[node] === undefined) return silent;
    const objectCode = this.#objectRefusal(node);
    if (objectCode !== silent) return objectCode;
    // NodePorts comes before NodeResourcesFit, filters of volumes after it.
    const ports = leafFilters[0] === nodePorts ? nodePorts(pod, node, view) : undefined;
    if (ports !== undefined) return this.#code(ports);
    const resources = this.#resourceRefusal(node);
    if (resources !== silent) return resources;
    for (const filter of leafFilters) {
      const words = filter === nodePorts ? undefined : filter(pod, node, view);
      if (words !== undefined) return this.#code(words);
    }
    for (const entry of spread) {
      if ((entry.counter.key.of[node] as number) < 0) return this.#unlabelled;
      if (!passes(entry, node)) return this.#skewed;
    }
    if (!passAll(affinity, node)) return this.#unmetAffinity;
    if (!passAll(antiAffinity, node)) return this.#unmetAntiAffinity;
    if (!passAll(against, node)) return this.#keptAway;
    const features = nodeDeclaredFeatures(facts, node, view);
    return features === undefined ? silent : this.#code(features);
  }

  #objectRefusal(node: number): number {
    const { facts, from } = this.#asking;
    const { byNode } = this.#asking.eligibility;
    const group = byNode ? -1 : (from.nodes.groupOf[node] as number);
    const known = this.#objectCodes[group];
    if (known !== undefined) return known;
    let code = silent;
    for (const [, filter] of objectFilters) {
      const words = code === silent ? filter(facts, node, from.view) : undefined;
      if (words !== undefined) code = this.#code(words);
    }
    if (!byNode) this.#objectCodes[group] = code;
    return code;
  }

  #resourceRefusal(node: number): number {
    const { facts, from, cpuMillicores, memoryBytes } = this.#asking;
    const { free } = from.nodes;
    let lacking = (free.pods[node] as number) < 1 ? 1 : 0;
    if (cpuMillicores > 0 && cpuMillicores > (free.cpu[node] as number)) lacking |= 2;
    if (memoryBytes > 0 && memoryBytes > (free.memory[node] as number)) lacking |= 4;
    if (facts.ephemeralStorageBytes > 0 && facts.ephemeralStorageBytes > (free.ephemeral[node] as number)) lacking |= 8;
    // Words of so many extended resources that their bits run out are looked up each time.
    const few = facts.extended.length <= 20;
    if (few) {
      let bit = 16;
      for (const [name, amount] of facts.extended) {
        if (amount > (free.extended[node]?.get(name) ?? 0)) lacking |= bit;
        bit <<= 1;
      }
      if (lacking === 0) return silent;
    }
    const known = few ? this.#resourceCodes[lacking] : undefined;
    if (known !== undefined) return known;
    const words = nodeResourcesFit({ ...facts, cpuMillicores, memoryBytes }, node, from.view);
    const code = words === undefined ? silent : this.#code(words);
    if (few) this.#resourceCodes[lacking] = code;
    return code;
  }

  #code(words: Words): number {
    const key = words.length === 1 ? (words[0] as string) : JSON.stringify(words);
    let code = this.#codeOf.get(key);
    if (code === undefined) {
      code = this.#words.length;
      this.#words.push(words);
      this.#codeOf.set(key, code);
    }
    return code;
  }
}

function passAll(checks: readonly Check[], node: number): boolean {
  for (const check of checks) if (!passes(check, node)) return false;
  return true;
}
