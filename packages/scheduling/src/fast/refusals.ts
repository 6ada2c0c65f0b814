import type { AskingClass } from './asking-class.js';
import { RefusalCounts } from './refusal-counts.js';
import { RefusalWords } from './refusal-words.js';

/** Histograms kept: each takes two numbers a node, 40 kB in a cluster of 5,000. A few hundred sizes of pods are common. */
const most = 512;

/** What nodes say to pods that fit nowhere, by class and size. */
export class Refusals {
  readonly #words = new Map<number, RefusalWords>();
  readonly #counts = new Map<string, RefusalCounts>();

  /** How many nodes refuse the pod that the class was prepared for, by reason; nodes in `except` aside. */
  of(asking: AskingClass, except: ReadonlySet<number> | undefined): Readonly<Record<string, number>> {
    const key = `${asking.number} ${asking.cpuMillicores} ${asking.memoryBytes}`;
    let counts = this.#counts.get(key);
    if (counts === undefined) {
      counts = new RefusalCounts(asking, this.#wordsOf(asking));
      this.#counts.set(key, counts);
    }
    return counts.of(except);
  }

  /** Where too many are kept all are given up, since the sizes of a class go by its words. */
  #wordsOf(asking: AskingClass): RefusalWords {
    if (this.#counts.size === most) {
      this.#counts.clear();
      this.#words.clear();
    }
    let words = this.#words.get(asking.number);
    if (words === undefined) {
      words = new RefusalWords(asking);
      this.#words.set(asking.number, words);
    }
    return words;
  }
}
