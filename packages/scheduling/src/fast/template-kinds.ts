import type {
  ClusterState,
  LabelSelector,
  PodAffinityTerm,
  PodTemplate,
  TopologySpreadConstraint,
} from '@cloudoptim/core';
import type { Labels } from '../labels.js';

/**
 * What the templates of a state have in common. Templates of one kind differ in nothing but cpu, memory and what no filter
 * reads; so the 100,000 templates of a mix of sizes and constraints are a few thousand questions.
 */
export interface TemplateKinds {
  /** Label keys of pods that some selector may read. */
  readonly podLabels: ReadonlySet<string>;
  /** Label keys of nodes that some selector or affinity reads. */
  readonly nodeLabels: ReadonlySet<string>;
  /** Topology keys of all constraints that filter. */
  readonly topologyKeys: ReadonlySet<string>;
  /** By template: the number of its kind. */
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
    const number = labels.of(labelsText(template, read.podLabels));
    known.labels[index] = number;
    known.kind[index] = kinds.of(number + kindText(template));
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
class Numbers {
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

/** Everything that a selector may read, and the terms by which bound pods keep others away. */
function labelsText({ namespace, labels, podAntiAffinity }: PodTemplate, podLabels: ReadonlySet<string>): string {
  let text = sized(namespace);
  for (const key in labels)
    if (Object.hasOwn(labels, key) && podLabels.has(key)) text += sized(key) + sized(labels[key] as string);
  return text + termsPart('averse', podAntiAffinity?.required);
}

/** Texts that are put together this way are equal only when their parts are. */
function sized(text: string): string {
  return `${text.length} ${text}`;
}

/** Everything that any filter reads but labels, cpu and memory. */
function kindText(template: PodTemplate): string {
  const { needs } = template;
  return (
    part('scheduler', template.schedulerName) +
    part('gates', template.schedulingGates) +
    part('node', template.nodeName) +
    part('selector', template.nodeSelector) +
    part('affinity', template.nodeAffinity?.required) +
    termsPart('near', template.podAffinity?.required) +
    part('tolerations', template.tolerations) +
    spreadPart(template.topologySpread) +
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

function spreadPart(constraints: readonly TopologySpreadConstraint[] | undefined): string {
  if (constraints === undefined) return '';
  let text = ' spread:';
  for (const constraint of constraints) {
    const { labelSelector, topologyKey, maxSkew, whenUnsatisfiable } = constraint;
    const { minDomains, nodeAffinityPolicy, nodeTaintsPolicy, matchLabelKeys } = constraint;
    const usual = (minDomains ?? nodeAffinityPolicy ?? nodeTaintsPolicy ?? matchLabelKeys) === undefined;
    text += usual
      ? `${maxSkew} ${whenUnsatisfiable} ${sized(topologyKey)}${selectorText(labelSelector)}`
      : JSON.stringify(constraint);
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

function keysRead(state: ClusterState): Pick<TemplateKinds, 'podLabels' | 'nodeLabels' | 'topologyKeys'> {
  const podLabels = new Set<string>();
  const nodeLabels = new Set<string>();
  const topologyKeys = new Set<string>();
  const readKeys = (names: readonly string[] | undefined) => {
    if (names !== undefined) for (const key of names) podLabels.add(key);
  };
  const read = (selector: LabelSelector | undefined) => {
    if (selector?.matchLabels !== undefined) readKeys(Object.keys(selector.matchLabels));
    if (selector?.matchExpressions !== undefined) for (const { key } of selector.matchExpressions) podLabels.add(key);
  };
  for (const { nodeSelector, nodeAffinity, topologySpread, podAffinity, podAntiAffinity } of state.podTemplates) {
    if (nodeSelector !== undefined) for (const key of Object.keys(nodeSelector)) nodeLabels.add(key);
    for (const term of nodeAffinity?.required?.nodeSelectorTerms ?? [])
      for (const { key } of term.matchExpressions ?? []) nodeLabels.add(key);
    if (topologySpread !== undefined)
      for (const constraint of topologySpread) {
        if (constraint.whenUnsatisfiable === 'DoNotSchedule') topologyKeys.add(constraint.topologyKey);
        read(constraint.labelSelector);
        readKeys(constraint.matchLabelKeys);
      }
    for (const terms of [podAffinity?.required, podAntiAffinity?.required])
      for (const term of terms ?? []) {
        topologyKeys.add(term.topologyKey);
        read(term.labelSelector);
        readKeys(term.matchLabelKeys);
        readKeys(term.mismatchLabelKeys);
      }
  }
  // Default spread constraints select by services and owners; see default-spread.ts.
  for (const { defaultConstraints } of state.scheduler.profiles) {
    if (defaultConstraints === 'System') continue;
    podLabels.add('pod-template-hash');
    for (const constraint of defaultConstraints) {
      topologyKeys.add(constraint.topologyKey);
      readKeys(constraint.matchLabelKeys);
    }
    for (const { selector } of state.services) read(selector === undefined ? undefined : { matchLabels: selector });
    for (const { selector } of state.workloads) read(selector);
  }
  return { podLabels, nodeLabels, topologyKeys };
}
