import type { ClusterState, PodAffinity, PodAffinityTerm, PodTemplate } from '@cloudoptim/core';
import { resolveTerm, termSelects } from '../affinity-term.js';
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
  const own = weighted(template.podAffinity, template.podAntiAffinity, 0);
  if (own.length === 0 && !anyTerms(placement.state)) return [];
  // By topology key, the sum of weights of each domain.
  const sums = new Map<string, Map<number, number>>();
  const add = (term: PodAffinityTerm, weight: number, node: number) => {
    const domain = placement.topology.domains(term.topologyKey).of[node] ?? -1;
    if (domain === -1) return;
    const known = sums.get(term.topologyKey) ?? new Map<number, number>();
    sums.set(term.topologyKey, known.set(domain, (known.get(domain) ?? 0) + weight));
  };
  const selects = (term: PodAffinityTerm, of: PodTemplate, ofLabels: Labels, named: string, namedLabels: Labels) =>
    termSelects(resolveTerm(term, of.namespace, ofLabels), named, namedLabels, placement.lookups);
  for (let node = 0; node < placement.nodeCount; node++) {
    for (const pod of placement.podsOn(node)) {
      const other = templateOfPod(placement, pod);
      if (own.length === 0 && !hasTerms(other)) continue;
      const otherLabels = labelsOfPod(placement, pod);
      for (const { term, weight } of own)
        if (selects(term, template, labels, other.namespace, otherLabels)) add(term, weight, node);
      for (const { term, weight } of weighted(other.podAffinity, other.podAntiAffinity, requiredWeight))
        if (selects(term, other, otherLabels, namespace, labels)) add(term, weight, node);
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

function weighted(near: PodAffinity | undefined, far: PodAffinity | undefined, required: number) {
  return [
    ...(near?.preferred ?? []),
    ...(far?.preferred ?? []).map(({ term, weight }) => ({ term, weight: -weight })),
    ...(required === 0 ? [] : (near?.required ?? []).map((term) => ({ term, weight: required }))),
  ];
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
