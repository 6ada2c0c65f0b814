import type { ClusterState, LabelSelector, PodTemplate } from '@cloudoptim/core';

/** What a template's pods ask of other pods, by keys that are the same for the same selector, and which of them select it. */
export interface Terms {
  /** Required anti-affinity over nodes that it carries. */
  readonly apart: readonly string[];
  readonly spreadOverNodes: readonly { readonly key: string; readonly maxSkew: number }[];
  readonly spreadOverZones: readonly {
    readonly key: string;
    readonly maxSkew: number;
    readonly zones: readonly string[];
  }[];
  /** Required affinity over zones. */
  readonly togetherInZone: readonly string[];
  /** Terms over nodes, of any pod, that select it. */
  readonly selectedBy: readonly string[];
  /** Terms over zones, of any pod, that select it. */
  readonly selectedOverZones: readonly string[];
}

interface Term {
  readonly key: string;
  readonly namespace: string;
  readonly selector: LabelSelector;
}

/** By template. Selectors by matchLabels only, within the pod's own namespace: what the fixtures have. */
export function termsOf(state: ClusterState): Terms[] {
  const zones = state.nodeClasses[0]?.zones ?? [...new Set(state.nodes.flatMap(({ zone }) => zone ?? []))].sort();
  const overNodes = new Map<string, Term>();
  const overZones = new Map<string, Term>();
  const note = (into: Map<string, Term>, kind: string, { namespace }: PodTemplate, selector: LabelSelector = {}) => {
    const key = `${kind} ${namespace} ${JSON.stringify(selector)}`;
    into.set(key, { key, namespace, selector });
    return key;
  };
  const own = state.podTemplates.map((template) => {
    const { podAntiAffinity, podAffinity, topologySpread = [] } = template;
    const hard = topologySpread.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');
    return {
      apart: (podAntiAffinity?.required ?? [])
        .filter(({ topologyKey }) => topologyKey === hostname)
        .map(({ labelSelector }) => note(overNodes, 'apart', template, labelSelector)),
      spreadOverNodes: hard
        .filter(({ topologyKey }) => topologyKey === hostname)
        .map(({ labelSelector, maxSkew }) => ({ key: note(overNodes, 'spread', template, labelSelector), maxSkew })),
      spreadOverZones: hard
        .filter(({ topologyKey }) => topologyKey === zoneKey)
        .map(({ labelSelector, maxSkew }) => ({
          key: note(overZones, 'spread', template, labelSelector),
          maxSkew,
          zones,
        })),
      togetherInZone: (podAffinity?.required ?? [])
        .filter(({ topologyKey }) => topologyKey === zoneKey)
        .map(({ labelSelector }) => note(overZones, 'together', template, labelSelector)),
    };
  });
  const [nodeTerms, zoneTerms] = [byLabel(overNodes), byLabel(overZones)];
  return own.map((terms, index) => {
    const template = state.podTemplates[index] as PodTemplate;
    return { ...terms, selectedBy: selecting(nodeTerms, template), selectedOverZones: selecting(zoneTerms, template) };
  });
}

/** Terms by one label that they ask for, so that thousands of terms need not be put to every template. */
function byLabel(terms: ReadonlyMap<string, Term>): Map<string, Term[]> {
  const index = new Map<string, Term[]>();
  for (const term of terms.values()) {
    const [label] = Object.entries(term.selector.matchLabels ?? {});
    if (label === undefined) throw new RangeError('A selector without matchLabels is not rendered by this baseline.');
    const name = label.join('=');
    index.set(name, [...(index.get(name) ?? []), term]);
  }
  return index;
}

function selecting(index: ReadonlyMap<string, readonly Term[]>, { namespace, labels }: PodTemplate): string[] {
  return Object.entries(labels).flatMap((label) =>
    (index.get(label.join('=')) ?? []).flatMap(({ key, namespace: within, selector }) => {
      const all = Object.entries(selector.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
      return within === namespace && all ? [key] : [];
    }),
  );
}

const hostname = 'kubernetes.io/hostname';
const zoneKey = 'topology.kubernetes.io/zone';
