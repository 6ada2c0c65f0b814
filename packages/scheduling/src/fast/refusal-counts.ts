import { nodeResourcesFit } from '../filters/node-resources-fit.js';
import { cpuLeft, memoryLeft, nodeBits, podsLeft } from '../node-row.js';
import type { AskingClass } from './asking-class.js';
import { Int32Column } from './int32-column.js';
import { least } from './node-search.js';
import { type RefusalWords, silent, unasked, type Words } from './refusal-words.js';

/** How many nodes refuse pods of a class and a size in which words. */
export class RefusalCounts {
  readonly #asking: AskingClass;
  readonly #words: RefusalWords;
  /** By which resources are lacking. */
  readonly #resourceCodes: (number | undefined)[] = [];
  /** By node, and how many nodes have each code. */
  readonly #codes = new Int32Column();
  readonly #counts: number[] = [];
  #syncedAt = -1;
  #renewed = -1;
  /** The last answer, as long as it holds. */
  #said: Readonly<Record<string, number>> | undefined;

  constructor(asking: AskingClass, words: RefusalWords) {
    this.#asking = asking;
    this.#words = words;
    words.addSize(asking.cpuMillicores, asking.memoryBytes);
  }

  /** To be asked right after the class was prepared for the pod. */
  of(except: ReadonlySet<number> | undefined): Readonly<Record<string, number>> {
    this.#words.sync();
    if (this.#sync()) this.#said = undefined;
    if (except === undefined && this.#said !== undefined) return this.#said;
    const said = this.#count(except);
    if (except === undefined) this.#said = said;
    return said;
  }

  #count(except: ReadonlySet<number> | undefined): Readonly<Record<string, number>> {
    const { words: all } = this.#words;
    const counts = new Map<string, number>();
    const add = (words: Words, by: number) => {
      if (by !== 0) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + by);
    };
    for (const [code, words] of all.entries()) add(words, this.#counts[code] ?? 0);
    for (const node of except ?? []) add(all[this.#codes.at(node) ?? silent] as Words, -1);
    const said = [...counts].filter(([, count]) => count > 0);
    return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Looks again at nodes that changed, and tells whether some say something else now. */
  #sync(): boolean {
    const { count } = this.#asking.from.nodes;
    const { renewed, changed } = this.#words;
    let others = false;
    for (let node = count; node < this.#codes.length; node++) others = this.#set(node, silent) || others;
    this.#codes.length = Math.min(this.#codes.length, count);
    if (renewed !== this.#renewed || !changed.remembersSince(this.#syncedAt))
      for (let node = 0; node < count; node++) others = this.#set(node, this.#codeNow(node)) || others;
    else if (this.#changedSince(this.#syncedAt)) others = true;
    this.#renewed = renewed;
    this.#syncedAt = changed.count;
    return others;
  }

  /** The same of nodes that changed, many of which have the room and say what they said: the loop calls nothing for those. */
  #changedSince(from: number): boolean {
    const {
      facts,
      from: { nodes },
      cpuMillicores,
      memoryBytes,
    } = this.#asking;
    const { count, free } = nodes;
    const { rows } = free;
    const { changed } = this.#words;
    const said = this.#words.said.values;
    const codes = this.#codes.values;
    const known = this.#codes.length;
    const wantsOnlyThese = facts.ephemeralStorageBytes <= 0 && facts.extended.length === 0;
    const leastCpu = wantsOnlyThese ? least(cpuMillicores) : Number.POSITIVE_INFINITY;
    const leastMemory = least(memoryBytes);
    let others = false;
    for (let at = from; at < changed.count; at++) {
      const node = changed.at(at);
      if (node >= count) continue;
      const word = said[node] as number;
      const row = node << nodeBits;
      const isEnough =
        (word & 1) === 1 ||
        ((rows[row + podsLeft] as number) >= 1 &&
          (rows[row + cpuLeft] as number) >= leastCpu &&
          (rows[row + memoryLeft] as number) >= leastMemory);
      if (isEnough && node < known && codes[node] === word >> 1) continue;
      others = this.#set(node, this.#codeNow(node)) || others;
    }
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

  #codeNow(node: number): number {
    const said = this.#words.said.values[node] as number;
    const comesFirst = (said & 1) === 1;
    const resources = comesFirst ? silent : this.#resourceRefusal(node);
    if (resources !== silent) return resources;
    return said === unasked ? this.#words.ask(node) : said >> 1;
  }

  #resourceRefusal(node: number): number {
    const { facts, from, cpuMillicores, memoryBytes } = this.#asking;
    const { free } = from.nodes;
    let lacking = free.pods(node) < 1 ? 1 : 0;
    if (cpuMillicores > 0 && cpuMillicores > free.cpu(node)) lacking |= 2;
    if (memoryBytes > 0 && memoryBytes > free.memory(node)) lacking |= 4;
    if (facts.ephemeralStorageBytes > 0 && facts.ephemeralStorageBytes > free.ephemeral(node)) lacking |= 8;
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
    const code = words === undefined ? silent : this.#words.code(words);
    if (few) this.#resourceCodes[lacking] = code;
    return code;
  }
}
