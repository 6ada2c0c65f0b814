import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import { resolveTerm } from './affinity-term.js';
import type { AntiAffinityTerm } from './view.js';

/** Required anti-affinity terms of pods that have a node, and on which nodes the pods are that carry them. */
export class AntiAffinityTerms {
  readonly all: AntiAffinityTerm[] = [];
  readonly #state: ClusterState;
  readonly #newCarriers: () => AntiAffinityTerm['carriers'];
  readonly #index = new Map<string, number>();
  /** Indices of the terms that pods with the labels of their template carry. */
  readonly #ofTemplate: (readonly number[] | undefined)[] = [];

  constructor(state: ClusterState, newCarriers: () => AntiAffinityTerm['carriers']) {
    this.#state = state;
    this.#newCarriers = newCarriers;
  }

  /** A pod comes (+1) or goes (-1). `labels`: those that it has, where they are not those of its template. */
  change(template: number, labels: Readonly<Record<string, string>> | undefined, node: number, by: 1 | -1): void {
    const known = labels === undefined ? this.#ofTemplate[template] : undefined;
    const terms = known ?? this.#termsOf(template, labels);
    if (labels === undefined) this.#ofTemplate[template] = terms;
    for (const index of terms) (this.all[index] as AntiAffinityTerm).carriers.add(node, by);
  }

  #termsOf(index: number, labels: Readonly<Record<string, string>> | undefined): readonly number[] {
    const template = this.#state.podTemplates[index] as PodTemplate;
    return (template.podAntiAffinity?.required ?? []).map((term) => {
      const resolved = resolveTerm(term, template.namespace, labels ?? template.labels);
      const key = `${term.topologyKey} ${resolved.key}`;
      let at = this.#index.get(key);
      if (at === undefined) {
        at = this.all.length;
        this.all.push({ term: resolved, carriers: this.#newCarriers() });
        this.#index.set(key, at);
      }
      return at;
    });
  }
}
