import type { ClusterState, LabelSelector, PodAffinityTerm, PodTemplate } from '@cloudoptim/core';
import { type Labels, selects } from '../labels.js';
import { type Fact, Numbers, Sequences } from './sequences.js';
import { cpuWanted, isSimple, memoryWanted, numbersBits, ofKind, ofLabels, wantsBits } from './template-row.js';

/**
 * What the templates of a state have in common. Templates of one kind differ in nothing but cpu, memory and what no filter
 * reads of an incoming pod; so the 100,000 templates of a mix of sizes and constraints are a few thousand questions.
 */
export interface TemplateKinds {
  /** Label keys of pods that some selector may read. */
  readonly podLabels: ReadonlySet<string>;
  /** Label keys of nodes that some selector or affinity reads. */
  readonly nodeLabels: ReadonlySet<string>;
  /** Topology keys of all constraints that filter. */
  readonly topologyKeys: ReadonlySet<string>;
  /** By template, as template-row.ts says: two views of one buffer. */
  readonly numbers: Int32Array;
  readonly wants: Float64Array;
  /** By template: of two pods that wait, the one of higher priority comes first. */
  readonly priority: Float64Array;
  /** Those of the labels that some selector may read and that the template does not have, as one text; empty when none. */
  ownLabels(template: number, labels: Labels | undefined): string;
}

const cache = new WeakMap<ClusterState, TemplateKinds>();

/** Worked out once a state, since placements are made of one state many times. */
export function templateKindsOf(state: ClusterState): TemplateKinds {
  let kinds = cache.get(state);
  if (kinds === undefined) {
    kinds = createTemplateKinds(state);
    cache.set(state, kinds);
  }
  return kinds;
}

/** In one go and in the order of the state: templates are then read as they lie in memory, not as their pods come. */
function createTemplateKinds(state: ClusterState): TemplateKinds {
  const read = keysRead(state);
  const { podTemplates } = state;
  const count = podTemplates.length;
  const told = new Told(read);
  const kinds = new Numbers();
  const labels = new Numbers();
  const rows = new ArrayBuffer((count << wantsBits) * Float64Array.BYTES_PER_ELEMENT);
  const numbers = new Int32Array(rows);
  const wants = new Float64Array(rows);
  const priority = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const template = podTemplates[index] as PodTemplate;
    const { needs } = template;
    const row = index << numbersBits;
    numbers[row + ofKind] = kinds.of(told.kind(template));
    numbers[row + ofLabels] = labels.of(told.labels(template));
    numbers[row + isSimple] = (needs.ephemeralStorageBytes ?? needs.extended ?? template.volumes) === undefined ? 1 : 0;
    wants[(index << wantsBits) + cpuWanted] = needs.cpuMillicores;
    wants[(index << wantsBits) + memoryWanted] = needs.memoryBytes;
    priority[index] = template.priority ?? 0;
  }
  return {
    ...read,
    numbers,
    wants,
    priority,
    ownLabels(template, own) {
      if (own === undefined) return '';
      const shared = (podTemplates[template] as PodTemplate).labels;
      const differing = Object.keys(own).filter(
        (key) => read.podLabels.has(key) && !(Object.hasOwn(shared, key) && shared[key] === own[key]),
      );
      return differing.length === 0 ? '' : JSON.stringify(differing.sort().map((key) => [key, own[key]]));
    },
  };
}

/** What is known of the terms, constraints and labels of the templates so far, as sequences of facts. */
class Told {
  readonly #sequences = new Sequences();
  readonly #read: KeysRead;

  constructor(read: KeysRead) {
    this.#read = read;
  }

  /** Everything that a selector may read, and the terms by which bound pods keep others away. */
  labels(template: PodTemplate): number {
    return this.#labels(0, template, this.#read.podLabels);
  }

  /** Everything that any filter reads but cpu, memory and labels that no term of pod affinity reads. */
  kind(template: PodTemplate): number {
    const labels = this.#labels(0, template, this.#read.termLabels);
    const near = this.#terms(labels, template.podAffinity?.required);
    return this.#with(this.#spread(near, template), rareText(template));
  }

