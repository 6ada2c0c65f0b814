import { type ClusterState, isTerminal, type LabelSelector, type PodTemplate } from '@cloudoptim/core';
import { selects } from '@cloudoptim/scheduling';
import { SelectedTemplates } from '../selected-templates.js';

const zoneKey = 'topology.kubernetes.io/zone';
const hostnameKey = 'kubernetes.io/hostname';

/**
 * The state as a packer can take it that knows of zones only as labels: each waiting pod that must spread over zones, or be in
 * the zone of its like, is told its zone, and pods that spread over nodes repel each other. Spreads are filled like water:
 * each pod goes where the fewest are. Pods that gather go to the zone that is asked for least so far. What the words of
 * constraints say beyond that (`matchLabelKeys`, namespaces, a skew above one over nodes) is made stricter or left to the check
 * of the placements. Pods keep their index.
 */
export function pinToZones(state: ClusterState, zones: readonly string[]): ClusterState {
  if (zones.length === 0) return state;
  const waiting = waitingByTemplate(state);
  const selected = new SelectedTemplates(state.podTemplates, waiting.keys());
  const water = new Water(state, zones);
  const pinned = new Map<number, string[]>();
  for (const members of gatherings(state, waiting, selected)) {
    const zone = water.calmest();
    for (const template of members) {
      const pods = waiting.get(template) as number[];
      pinned.set(
        template,
        pods.map(() => zone),
      );
      water.add(state.podTemplates[template] as PodTemplate, zone, pods.length);
    }
  }
  for (const { selector, namespace, members } of spreads(state, waiting, selected)) {
    const level = water.levels(namespace, selector);
    for (const template of members) {
      const entry = state.podTemplates[template] as PodTemplate;
      const own = entry.nodeSelector?.[zoneKey];
      const chosen = pinned.get(template);
      const pods = waiting.get(template) as number[];
      const where = pods.map((_, at) => {
        const zone = chosen?.[at] ?? own ?? level.lowest();
        level.raise(zone);
        if (chosen?.[at] === undefined) water.add(entry, zone, 1);
        return zone;
      });
      pinned.set(template, where);
    }
  }
  return withZones(state, waiting, pinned);
}

function waitingByTemplate({ pods }: ClusterState): Map<number, number[]> {
  const waiting = new Map<number, number[]>();
  for (let pod = 0; pod < pods.count; pod++) {
    if (pods.node[pod] !== -1) continue;
    const template = pods.template[pod] as number;
    const known = waiting.get(template);
    if (known === undefined) waiting.set(template, [pod]);
    else known.push(pod);
  }
  return waiting;
}

/** Templates that must be in one zone with their like: those of one term, and those that it selects. */
function gatherings(
  { podTemplates }: ClusterState,
  waiting: ReadonlyMap<number, unknown>,
  selected: SelectedTemplates,
): number[][] {
  const found = new Map<string, Set<number>>();
  for (const template of waiting.keys()) {
    const { namespace, podAffinity } = podTemplates[template] as PodTemplate;
    for (const { topologyKey, labelSelector } of podAffinity?.required ?? []) {
      if (topologyKey !== zoneKey) continue;
      const key = selectorKey(namespace, labelSelector);
      const members = found.get(key) ?? new Set(selected.of(namespace, labelSelector));
      found.set(key, members.add(template));
    }
  }
  const taken = new Set<number>();
  return [...found.values()].map((members) =>
    [...members].filter((template) => !taken.has(template) && taken.add(template)),
  );
}

interface Spread {
  readonly namespace: string;
  readonly selector: LabelSelector | undefined;
  readonly members: readonly number[];
}

/** Pods that spread over zones by one selector, and those that spread over nodes and are counted with them, which go first. */
function spreads(
  { podTemplates }: ClusterState,
  waiting: ReadonlyMap<number, unknown>,
  selected: SelectedTemplates,
): Spread[] {
  const found = new Map<string, { namespace: string; selector: LabelSelector | undefined; overZones: number[] }>();
  const must = (template: number, key: string) => hardSpreads(podTemplates[template] as PodTemplate, key);
  for (const template of waiting.keys()) {
    const { namespace } = podTemplates[template] as PodTemplate;
    for (const { labelSelector: selector } of must(template, zoneKey)) {
      const key = selectorKey(namespace, selector);
      const known = found.get(key);
      if (known === undefined) found.set(key, { namespace, selector, overZones: [template] });
      else if (known.overZones.at(-1) !== template) known.overZones.push(template);
    }
  }
  return [...found.values()].map(({ namespace, selector, overZones }) => {
    const overNodes = selected
      .of(namespace, selector)
      .filter((other) => must(other, hostnameKey).length > 0 && must(other, zoneKey).length === 0);
    return { namespace, selector, members: [...overNodes, ...overZones] };
  });
}

