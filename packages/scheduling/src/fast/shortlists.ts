import type { AskingClass } from './asking-class.js';
import type { BlockSearch } from './block-search.js';
import type { Limits } from './limits.js';
import { Numbers } from './sequences.js';
import { Shortlist } from './shortlist.js';
import type { TemplateKinds } from './template-kinds.js';
import { cpuWanted, memoryWanted, wantsBits } from './template-row.js';
import type { ToldBlocks } from './told-blocks.js';

/** The rules for which shortlists are kept. */
export type RankedBy = 'least' | 'most';

/**
 * Shortlists by what pods ask of nodes and by their size. They pay where the same is asked again and again of the same blocks, as when one
 * node after the other is drained and taken back: some sixty stretches need not be compared then.
 */
export class Shortlists {
  readonly #search: BlockSearch;
  readonly #told: ToldBlocks;
  readonly #kinds: TemplateKinds;
  readonly #limits: Limits;
  /** By template: the number of its size, and one; 0 while it is not known. */
  #sizeOf = new Int32Array(0);
  readonly #sizes = new Numbers();

  constructor(search: BlockSearch, told: ToldBlocks, kinds: TemplateKinds, limits: Limits) {
    this.#search = search;
    this.#told = told;
    this.#kinds = kinds;
    this.#limits = limits;
  }

  /** The list for a pod of the template, as the blocks stand; undefined where the question is rare, or nodes of a group differ. */
  of(asking: AskingClass, score: RankedBy, template: number): Shortlist | undefined {
    const { eligibility } = asking;
    if (eligibility.byNode) return undefined;
    const at = 2 * this.#size(template) + (score === 'least' ? 0 : 1);
    let list = eligibility.shortlists[at];
    if (list === undefined) {
      list = new Shortlist(this.#limits.shortlist);
      eligibility.shortlists[at] = list;
    }
    const { version } = this.#told;
    if (list.version !== version) {
      list.clear();
      list.version = version;
    }
    if (list.isMade) return list;
    if (list.asked++ < this.#limits.asked) return undefined;
    list.isMade = this.#search.rank(asking, score, list, this.#told.isUntold);
    return list.isMade ? list : undefined;
  }

  #size(template: number): number {
    const { wants, priority } = this.#kinds;
    if (this.#sizeOf.length === 0) this.#sizeOf = new Int32Array(priority.length);
    const known = this.#sizeOf[template] as number;
    if (known !== 0) return known;
    const row = template << wantsBits;
    const size = this.#sizes.of(`${wants[row + cpuWanted]} ${wants[row + memoryWanted]}`) + 1;
    this.#sizeOf[template] = size;
    return size;
  }
}