  #with(sequence: number, fact: Fact): number {
    return this.#sequences.after(sequence, fact);
  }

  /** Lists end with what is no part of them, so that one sequence is not read in two ways. */
  #labels(from: number, { namespace, labels, podAntiAffinity }: PodTemplate, keys: ReadonlySet<string>): number {
    let at = this.#with(from, namespace);
    for (const key in labels)
      if (keys.has(key) && Object.hasOwn(labels, key)) at = this.#with(this.#with(at, key), labels[key] as string);
    return this.#terms(this.#with(at, false), podAntiAffinity?.required);
  }

  /** Terms and constraints of a usual form are read as they are: a hundred thousand of them are not quick as JSON. */
  #terms(from: number, terms: readonly PodAffinityTerm[] | undefined): number {
    let at = from;
    for (const term of terms ?? []) {
      const { labelSelector, topologyKey, namespaces, namespaceSelector, matchLabelKeys, mismatchLabelKeys } = term;
      const usual = (namespaces ?? namespaceSelector ?? matchLabelKeys ?? mismatchLabelKeys) === undefined;
      at = this.#with(at, usual);
      at = usual ? this.#selector(this.#with(at, topologyKey), labelSelector) : this.#with(at, JSON.stringify(term));
    }
    return this.#with(at, undefined);
  }

  /** Of the labels of the pod itself a usual constraint asks but whether it is among those that it spreads. */
  #spread(from: number, template: PodTemplate): number {
    let at = from;
    for (const constraint of template.topologySpread ?? []) {
      const { labelSelector, topologyKey, maxSkew, whenUnsatisfiable } = constraint;
      const { minDomains, nodeAffinityPolicy, nodeTaintsPolicy, matchLabelKeys } = constraint;
      const usual = (minDomains ?? nodeAffinityPolicy ?? nodeTaintsPolicy ?? matchLabelKeys) === undefined;
      if (usual) {
        at = this.#with(this.#with(this.#with(at, maxSkew), whenUnsatisfiable), topologyKey);
        at = this.#with(this.#selector(at, labelSelector), selects(labelSelector, template.labels));
      } else at = this.#labels(this.#with(at, JSON.stringify(constraint)), template, this.#read.podLabels);
    }
    return this.#with(at, false);
  }

  #selector(from: number, selector: LabelSelector | undefined): number {
    if (selector?.matchLabels === undefined || selector.matchExpressions !== undefined)
      return this.#with(this.#with(from, true), JSON.stringify(selector ?? null));
    let at = from;
    for (const key in selector.matchLabels)
      if (Object.hasOwn(selector.matchLabels, key))
        at = this.#with(this.#with(at, key), selector.matchLabels[key] as string);
    return this.#with(at, false);
  }
}

/** What few templates have, as one text; empty for most. */
function rareText(template: PodTemplate): string {
  const { needs } = template;
  return (
    part('scheduler', template.schedulerName) +
    part('gates', template.schedulingGates) +
    part('node', template.nodeName) +
    part('selector', template.nodeSelector) +
    part('affinity', template.nodeAffinity?.required) +
    part('tolerations', template.tolerations) +
    part('ports', template.hostPorts) +
    part('volumes', template.volumes) +
    part('claims', template.resourceClaims) +
    part('group', template.podGroup) +
    part('features', template.requiredNodeFeatures) +
    part('storage', needs.ephemeralStorageBytes) +
    part('extended', needs.extended)
  );
}

function part(name: string, value: unknown): string {
  return value === undefined ? '' : ` ${name}:${JSON.stringify(value)}`;
}

type KeysRead = Pick<TemplateKinds, 'podLabels' | 'nodeLabels' | 'topologyKeys'> & {
  /** Those of the keys of pods that terms of pod affinity read. */
  readonly termLabels: ReadonlySet<string>;
};

function keysRead(state: ClusterState): KeysRead {
  const podLabels = new Set<string>();
  const termLabels = new Set<string>();
  const nodeLabels = new Set<string>();
  const topologyKeys = new Set<string>();
  for (const { nodeSelector, nodeAffinity, topologySpread, podAffinity, podAntiAffinity } of state.podTemplates) {
    for (const key in nodeSelector) if (Object.hasOwn(nodeSelector, key)) nodeLabels.add(key);
    if (nodeAffinity?.required !== undefined)
      for (const { matchExpressions = [] } of nodeAffinity.required.nodeSelectorTerms)
        for (const { key } of matchExpressions) nodeLabels.add(key);
    if (topologySpread !== undefined)
      for (const constraint of topologySpread) {
        if (constraint.whenUnsatisfiable === 'DoNotSchedule') topologyKeys.add(constraint.topologyKey);
        addSelected(podLabels, constraint.labelSelector);
        addAll(podLabels, constraint.matchLabelKeys);
      }
    if (podAffinity?.required !== undefined) addTerms(podAffinity.required, termLabels, topologyKeys);
    if (podAntiAffinity?.required !== undefined) addTerms(podAntiAffinity.required, termLabels, topologyKeys);
  }
  addAll(podLabels, termLabels);
  // Default spread constraints select by services and owners; see default-spread.ts.
  for (const { defaultConstraints } of state.scheduler.profiles) {
    if (defaultConstraints === 'System') continue;
    podLabels.add('pod-template-hash');
    for (const constraint of defaultConstraints) {
      topologyKeys.add(constraint.topologyKey);
      addAll(podLabels, constraint.matchLabelKeys);
    }
    for (const { selector } of state.services)
      addSelected(podLabels, selector === undefined ? undefined : { matchLabels: selector });
    for (const { selector } of state.workloads) addSelected(podLabels, selector);
  }
  return { podLabels, termLabels, nodeLabels, topologyKeys };
}

function addTerms(terms: readonly PodAffinityTerm[], labels: Set<string>, topologyKeys: Set<string>): void {
  for (const term of terms) {
    topologyKeys.add(term.topologyKey);
    addSelected(labels, term.labelSelector);
    addAll(labels, term.matchLabelKeys);
    addAll(labels, term.mismatchLabelKeys);
  }
}

function addSelected(into: Set<string>, selector: LabelSelector | undefined): void {
  const matchLabels = selector?.matchLabels;
  for (const key in matchLabels) if (Object.hasOwn(matchLabels, key)) into.add(key);
  for (const { key } of selector?.matchExpressions ?? []) into.add(key);
}

function addAll(into: Set<string>, keys: Iterable<string> | undefined): void {
  if (keys !== undefined) for (const key of keys) into.add(key);
}
