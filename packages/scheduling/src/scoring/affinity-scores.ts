import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import { type AffinityTerm, resolveTerm, termSelects } from '../affinity-term.js';
import type { Labels } from '../labels.js';
import { labelsOfPod, templateOfPod } from '../placed-pod.js';
import type { PodFacts } from '../pod-facts.js';
import type { WorkingPlacement } from '../working-placement.js';

/** What a required affinity of a bound pod counts for the pods that it wants near (hardPodAffinityWeight). */
const requiredWeight = 1;

/**
 * InterPodAffinity: the weights of the pod's own preferred terms and of those of the pods that are there, by domain; required
 * affinity of theirs counts a little (interpodaffinity/scoring.go).
 */
export function affinityScores(facts: PodFacts, nodes: readonly number[], placement: WorkingPlacement): number[] {
  const { template, namespace, labels } = facts;
  const own = weighted(template, labels, 0);
  if (own.length === 0 && !anyTerms(placement.state)) return [];
  // By topology key, the sum of weights of each domain.
  const sums = new Map<string, Map<number, number>>();
  const add = ({ term, weight }: WeightedTerm, node: number) => {
    const domain = placement.topology.domains(term.topologyKey).of[node] ?? -1;
    if (domain === -1) return;
    const known = sums.get(term.topologyKey) ?? new Map<number, number>();
    sums.set(term.topologyKey, known.set(domain, (known.get(domain) ?? 0) + weight));
  };
  const { lookups } = placement;
  for (let node = 0; node < placement.nodeCount; node++) {
    for (const pod of placement.podsOn(node)) {
      const other = templateOfPod(placement, pod);
      if (own.length === 0 && !hasTerms(other)) continue;
      const otherLabels = labelsOfPod(placement, pod);
      for (const entry of own) if (termSelects(entry.term, other.namespace, otherLabels, lookups)) add(entry, node);
      for (const entry of termsOf(other, otherLabels))
        if (termSelects(entry.term, namespace, labels, lookups)) add(entry, node);
    }
  }
  if (sums.size === 0) return [];
  const raw = nodes.map((node) =>
    [...sums].reduce((sum, [key, byDomain]) => {
      return sum + (byDomain.get(placement.topology.domains(key).of[node] ?? -1) ?? 0);
    }, 0),
  );
  const least = Math.min(...raw);
  const most = Math.max(...raw);
  return raw.map((score) => (most === least ? 0 : Math.trunc(100 * ((score - least) / (most - least)))));
}

interface WeightedTerm {
  readonly term: AffinityTerm;
  readonly weight: number;
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
) {
  const terms = [
    ...(near?.preferred ?? []),
    ...(far?.preferred ?? []).map(({ term, weight }) => ({ term, weight: -weight })),
    ...(required === 0 ? [] : (near?.required ?? []).map((term) => ({ term, weight: required }))),
  ];
  return terms.map(({ term, weight }) => ({ term: resolveTerm(term, namespace, labels), weight }));
}

const known = new WeakMap<ClusterState, boolean>();

/** Whether any pod of the state wants others near or far; asked for every choice, so answered once a state. */
function anyTerms(state: ClusterState): boolean {
  const answer = known.get(state) ?? state.podTemplates.some(hasTerms);
  known.set(state, answer);
  return answer;
}

function hasTerms({ podAffinity, podAntiAffinity }: PodTemplate): boolean {
  return podAffinity !== undefined || podAntiAffinity !== undefined;
}
