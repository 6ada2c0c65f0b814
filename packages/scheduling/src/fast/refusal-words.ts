import { keptAway, unmetAffinity, unmetAntiAffinity } from '../filters/inter-pod-affinity.js';
import { nodeDeclaredFeatures } from '../filters/node-declared-features.js';
import { nodePorts } from '../filters/node-ports.js';
import { objectFilters } from '../filters/order.js';
import { skewed, unlabelled } from '../filters/pod-topology-spread.js';
import { cpuLeft, memoryLeft, nodeBits, podsLeft } from '../node-row.js';
import { type AskingClass, type Check, passes } from './asking-class.js';
import { Int32Column } from './int32-column.js';
import { NodeChanges } from './node-changes.js';

export type Words = readonly string[];

/** Code of a node that says nothing: it takes the pod, or is not there. */
export const silent = 0;

/** Stands for what a node with room would say, until somebody wants to know: most nodes of a full cluster have none. */
export const unasked = -2;

/**
 * In which words each node refuses pods of a class, beside its room for them, which depends on their size. Only nodes that changed
 * are asked again: twenty thousand pods of thirty sizes may fail in a row.
 */
export class RefusalWords {
  /** By code. */
  readonly words: Words[] = [[]];
  /** By node: twice the code, and one more where kube-scheduler refuses the pod so before it looks at the room; or `unasked`. */
  readonly said = new Int32Column();
  /** Grows when nodes were asked again that had not changed themselves. */
  renewed = 0;
  /** Nodes that changed since, and may say something else to pods of some size. */
  readonly changed = new NodeChanges();
  readonly #asking: AskingClass;
  /** By node: 1 where it last said the same to pods of all sizes, so that only another word bears on any of them. */
  #isSettled = new Uint8Array(0);
  /** The most that a size asks for. */
  #mostCpu = 0;
  #mostMemory = 0;
  readonly #codeOf = new Map<string, number>();
  /** Of what is said of thousands of nodes. */
  readonly #unlabelled: number;
  readonly #skewed: number;
  readonly #unmetAffinity: number;
  readonly #unmetAntiAffinity: number;
  readonly #keptAway: number;
  readonly #objectCodes: number[] = [];
  readonly #counters: number[] = [];
  #syncedAt = -1;

  constructor(asking: AskingClass) {
    this.#asking = asking;
    this.#unlabelled = this.code(unlabelled);
    this.#skewed = this.code(skewed);
    this.#unmetAffinity = this.code(unmetAffinity);
    this.#unmetAntiAffinity = this.code(unmetAntiAffinity);
    this.#keptAway = this.code(keptAway);
  }

