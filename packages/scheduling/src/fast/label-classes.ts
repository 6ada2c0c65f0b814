import type { ClusterState, LabelSelector, PodTemplate } from '@cloudoptim/core';
import { type Labels, labelOf } from '../labels.js';
import { type LabelClass, SelectorIndex } from './label-class.js';

/** The classes of all pods that a state has or may get: those of its templates, with labels of their own where they matter. */
export class LabelClasses {
  readonly selectors = new SelectorIndex();
  readonly #state: ClusterState;
  readonly #byTemplate: (LabelClass | undefined)[] = [];
  readonly #byOwnLabels = new Map<string, LabelClass>();
  /** A StatefulSet pod's own name is a label; as long as nobody selects by it, its pods are alike. */
  readonly #read: ReadonlySet<string>;
  #count = 0;

  constructor(state: ClusterState) {
    this.#state = state;
    this.#read = keysRead(state);
  }

  /** The class of pods of a template with these labels beyond the template's. Throws RangeError for an unknown template. */
  of(template: number, own?: Labels): LabelClass {
    const differing = own === undefined ? undefined : this.#differing(template, own);
    if (differing !== undefined) {
      const key = `${template} ${JSON.stringify(differing)}`;
      let known = this.#byOwnLabels.get(key);
      if (known === undefined) {
        known = this.#create(template, Object.fromEntries(differing));
        this.#byOwnLabels.set(key, known);
      }
      return known;
    }
    let known = this.#byTemplate[template];
    if (known === undefined) {
      known = this.#create(template, {});
      this.#byTemplate[template] = known;
    }
    return known;
  }

  #differing(template: number, own: Labels): (readonly [string, string])[] | undefined {
    let differing: (readonly [string, string])[] | undefined;
    for (const key of Object.keys(own)) {
      const value = own[key] as string;
      if (!this.#read.has(key) || labelOf(this.#templateAt(template).labels, key) === value) continue;
      differing ??= [];
      differing.push([key, value]);
    }
    return differing?.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #create(templateIndex: number, own: Labels): LabelClass {
    const template = this.#templateAt(templateIndex);
    const created: LabelClass = {
      number: this.#count++,
      templateIndex,
      template,
      labels: Object.keys(own).length === 0 ? template.labels : { ...template.labels, ...own },
      selectors: [],
      counted: [],
      countedTerminating: [],
      against: [],
      carries: false,
      newest: -1,
    };
    this.selectors.addClass(created);
    return created;
  }

  #templateAt(index: number): PodTemplate {
    const template = this.#state.podTemplates[index];
    if (template === undefined) throw new RangeError(`There is no template ${index} in the state.`);
    return template;
  }
}

/** Every label key that some selector over pods may read. */
function keysRead(state: ClusterState): ReadonlySet<string> {
  const keys = new Set<string>();
  const read = (selector: LabelSelector | undefined) => {
    for (const key of Object.keys(selector?.matchLabels ?? {})) keys.add(key);
    for (const { key } of selector?.matchExpressions ?? []) keys.add(key);
  };
  const readKeys = (names: readonly string[] = []) => {
    for (const key of names) keys.add(key);
  };
  for (const { topologySpread = [], podAffinity, podAntiAffinity } of state.podTemplates) {
    for (const constraint of topologySpread) {
      read(constraint.labelSelector);
      readKeys(constraint.matchLabelKeys);
    }
    for (const term of [...(podAffinity?.required ?? []), ...(podAntiAffinity?.required ?? [])]) {
      read(term.labelSelector);
      readKeys(term.matchLabelKeys);
      readKeys(term.mismatchLabelKeys);
    }
  }
  // Default spread constraints select by services and owners; see default-spread.ts.
  for (const { defaultConstraints } of state.scheduler.profiles) {
    if (defaultConstraints === 'System') continue;
    keys.add('pod-template-hash');
    for (const constraint of defaultConstraints) readKeys(constraint.matchLabelKeys);
    for (const { selector } of state.services) read(selector === undefined ? undefined : { matchLabels: selector });
    for (const { selector } of state.workloads) read(selector);
  }
  return keys;
}
