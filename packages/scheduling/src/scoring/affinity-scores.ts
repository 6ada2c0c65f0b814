import type { PodTemplate } from '@cloudoptim/core';
import { resolveTerm, termSelects } from '../affinity-term.js';
import type { Labels } from '../labels.js';
import type { Lookups } from '../lookups.js';
import { labelsOfPod } from '../placed-pod.js';
import type { PodFacts, WeightedTerm, Wishes } from '../pod-facts.js';
import type { Domains } from '../topology.js';
import type { WorkingPlacement } from '../working-placement.js';

/** What a required affinity of a bound pod counts for the pods that it wants near (hardPodAffinityWeight). */
const requiredWeight = 1;

/**
 * InterPodAffinity: the weights of the pod's own preferred terms and of those of the pods that are there, by domain; required
 * affinity of theirs counts a little (interpodaffinity/scoring.go).
 */
export function affinityScores(
  facts: PodFacts,
  nodes: readonly number[],
  placement: WorkingPlacement,
): ArrayLike<number> {
  const wishes = knownWishes(facts, placement);
  const { own, byTemplate } = wishes;
  const sums = new Sums(placement);
  for (const [template, ofTemplate] of byTemplate)
    for (const wish of ofTemplate) sums.add(wish, placement.podsOfTemplate(template), true);
  for (const template of placement.templatesWithLabels) {
    const other = placement.state.podTemplates[template] as PodTemplate;
    if (own.length === 0 && !hasTerms(other)) continue;
    const known = knownByLabels(wishes, template);
    for (const pod of placement.podsOfTemplate(template)) {
      const { labels } = placement.extraOf(pod);
      if (labels === undefined || placement.nodeOf(pod) === -1) continue;
      // Each pod of a StatefulSet has labels of its own, and all of them are asked about for each pod that moves.
      let ofPod = known.get(labels);
      if (ofPod === undefined) {
        ofPod = wishesBetween(own, facts, other, labelsOfPod(placement, pod), placement.lookups);
        known.set(labels, ofPod);
      }
      for (const wish of ofPod) sums.add(wish, [pod], false);
    }
  }
  const { byKey } = sums;
  if (byKey.size === 0) return [];
  const raw = new Float64Array(nodes.length);
  for (const [{ of }, weights] of byKey)
    for (let position = 0; position < nodes.length; position++) {
      const domain = of[nodes[position] as number] ?? -1;
      if (domain !== -1) raw[position] = (raw[position] as number) + (weights[domain] as number);
    }
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of raw) {
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  if (most === least) return [];
  return raw.map((score) => Math.trunc(100 * ((score - least) / (most - least))));
}

function knownByLabels({ byOwnLabels }: Wishes, template: number): WeakMap<Labels, readonly WeightedTerm[]> {
  let known = byOwnLabels.get(template);
  if (known === undefined) {
    known = new WeakMap();
    byOwnLabels.set(template, known);
  }
  return known;
}

/** Weights by domain of each topology key that a term names. */
class Sums {
  readonly byKey = new Map<Domains, Float64Array>();
  readonly #placement: WorkingPlacement;

  constructor(placement: WorkingPlacement) {
    this.#placement = placement;
  }

  /** Adds the term wherever such pods are; `plain`: only those that have no labels of their own. */
  add({ term, weight }: WeightedTerm, pods: readonly number[], plain: boolean): void {
    const placement = this.#placement;
    const domains = placement.topology.domains(term.topologyKey);
    let weights = this.byKey.get(domains);
    for (const pod of pods) {
      const domain = domains.of[placement.nodeOf(pod)] ?? -1;
      if (domain === -1 || (plain && placement.extraOf(pod).labels !== undefined)) continue;
      if (weights === undefined) {
        weights = new Float64Array(domains.count);
        this.byKey.set(domains, weights);
      }
      weights[domain] = (weights[domain] as number) + weight;
    }
  }
}

/** Worked out once for the pods that have these facts. */
function knownWishes(facts: PodFacts, { state, lookups }: WorkingPlacement): Wishes {
  if (facts.wishes !== undefined) return facts.wishes;
  const own = weighted(facts.template, facts.labels, 0);
  const byTemplate = state.podTemplates.flatMap((other, template): Wishes['byTemplate'] => {
    const wishes = own.length > 0 || hasTerms(other) ? wishesBetween(own, facts, other, other.labels, lookups) : [];
    return wishes.length > 0 ? [[template, wishes]] : [];
  });
  facts.wishes = { own, byTemplate, byOwnLabels: new Map() };
  return facts.wishes;
}

/** What the pod wants of a bound one, by its `own` terms, and the bound one of it. */
function wishesBetween(
  own: readonly WeightedTerm[],
  { namespace, labels }: PodFacts,
  other: PodTemplate,
  otherLabels: Labels,
  lookups: Lookups,
): WeightedTerm[] {
  return [
    ...own.filter(({ term }) => termSelects(term, other.namespace, otherLabels, lookups)),
    ...termsOf(other, otherLabels).filter(({ term }) => termSelects(term, namespace, labels, lookups)),
  ];
}

const resolved = new WeakMap<PodTemplate, readonly WeightedTerm[]>();

/** The terms of a bound pod; of pods that have just the labels of their template they are worked out once. */
function termsOf(template: PodTemplate, labels: Labels): readonly WeightedTerm[] {
  if (labels !== template.labels) return weighted(template, labels, requiredWeight);
  const terms = resolved.get(template) ?? weighted(template, labels, requiredWeight);
  resolved.set(template, terms);
  return terms;
}

function weighted(
  { podAffinity: near, podAntiAffinity: far, namespace }: PodTemplate,
  labels: Labels,
  required: number,
): WeightedTerm[] {
  const terms = [
    ...(near?.preferred ?? []),
    ...(far?.preferred ?? []).map(({ term, weight }) => ({ term, weight: -weight })),
    ...(required === 0 ? [] : (near?.required ?? []).map((term) => ({ term, weight: required }))),
  ];
  return terms.map(({ term, weight }) => ({ term: resolveTerm(term, namespace, labels), weight }));
}

function hasTerms({ podAffinity, podAntiAffinity }: PodTemplate): boolean {
  return podAffinity !== undefined || podAntiAffinity !== undefined;
}
