import type { HostPort } from '@cloudoptim/core';
import { type AffinityTerm, asksForNamespaceLabels, termSelects } from '../../affinity-term.js';
import { conflict } from '../../filters/node-ports.js';
import { nodeResourcesFit } from '../../filters/node-resources-fit.js';
import { objectFilters } from '../../filters/order.js';
import { selects } from '../../labels.js';
import type { PodFacts } from '../../pod-facts.js';
import type { WorkingPlacement } from '../../working-placement.js';

/**
 * What one pod, wherever it goes, can take from another beside room: `nothing`, its `node`, or what cannot be counted in
 * nodes (`anything`): a whole domain, or a volume that only one pod may use.
 */
export type Interference = 'nothing' | 'node' | 'anything';

export function interference(
  pod: PodFacts,
  other: PodFacts,
  view: WorkingPlacement,
  oneNodeEach: (topologyKey: string) => boolean,
): Interference {
  if (sharesExclusiveVolume(pod, other, view)) return 'anything';
  const apart = [...keptApart(pod, other, view), ...keptApart(other, pod, view)];
  if (apart.some(({ topologyKey }) => !oneNodeEach(topologyKey))) return 'anything';
  return apart.length > 0 || portsMeet(pod.hostPorts, other.hostPorts) ? 'node' : 'nothing';
}

/** Terms by which a pod keeps the other one away. */
function keptApart({ antiAffinity }: PodFacts, other: PodFacts, view: WorkingPlacement): readonly AffinityTerm[] {
  return antiAffinity.length === 0 ? antiAffinity : antiAffinity.filter((term) => maySelect(term, other, view));
}

/** Whether a pod can be kept from a node by anything but room, or keep others from it. */
export function interferes({ hostPorts, antiAffinity, ...pod }: PodFacts): boolean {
  return hostPorts.length > 0 || antiAffinity.length > 0 || hasVolumes(pod);
}

export function hasVolumes(pod: Pick<PodFacts, 'claims' | 'freshVolumes' | 'inlineEbsVolumes'>): boolean {
  return pod.claims.length > 0 || pod.freshVolumes.length > 0 || pod.inlineEbsVolumes.length > 0;
}

function sharesExclusiveVolume(pod: PodFacts, other: PodFacts, { lookups }: WorkingPlacement): boolean {
  if (pod.inlineEbsVolumes.some((volume) => other.inlineEbsVolumes.includes(volume))) return true;
  return (
    pod.namespace === other.namespace &&
    pod.claims.some(
      (claim) =>
        other.claims.includes(claim) &&
        lookups.claim(pod.namespace, claim)?.accessModes?.includes('ReadWriteOncePod') !== false,
    )
  );
}

function portsMeet(own: readonly HostPort[], others: readonly HostPort[]): boolean {
  return own.some((port) => others.some((other) => conflict(port, other)));
}

/** Labels of namespaces that nobody listed may be any. */
function maySelect(term: AffinityTerm, pod: PodFacts, { lookups }: WorkingPlacement): boolean {
  return (
    termSelects(term, pod.namespace, pod.labels, lookups) ||
    (asksForNamespaceLabels(term) && selects(term.selector, pod.labels))
  );
}

/**
 * Tells of a topology key whether each of its domains is a node, as with kubernetes.io/hostname; looked up once a key. What a
 * launch may be is one node each time.
 */
export function nodeKeys({ topology, state }: WorkingPlacement): (topologyKey: string) => boolean {
  const known = new Map<string, boolean>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const labelled = topology
      .domains(key)
      .of.slice(0, state.nodes.length)
      .filter((domain) => domain !== -1);
    const answer = new Set(labelled).size === labelled.length;
    known.set(key, answer);
    return answer;
  };
}

/**
 * Whether a pod may be put on a node in some state, now that nodes only fill up: whether it has the room and the node's own
 * leave. What other pods allow or forbid by their presence may change, so it is not asked; nor is room where pods leave.
 */
export function mayCome(pod: PodFacts, node: number, view: WorkingPlacement, emptying = false): boolean {
  return (
    (emptying || nodeResourcesFit(pod, node, view) === undefined) &&
    objectFilters.every(([, filter]) => filter(pod, node, view) === undefined)
  );
}
