import type { LabelSelector, PodTemplate } from '@cloudoptim/core';
import { selects } from '@cloudoptim/scheduling';

/** Templates by namespace and label: a selector is asked about those alone that have a label it names, not about every one. */
export class SelectedTemplates {
  readonly #templates: readonly PodTemplate[];
  /** By namespace, and by namespace and label. */
  readonly #lists = new Map<string, number[]>();

  /** Of the templates those that count, by index; they keep their order. */
  constructor(templates: readonly PodTemplate[], among: Iterable<number> = templates.keys()) {
    this.#templates = templates;
    for (const index of among) {
      const { namespace, labels } = templates[index] as PodTemplate;
      this.#add(namespace, index);
      for (const [key, value] of Object.entries(labels)) this.#add(labelKey(namespace, key, value), index);
    }
  }

  /** What the selector selects in the namespace. */
  of(namespace: string, selector: LabelSelector | undefined): readonly number[] {
    const named = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => labelKey(namespace, key, value));
    const lists = (named.length > 0 ? named : [namespace]).map((key) => this.#lists.get(key) ?? []);
    const shortest = lists.reduce((least, next) => (next.length < least.length ? next : least));
    return shortest.filter((index) => selects(selector, (this.#templates[index] as PodTemplate).labels));
  }

  #add(key: string, index: number): void {
    const known = this.#lists.get(key);
    if (known === undefined) this.#lists.set(key, [index]);
    else known.push(index);
  }
}

/** No namespace holds a space, and no key of a label an equals sign. */
function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace} ${key}=${value}`;
}
