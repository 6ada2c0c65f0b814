import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import type { Labels } from '../labels.js';
import { type LabelClass, SelectorIndex } from './label-class.js';
import type { TemplateKinds } from './template-kinds.js';
import { numbersOf, ofLabels } from './template-row.js';

/** The classes of all pods that a state has or may get: those of its templates, with labels of their own where they matter. */
export class LabelClasses {
  readonly selectors = new SelectorIndex();
  readonly #state: ClusterState;
  readonly #kinds: TemplateKinds;
  readonly #shared: (LabelClass | undefined)[] = [];
  /** A StatefulSet pod's own name is a label; as long as nobody selects by it, its pods are alike. */
  readonly #own = new Map<string, LabelClass>();
  readonly #all: LabelClass[] = [];

  constructor(state: ClusterState, kinds: TemplateKinds) {
    this.#state = state;
    this.#kinds = kinds;
  }

  /** The class of pods of a template with these labels beyond the template's. Throws RangeError for an unknown template. */
  of(template: number, labels?: Labels): LabelClass {
    const number = this.#kinds.numbers[numbersOf(template) + ofLabels];
    if (number === undefined) throw new RangeError(`There is no template ${template} in the state.`);
    const text = labels === undefined ? '' : this.#kinds.ownLabels(template, labels);
    if (text !== '') {
      const key = `${number} ${text}`;
      let known = this.#own.get(key);
      if (known === undefined) {
        known = this.#create(template, labels);
        this.#own.set(key, known);
      }
      return known;
    }
    let known = this.#shared[number];
    if (known === undefined) {
      known = this.#create(template, undefined);
      this.#shared[number] = known;
    }
    return known;
  }

  /** The class with this number. */
  at(number: number): LabelClass {
    return this.#all[number] as LabelClass;
  }

  #create(templateIndex: number, labels: Labels | undefined): LabelClass {
    const template = this.#state.podTemplates[templateIndex] as PodTemplate;
    const created: LabelClass = {
      number: this.#all.length,
      template,
      labels: labels === undefined ? template.labels : { ...template.labels, ...labels },
      counted: [],
      countedTerminating: [],
      against: [],
      carries: false,
      newest: -1,
    };
    this.#all.push(created);
    this.selectors.addClass(created);
    return created;
  }
}
