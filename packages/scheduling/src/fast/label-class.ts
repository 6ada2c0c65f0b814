import type { LabelSelector, PodTemplate } from '@cloudoptim/core';
import { type Labels, labelOf } from '../labels.js';
import type { DomainCounter } from './domain-counter.js';

/** Tells whether a pod is selected, by what all pods of its template share and the labels it really has. */
export type PodTest = (template: PodTemplate, labels: Labels) => boolean;

/** Pods that no selector can tell apart: one namespace and equal labels, as far as any selector of the state reads them. */
export interface LabelClass {
  /** Tells it from other classes. */
  readonly number: number;
  /** One of the templates whose pods these are. */
  readonly template: PodTemplate;
  readonly labels: Labels;
  /** Everything that counts these pods; `countedTerminating` is what still does once one is terminating. */
  readonly counted: DomainCounter[];
  readonly countedTerminating: DomainCounter[];
  /** Carriers of required anti-affinity terms of bound pods that select these pods. */
  readonly against: DomainCounter[];
  /** Whether the anti-affinity terms of these pods are among `counted` already. */
  carries: boolean;
  /** The pod that was bound last, -1 when there is none: the head of a list over all pods of the class that ever were. */
  newest: number;
}

/** Either counts the pods that it selects, or keeps them away from the carriers of an anti-affinity term. */
export interface Selector {
  readonly test: PodTest;
  readonly counters: DomainCounter[];
  readonly classes: LabelClass[];
  readonly carriers: DomainCounter | undefined;
}

/**
 * Which selectors select which classes. Both sides are indexed by one `key=value` that a selector insists on, so that three
 * thousand workloads with selectors of their own are not compared each with each.
 */
export class SelectorIndex {
  /** How often a class learned of one more thing that is against it. */
  readonly carriers = { count: 0 };
  readonly #classes: LabelClass[] = [];
  readonly #classesByLabel = new Map<string, LabelClass[]>();
  readonly #selectorsByLabel = new Map<string, Selector[]>();
  readonly #anyLabel: Selector[] = [];

  addClass(own: LabelClass): void {
    for (const key of Object.keys(own.labels)) {
      const label = labelKey(key, own.labels[key] as string);
      push(this.#classesByLabel, label, own);
      for (const selector of this.#selectorsByLabel.get(label) ?? []) this.#link(selector, own);
    }
    this.#classes.push(own);
    for (const selector of this.#anyLabel) this.#link(selector, own);
  }

  /** `selector` is what `test` demands at the least. */
  addSelector(test: PodTest, selector: LabelSelector | undefined, carriers?: DomainCounter): Selector {
    const added: Selector = { test, counters: [], classes: [], carriers };
    const label = demandedLabel(selector);
    if (label === undefined) this.#anyLabel.push(added);
    else push(this.#selectorsByLabel, label, added);
    for (const own of label === undefined ? this.#classes : (this.#classesByLabel.get(label) ?? []))
      this.#link(added, own);
    return added;
  }

  #link(selector: Selector, own: LabelClass): void {
    if (!selector.test(own.template, own.labels)) return;
    if (selector.carriers !== undefined) {
      own.against.push(selector.carriers);
      this.carriers.count++;
      return;
    }
    selector.classes.push(own);
    for (const counter of selector.counters) countIn(own, counter);
  }
}

/** The counter counts pods of the class from here on. */
export function countIn(own: LabelClass, counter: DomainCounter): void {
  own.counted.push(counter);
  if (counter.terminating) own.countedTerminating.push(counter);
}

/** One label that every selected pod must have, undefined when the selector insists on none. */
function demandedLabel(selector: LabelSelector | undefined): string | undefined {
  for (const key of Object.keys(selector?.matchLabels ?? {}))
    return labelKey(key, labelOf(selector?.matchLabels ?? {}, key) as string);
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? [])
    if (operator === 'In' && values.length === 1) return labelKey(key, values[0] as string);
  return undefined;
}

function labelKey(key: string, value: string): string {
  return `${key}=${value}`;
}

function push<T>(into: Map<string, T[]>, key: string, item: T): void {
  const list = into.get(key);
  if (list === undefined) into.set(key, [item]);
  else list.push(item);
}