  /** Brings nodes up to date that may say something else by now; to be called right after the class was prepared for a pod. */
  sync(): void {
    const { from, pod, facts, leafFilters } = this.#asking;
    // Claims may be taken by a pod on any node, so nothing is remembered about pods with volumes.
    const lasting = pod === facts && leafFilters.every((filter) => filter === nodePorts);
    const counterSaysElse = this.#counterSaysElse();
    const { count, changed } = from.nodes;
    this.#isSettled.fill(0, count);
    this.said.length = Math.min(this.said.length, count);
    if (!lasting || counterSaysElse || !changed.remembersSince(this.#syncedAt)) {
      this.renewed++;
      for (let node = 0; node < count; node++) this.said.set(node, this.#beforeRoom(node));
      this.#isSettled = new Uint8Array(count);
    } else
      for (let at = this.#syncedAt; at < changed.count; at++) {
        const node = changed.at(at);
        if (node < count) this.#renew(node);
      }
    this.#syncedAt = lasting ? changed.count : -1;
  }

  /** Pods of one more size are going to ask. */
  addSize(cpuMillicores: number, memoryBytes: number): void {
    this.#mostCpu = Math.max(this.#mostCpu, cpuMillicores);
    this.#mostMemory = Math.max(this.#mostMemory, memoryBytes);
    this.#isSettled.fill(0);
  }

  /**
   * Asks a node again that changed. Most have room for pods of any size and say what they said: then no size needs to look at them. A
   * hundred nodes change between two pods of one size where thirty sizes take turns.
   */
  #renew(node: number): void {
    const before = this.#beforeRoom(node);
    const settles = before !== unasked || this.#hasRoomForAll(node);
    const said = before === unasked && settles ? 2 * this.#afterRoom(node) : before;
    if (settles && this.#isSettled[node] === 1 && this.said.at(node) === said) return;
    this.said.set(node, said);
    this.#isSettled[node] = settles ? 1 : 0;
    this.changed.note(node);
  }

  #hasRoomForAll(node: number): boolean {
    const { facts, from } = this.#asking;
    if (facts.ephemeralStorageBytes > 0 || facts.extended.length > 0) return false;
    const { rows } = from.nodes.free;
    const row = node << nodeBits;
    return (
      (rows[row + podsLeft] as number) >= 1 &&
      (rows[row + cpuLeft] as number) >= this.#mostCpu &&
      (rows[row + memoryLeft] as number) >= this.#mostMemory
    );
  }

  /** The code of what a node says that has the room, right after `sync`. */
  ask(node: number): number {
    const code = this.#afterRoom(node);
    this.said.set(node, 2 * code);
    return code;
  }

  /** The code of some words, from now on if they are new. */
  code(words: Words): number {
    const key = words.length === 1 ? (words[0] as string) : JSON.stringify(words);
    let code = this.#codeOf.get(key);
    if (code === undefined) {
      code = this.words.length;
      this.words.push(words);
      this.#codeOf.set(key, code);
    }
    return code;
  }

  /** Whether some answer of a counter may have changed about a node that did not change itself. */
  #counterSaysElse(): boolean {
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

  /** The first refusal in kube-scheduler's order up to the room, as it stands in `said`. */
  #beforeRoom(node: number): number {
    const { from, pod, leafFilters } = this.#asking;
    const { view, nodes } = from;
    if (nodes.objects[node] === undefined) return 2 * silent + 1;
    const objectCode = this.#objectRefusal(node);
    if (objectCode !== silent) return 2 * objectCode + 1;
    // NodePorts comes before NodeResourcesFit, filters of volumes after it.
    const ports = leafFilters[0] === nodePorts ? nodePorts(pod, node, view) : undefined;
    return ports === undefined ? unasked : 2 * this.code(ports) + 1;
  }

  /** The first one after that. */
  #afterRoom(node: number): number {
    const { from, facts, pod, leafFilters, spread, affinity, antiAffinity, against } = this.#asking;
    const { view } = from;
    for (const filter of leafFilters) {
      const words = filter === nodePorts ? undefined : filter(pod, node, view);
      if (words !== undefined) return this.code(words);
    }
    for (const entry of spread) {
      if ((entry.counter.key.of[node] as number) < 0) return this.#unlabelled;
      if (!passes(entry, node)) return this.#skewed;
    }
    if (!passAll(affinity, node)) return this.#unmetAffinity;
    if (!passAll(antiAffinity, node)) return this.#unmetAntiAffinity;
    if (!passAll(against, node)) return this.#keptAway;
    const features = nodeDeclaredFeatures(facts, node, view);
    return features === undefined ? silent : this.code(features);
  }

  #objectRefusal(node: number): number {
    const { facts, from, eligibility } = this.#asking;
    const { byNode } = eligibility;
    const group = byNode ? -1 : (from.nodes.groupOf[node] as number);
    const known = this.#objectCodes[group];
    if (known !== undefined) return known;
    let code = silent;
    for (const [, filter] of objectFilters) {
      const words = code === silent ? filter(facts, node, from.view) : undefined;
      if (words !== undefined) code = this.code(words);
    }
    if (!byNode) this.#objectCodes[group] = code;
    return code;
  }
}

function passAll(checks: readonly Check[], node: number): boolean {
  for (const check of checks) if (!passes(check, node)) return false;
  return true;
}
