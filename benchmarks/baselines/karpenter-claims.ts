import type { ClusterState, NodeSelectorRequirement, PodTemplate } from '@cloudoptim/core';
import type { IncomingPod } from '@cloudoptim/scheduling';
import type { Offer } from './offerings.js';
import { type Terms, termsOf } from './pod-terms.js';

/** A node that Karpenter is about to ask for: pods are added while some offering still holds them all. */
export interface Claim {
  /** Offerings that still hold all pods; the cheapest is bought in the end. */
  offers: readonly Offer[];
  cpu: number;
  memory: number;
  pods: number;
  /** By anti-affinity or spread term over nodes: pods here that carry it, and pods that it selects. */
  readonly carriers: Map<string, number>;
  readonly selected: Map<string, number>;
}

const zoneKey = 'topology.kubernetes.io/zone';

/**
 * Karpenter's provisioning scheduler (pkg/controllers/provisioning/scheduling, v1.14), as far as these fixtures go: pods largest
 * first by cpu, then memory; each onto the claim with the fewest pods that can take it, else onto a new claim that may be any
 * offering; the type is chosen last. Zones are narrowed by selectors, spread and affinity as pods join. Taints, volumes, host
 * ports, preferences and minValues are not rendered.
 */
export function createClaims(state: ClusterState, offers: readonly Offer[], zoneCounts = new ZoneCounts()) {
  const claims: Claim[] = [];
  const terms = termsOf(state);
  const open = state.podTemplates.map((template) => offers.filter(({ labels }) => allows(template, labels)));

  const join = (claim: Claim, { template }: IncomingPod): boolean => {
    const own = terms[template] as Terms;
    const { needs } = state.podTemplates[template] as PodTemplate;
    if (own.apart.some((key) => (claim.selected.get(key) ?? 0) > 0)) return false;
    if (own.selectedBy.some((key) => (claim.carriers.get(key) ?? 0) > 0)) return false;
    // Another node can always be had, so the emptiest domain has none: at most maxSkew on any.
    if (own.spreadOverNodes.some(({ key, maxSkew }) => (claim.selected.get(key) ?? 0) + 1 > maxSkew)) return false;
    const zones = zoneCounts.zonesFor(own, zonesOf(claim.offers));
    const [cpu, memory, pods] = [claim.cpu + needs.cpuMillicores, claim.memory + needs.memoryBytes, claim.pods + 1];
    const allowed = open[template] === offers ? undefined : new Set(open[template]);
    const left = claim.offers.filter(
      (offer) =>
        offer.cpu >= cpu &&
        offer.memory >= memory &&
        offer.pods >= pods &&
        (allowed === undefined || allowed.has(offer)) &&
        (zones === undefined || zones.includes(offer.labels[zoneKey] as string)),
    );
    if (left.length === 0) return false;
    Object.assign(claim, { offers: left, cpu, memory, pods });
    for (const key of [...own.apart, ...own.spreadOverNodes.map((term) => term.key)])
      claim.carriers.set(key, (claim.carriers.get(key) ?? 0) + (own.apart.includes(key) ? 1 : 0));
    for (const key of own.selectedBy) claim.selected.set(key, (claim.selected.get(key) ?? 0) + 1);
    zoneCounts.add(own, zonesOf(left));
    return true;
  };

  return {
    claims,
    /** Whether some claim took the pod, a new one if need be. */
    place(pod: IncomingPod): boolean {
      // Sorted anew for every pod, as there; the sort is stable.
      claims.sort((a, b) => a.pods - b.pods);
      if (claims.some((claim) => join(claim, pod))) return true;
      const fresh: Claim = { offers, cpu: 0, memory: 0, pods: 0, carriers: new Map(), selected: new Map() };
      if (!join(fresh, pod)) return false;
      claims.push(fresh);
      return true;
    },
  };
}

/** How many pods each term over zones selects in each zone; a pod counts once its node can be in one zone only. */
class ZoneCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  /** Zones that spread and affinity leave the pod; undefined for all. Spread takes the emptiest, affinity where its like are. */
  zonesFor({ spreadOverZones, togetherInZone }: Terms, among: readonly string[]): readonly string[] | undefined {
    if (spreadOverZones.length === 0 && togetherInZone.length === 0) return undefined;
    let zones = among;
    for (const { key, maxSkew, zones: all } of spreadOverZones) {
      const count = (zone: string) => this.#counts.get(key)?.get(zone) ?? 0;
      const least = Math.min(...all.map(count));
      const allowed = zones.filter((zone) => count(zone) + 1 - least <= maxSkew);
      zones = allowed.filter((zone) => count(zone) === Math.min(...allowed.map(count))).slice(0, 1);
    }
    for (const key of togetherInZone) {
      const there = [...(this.#counts.get(key) ?? [])].flatMap(([zone, count]) => (count > 0 ? [zone] : []));
      zones = there.length > 0 ? zones.filter((zone) => there.includes(zone)) : zones.slice(0, 1);
    }
    return zones;
  }

  add({ selectedOverZones }: Terms, zones: readonly string[]): void {
    const [zone] = zones;
    if (zones.length !== 1 || zone === undefined) return;
    for (const key of selectedOverZones) {
      const counts = this.#counts.get(key) ?? new Map<string, number>();
      this.#counts.set(key, counts.set(zone, (counts.get(zone) ?? 0) + 1));
    }
  }
}

function zonesOf(offers: readonly Offer[]): string[] {
  return [...new Set(offers.map(({ labels }) => labels[zoneKey] as string))].sort();
}

function allows({ nodeSelector = {}, nodeAffinity }: PodTemplate, labels: Readonly<Record<string, string>>): boolean {
  const terms = nodeAffinity?.required?.nodeSelectorTerms;
  return (
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) &&
    (terms === undefined ||
      terms.some(({ matchExpressions = [] }) => matchExpressions.every((entry) => meets(entry, labels[entry.key]))))
  );
}

function meets({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
  }
}
