import type { PodTemplate } from '@cloudoptim/core';
import { resolveTerm, termSelects } from '../affinity-term.js';
import type { Labels } from '../labels.js';
import { labelsOfPod } from '../placed-pod.js';
import type { PodFacts, Wish } from '../pod-facts.js';
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
  const sums = new Sums(placement);
  facts.wishes ??= wishesByTemplate(facts, placement);
  for (const [template, wishes] of facts.wishes)
    for (const wish of wishes) sums.add(wish, placement.podsOfTemplate(template), true);
  for (const template of placement.templatesWithLabels)
    for (const pod of placement.podsOfTemplate(template)) {
      if (placement.nodeOf(pod) === -1 || placement.extraOf(pod).labels === undefined) continue;
      const other = placement.state.podTemplates[template] as PodTemplate;
      for (const wish of wishesBetween(facts, other, labelsOfPod(placement, pod), placement))
        sums.add(wish, [pod], false);
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

/** Weights by domain of each topology key that a wish names. */
class Sums {
  readonly byKey = new Map<Domains, Float64Array>();
  readonly #placement: WorkingPlacement;

  constructor(placement: WorkingPlacement) {
    this.#placement = placement;
  }

  /** Adds the wish wherever such pods are; `plain`: only those that have no labels of their own. */
  add({ topologyKey, weight }: Wish, pods: readonly number[], plain: boolean): void {
    const placement = this.#placement;
    const domains = placement.topology.domains(topologyKey);
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

/** Wishes between this pod and bound ones that have just the labels of their template, of those templates that have any. */
function wishesByTemplate(facts: PodFacts, placement: WorkingPlacement): [template: number, wishes: readonly Wish[]][] {
  const found: [number, readonly Wish[]][] = [];
  for (const [template, other] of placement.state.podTemplates.entries()) {
    const wishes = wishesBetween(facts, other, other.labels, placement);
    if (wishes.length > 0) found.push([template, wishes]);
  }
  return found;
}

/** What the pod wants of a bound one, and the bound one of it. */
function wishesBetween(
  { template, namespace, labels }: PodFacts,
  other: PodTemplate,
  otherLabels: Labels,
  { lookups }: WorkingPlacement,
): Wish[] {
  const wishes: Wish[] = [];
  for (const { term, weight } of weighted(template, labels, 0))
    if (termSelects(term, other.namespace, otherLabels, lookups))
      wishes.push({ topologyKey: term.topologyKey, weight });
  for (const { term, weight } of weighted(other, otherLabels, requiredWeight))
    if (termSelects(term, namespace, labels, lookups)) wishes.push({ topologyKey: term.topologyKey, weight });
  return wishes;
}

function weighted(
  { podAffinity: near, podAntiAffinity: far, namespace }: PodTemplate,
  labels: Labels,
  required: number,
) {
  const terms = [
    ...(near?.preferred ?? []),
    ...(far?.preferred ?? []).map(({ term, weight }) => ({ term, weight: -weight })),
    ...(required === 0 ? [] : (near?.required ?? []).map((term) => ({ term, weight: required }))),
  ];
  return terms.map(({ term, weight }) => ({ term: resolveTerm(term, namespace, labels), weight }));
}