function selectorKey(namespace: string, selector: LabelSelector | undefined): string {
  return JSON.stringify([namespace, selector ?? null]);
}

function hardSpreads({ topologySpread = [] }: PodTemplate, key: string) {
  return topologySpread.filter(
    ({ topologyKey, whenUnsatisfiable }) => topologyKey === key && whenUnsatisfiable === 'DoNotSchedule',
  );
}

/** How much is asked of each zone, and how many pods of a selector are there. */
class Water {
  readonly #zones: readonly string[];
  readonly #millicores: Map<string, number>;
  /** Pods that are there, by template and zone: counted once, and not for each selector. */
  readonly #placed: ReadonlyMap<number, ReadonlyMap<string, number>>;
  readonly #selected: SelectedTemplates;

  constructor(state: ClusterState, zones: readonly string[]) {
    this.#zones = zones;
    this.#millicores = new Map(zones.map((zone) => [zone, 0]));
    this.#placed = placedByTemplate(state);
    this.#selected = new SelectedTemplates(state.podTemplates, this.#placed.keys());
  }

  add({ needs }: PodTemplate, zone: string, count: number): void {
    this.#millicores.set(zone, (this.#millicores.get(zone) ?? 0) + count * needs.cpuMillicores);
  }

  /** The zone that least is asked of. */
  calmest(): string {
    return this.#zones.reduce((best, zone) => (this.#asked(zone) < this.#asked(best) ? zone : best));
  }

  levels(namespace: string, selector: LabelSelector | undefined) {
    const counts = new Map(this.#zones.map((zone) => [zone, 0]));
    for (const template of this.#selected.of(namespace, selector))
      for (const [zone, pods] of this.#placed.get(template) ?? []) counts.set(zone, (counts.get(zone) ?? 0) + pods);
    const level = (zone: string) => counts.get(zone) ?? 0;
    return {
      lowest: () =>
        this.#zones.reduce((best, zone) =>
          level(zone) < level(best) || (level(zone) === level(best) && this.#asked(zone) < this.#asked(best))
            ? zone
            : best,
        ),
      raise: (zone: string) => counts.set(zone, level(zone) + 1),
    };
  }

  #asked(zone: string): number {
    return this.#millicores.get(zone) ?? 0;
  }
}

function placedByTemplate(state: ClusterState): ReadonlyMap<number, ReadonlyMap<string, number>> {
  const { nodes, pods } = state;
  const placed = new Map<number, Map<string, number>>();
  for (let pod = 0; pod < pods.count; pod++) {
    const zone = nodes[pods.node[pod] as number]?.zone;
    if (zone === undefined || isTerminal(state, pod)) continue;
    const template = pods.template[pod] as number;
    const counts = placed.get(template) ?? new Map<string, number>();
    placed.set(template, counts.set(zone, (counts.get(zone) ?? 0) + 1));
  }
  return placed;
}

function withZones(
  state: ClusterState,
  waiting: ReadonlyMap<number, readonly number[]>,
  pinned: ReadonlyMap<number, readonly string[]>,
): ClusterState {
  const podTemplates = [...state.podTemplates];
  const template = [...state.pods.template];
  for (const [index, pods] of waiting) {
    const entry = podTemplates[index] as PodTemplate;
    const zones = pinned.get(index);
    const apart = hardSpreads(entry, hostnameKey).filter(({ labelSelector }) => selects(labelSelector, entry.labels));
    if (zones === undefined && apart.length === 0) continue;
    const variants = new Map<string, number>();
    pods.forEach((pod, at) => {
      const zone = zones?.[at];
      const known = variants.get(zone ?? '') ?? podTemplates.length;
      if (known === podTemplates.length)
        podTemplates.push(
          variant(
            entry,
            zone,
            apart.map(({ labelSelector }) => labelSelector),
          ),
        );
      variants.set(zone ?? '', known);
      template[pod] = known;
    });
  }
  return { ...state, podTemplates, pods: { ...state.pods, template } };
}

function variant(
  entry: PodTemplate,
  zone: string | undefined,
  apart: readonly (LabelSelector | undefined)[],
): PodTemplate {
  const required = [
    ...(entry.podAntiAffinity?.required ?? []),
    ...apart.flatMap((labelSelector) =>
      labelSelector === undefined ? [] : [{ topologyKey: hostnameKey, labelSelector }],
    ),
  ];
  return {
    ...entry,
    ...(zone !== undefined && { nodeSelector: { ...entry.nodeSelector, [zoneKey]: zone } }),
    ...(required.length > 0 && { podAntiAffinity: { ...entry.podAntiAffinity, required } }),
  };
}
