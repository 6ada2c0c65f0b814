import type { AskingClass } from './asking-class.js';
import { RefusalCounts } from './refusal-counts.js';
import { RefusalWords } from './refusal-words.js';

/** Histograms kept: each takes two numbers a node, 40 kB in a cluster of 5,000. A few hundred sizes of pods are common. */
const most = 512;

/** What nodes say to pods of one class: in which words, and how many of them to pods of each size, by cpu and then memory. */
interface OfClass {
  readonly words: RefusalWords;
  readonly sizes: Map<number, Map<number, RefusalCounts>>;
}

/** What nodes say to pods that fit nowhere, by class and size. */
export class Refusals {
  readonly #classes = new Map<number, OfClass>();
  /** Histograms so far. */
  #count = 0;

  /** How many nodes refuse the pod that the class was prepared for, by reason; nodes in `except` aside. */
  of(asking: AskingClass, except: ReadonlySet<number> | undefined): Readonly<Record<string, number>> {
    const { number, cpuMillicores, memoryBytes } = asking;
    const known = this.#classes.get(number)?.sizes.get(cpuMillicores)?.get(memoryBytes);
    return (known ?? this.#add(asking)).of(except);
  }

  /** Where too many are kept all are given up, since the sizes of a class go by its words. */
  #add(asking: AskingClass): RefusalCounts {
    if (this.#count === most) {
      this.#classes.clear();
      this.#count = 0;
    }
    this.#count++;
    const { words, sizes } = this.#ofClass(asking);
    const { cpuMillicores, memoryBytes } = asking;
    const counts = new RefusalCounts(asking, words);
    const ofCpu = sizes.get(cpuMillicores) ?? new Map<number, RefusalCounts>();
    sizes.set(cpuMillicores, ofCpu.set(memoryBytes, counts));
    return counts;
  }

  #ofClass(asking: AskingClass): OfClass {
    let known = this.#classes.get(asking.number);
    if (known === undefined) {
      known = { words: new RefusalWords(asking), sizes: new Map() };
      this.#classes.set(asking.number, known);
    }
    return known;
  }
}
