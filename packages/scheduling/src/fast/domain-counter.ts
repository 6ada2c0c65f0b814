import type { Inclusion } from './inclusion.js';
import type { TopologyKey } from './topology-key.js';

/**
 * Pods that one selector selects, by domain of one topology key, kept exact while pods and nodes come and go. With an
 * inclusion (topology spread) only nodes that count are counted on, and the fewest in any domain is at hand.
 */
export class DomainCounter {
  readonly key: TopologyKey;
  readonly inclusion: Inclusion | undefined;
  /** Whether terminating pods count: they do for (anti-)affinity, not for topology spread. */
  readonly terminating: boolean;
  /** By domain. Of wide keys bytes at first: a node seldom holds 256 pods that one selector selects, and counters are many. */
  counts: Int32Array | Uint8Array;
  /** Domains that hold a pod. */
  positive = 0;
  /** Grows whenever a pod that came may have made another one feasible: the fewest rose, or a domain got its first pod. */
  relaxed = 0;
  /** Grows with every change. */
  version = 0;
  /** How many domains hold so many pods (wide keys): the fewest is then found without a walk. */
  readonly #histogram: number[] | undefined;
  readonly #mostListed: number;
  /** Domains that hold a pod, from when they were asked for until they were many. */
  #listed: number[] | undefined;
  #minimum = 0;
  #stale = true;

  constructor(key: TopologyKey, inclusion: Inclusion | undefined, terminating: boolean, mostListed: number) {
    this.#mostListed = mostListed;
    this.key = key;
    this.inclusion = inclusion;
    this.terminating = terminating;
    this.counts = key.wide ? new Uint8Array(key.count + 8) : new Int32Array(key.count + 8);
    this.#histogram = key.wide && inclusion !== undefined ? [inclusion.domains] : undefined;
    inclusion?.counters.push(this);
  }

  count(domain: number): number {
    return this.counts[domain] ?? 0;
  }

  /** The domains that hold a pod, where they are few and the key is wide; without an inclusion. */
  fewDomains(): readonly number[] | undefined {
    if (!this.key.wide || this.positive > this.#mostListed) return undefined;
    if (this.#listed === undefined) {
      this.#listed = [];
      for (let domain = 0; domain < this.counts.length; domain++)
        if ((this.counts[domain] as number) > 0) this.#listed.push(domain);
    }
    return this.#listed;
  }

  /** A pod that the selector selects came to the node (+1) or left it (-1). */
  add(node: number, by: 1 | -1): void {
    const domain = this.key.of[node] as number;
    if (domain < 0) return;
    const { inclusion } = this;
    if (inclusion !== undefined && !inclusion.has(node)) return;
    if (domain >= this.counts.length) this.#grow(domain);
    if (by === 1 && this.counts[domain] === 255 && this.counts instanceof Uint8Array)
      this.counts = new Int32Array(this.counts);
    this.version++;
    const before = this.counts[domain] as number;
    const after = before + by;
    this.counts[domain] = after;
    if (inclusion !== undefined) this.#moved(before, after);
    else if (after === 0) this.#emptied(domain);
    else if (before === 0) this.#filled(domain);
  }

  /** Fewest pods in a domain that counts; Infinity when none does. */
  minimum(): number {
    const { inclusion } = this;
    if (inclusion === undefined || inclusion.domains === 0) return Number.POSITIVE_INFINITY;
    if (this.#histogram !== undefined || !this.#stale) return this.#minimum;
    let minimum = Number.POSITIVE_INFINITY;
    for (let domain = 0; domain < inclusion.nodes.length; domain++)
      if ((inclusion.nodes[domain] ?? 0) > 0) minimum = Math.min(minimum, this.count(domain));
    this.#minimum = minimum;
    this.#stale = false;
    return minimum;
  }

  /** A domain has its first node that counts. */
  addDomain(domain: number): void {
    this.#stale = true;
    const histogram = this.#histogram;
    if (histogram === undefined) return;
    const count = this.count(domain);
    histogram[count] = (histogram[count] ?? 0) + 1;
    this.#minimum = this.inclusion?.domains === 1 ? count : Math.min(this.#minimum, count);
  }

  /** A domain lost its last node that counts. */
  dropDomain(domain: number): void {
    this.#stale = true;
    const histogram = this.#histogram;
    if (histogram === undefined) return;
    histogram[this.count(domain)] = (histogram[this.count(domain)] as number) - 1;
    this.#raise(histogram);
  }

  #moved(before: number, after: number): void {
    const histogram = this.#histogram;
    if (histogram === undefined) {
      // Once stale, whoever asks again finds the fewest anew; what was concluded from it was dropped when it became stale.
      if (this.#stale) return;
      if (after < this.#minimum) this.#minimum = after;
      else if (before === this.#minimum && after > before) {
        this.#stale = true;
        this.relaxed++;
      }
      return;
    }
    histogram[before] = (histogram[before] as number) - 1;
    histogram[after] = (histogram[after] ?? 0) + 1;
    if (after < this.#minimum) this.#minimum = after;
    else if (before === this.#minimum && histogram[before] === 0) {
      this.#raise(histogram);
      this.relaxed++;
    }
  }

  #raise(histogram: readonly number[]): void {
    if (this.inclusion?.domains === 0) return;
    while ((histogram[this.#minimum] ?? 0) === 0) this.#minimum++;
  }

  #filled(domain: number): void {
    this.positive++;
    this.relaxed++;
    if (this.#listed === undefined) return;
    if (this.#listed.length < this.#mostListed) this.#listed.push(domain);
    else this.#listed = undefined;
  }

  #emptied(domain: number): void {
    this.positive--;
    const at = this.#listed?.indexOf(domain) ?? -1;
    if (at >= 0) this.#listed?.splice(at, 1);
  }

  #grow(domain: number): void {
    const length = Math.max(domain + 8, 2 * this.counts.length);
    const longer = this.counts instanceof Uint8Array ? new Uint8Array(length) : new Int32Array(length);
    longer.set(this.counts);
    this.counts = longer;
  }
}
