import type { ClusterState, LabelSelector, PodAffinityTerm, PodTemplate } from '@cloudoptim/core';
import { type Labels, selects } from '../labels.js';

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
  /** By template: the number of its kind, which is what incoming pods ask. Labels that bear on no answer are not part of it. */
  readonly kind: Int32Array;
  /** By template: the number of the set of pods that selectors cannot tell from its pods. */
  readonly labels: Int32Array;
  /** By template: what its pods want, in millicores and bytes. */
  readonly cpuMillicores: Float64Array;
  readonly memoryBytes: Float64Array;
  /** By template: 1 when its pods hold nothing of a node but cpu, memory and their place, and no volume. */
  readonly isSimple: Uint8Array;
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
  const kinds = new Numbers();
  const labels = new Numbers();
  const known = {
    kind: new Int32Array(count),
    labels: new Int32Array(count),
    cpuMillicores: new Float64Array(count),
    memoryBytes: new Float64Array(count),
    isSimple: new Uint8Array(count),
    priority: new Float64Array(count),
  };
  for (let index = 0; index < count; index++) {
    const template = podTemplates[index] as PodTemplate;
    const { needs } = template;
    known.labels[index] = labels.of(labelsText(template, read.podLabels));
    known.kind[index] = kinds.of(labelsText(template, read.termLabels) + kindText(template, read.podLabels));
    known.cpuMillicores[index] = needs.cpuMillicores;
    known.memoryBytes[index] = needs.memoryBytes;
    known.priority[index] = template.priority ?? 0;
    known.isSimple[index] = (needs.ephemeralStorageBytes ?? needs.extended ?? template.volumes) === undefined ? 1 : 0;
  }
  return {
    ...read,
    ...known,
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

/** Numbers texts in the order of their coming. */
export class Numbers {
  readonly #known = new Map<string, number>();

  of(text: string): number {
    let number = this.#known.get(text);
    if (number === undefined) {
      number = this.#known.size;
      this.#known.set(text, number);
    }
    return number;
  }
}

/** Everything that a selector may read by these keys, and the terms by which bound pods keep others away. */
function labelsText({ namespace, labels, podAntiAffinity }: PodTemplate, keys: ReadonlySet<string>): string {
  let text = sized(namespace);
  for (const key in labels)
    if (keys.has(key) && Object.hasOwn(labels, key)) text += sized(key) + sized(labels[key] as string);
  return text + termsPart('averse', podAntiAffinity?.required);
}

/** Texts that are put together this way are equal only when their parts are. */
function sized(text: string): string {
  return `${text.length} ${text}`;
}

/** Everything that any filter reads but cpu, memory and the labels that terms of pod affinity read. */
function kindText(template: PodTemplate, podLabels: ReadonlySet<string>): string {
  const { needs } = template;
  return (
    part('scheduler', template.schedulerName) +
    part('gates', template.schedulingGates) +
    part('node', template.nodeName) +
    part('selector', template.nodeSelector) +
    part('affinity', template.nodeAffinity?.required) +
    termsPart('near', template.podAffinity?.required) +
    part('tolerations', template.tolerations) +
    spreadPart(template, podLabels) +
    part('ports', template.hostPorts) +
    part('volumes', template.volumes) +
    part('claims', template.resourceClaims) +
    part('group', template.podGroup) +
    part('features', template.requiredNodeFeatures) +
    part('storage', needs.ephemeralStorageBytes) +
    part('extended', needs.extended)
  );
}

/** Terms and constraints of a usual form are put into words by hand: a hundred thousand of them are not quick as JSON. */
function termsPart(name: string, terms: readonly PodAffinityTerm[] | undefined): string {
  if (terms === undefined) return '';
  let text = ` ${name}:`;
  for (const term of terms) {
    const { labelSelector, topologyKey, namespaces, namespaceSelector, matchLabelKeys, mismatchLabelKeys } = term;
    const usual = (namespaces ?? namespaceSelector ?? matchLabelKeys ?? mismatchLabelKeys) === undefined;
    text += usual ? sized(topologyKey) + selectorText(labelSelector) : JSON.stringify(term);
  }
  return text;
}

/** Of the labels of the pod itself a usual constraint asks but whether it is among those that it spreads. */
function spreadPart(template: PodTemplate, podLabels: ReadonlySet<string>): string {
  const { topologySpread, labels } = template;
  if (topologySpread === undefined) return '';
  let text = ' spread:';
  for (const constraint of topologySpread) {
    const { labelSelector, topologyKey, maxSkew, whenUnsatisfiable } = constraint;
    const { minDomains, nodeAffinityPolicy, nodeTaintsPolicy, matchLabelKeys } = constraint;
    const usual = (minDomains ?? nodeAffinityPolicy ?? nodeTaintsPolicy ?? matchLabelKeys) === undefined;
    text += usual
      ? `${maxSkew} ${whenUnsatisfiable} ${sized(topologyKey)}${selectorText(labelSelector)}${selects(labelSelector, labels)}`
      : JSON.stringify(constraint) + sized(labelsText(template, podLabels));
  }
  return text;
}

function selectorText(selector: LabelSelector | undefined): string {
  if (selector?.matchLabels === undefined || selector.matchExpressions !== undefined)
    return `${JSON.stringify(selector ?? null)};`;
  let text = '';
  for (const key in selector.matchLabels)
    if (Object.hasOwn(selector.matchLabels, key)) text += sized(key) + sized(selector.matchLabels[key] as string);
  return `(${text})`;
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
