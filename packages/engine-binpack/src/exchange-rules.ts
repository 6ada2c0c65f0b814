import type { ClusterState, PodTemplate } from '@cloudoptim/core';
import { selects } from '@cloudoptim/scheduling';
import { SelectedTemplates } from './selected-templates.js';

const zoneKey = 'topology.kubernetes.io/zone';
const hostnameKey = 'kubernetes.io/hostname';

/** What a template's rules between pods ask of a packing that knows only room, labels and pods that repel each other. */
export interface ExchangeRule {
  /** Its pods keep the zone that they are in. */
  readonly keepsZone: boolean;
  /** No two pods of one number share a node; -1: they may. */
  readonly apart: number;
}

/**
 * By template of the state. Where all nodes of a set go together, pods that spread over zones or gather in one cannot change
 * theirs: the others of their kind still hold them there. Pods that spread over nodes get one each, if they are few enough that
 * some node will have none of them, which by a skew of one means that none has two.
 */
export function exchangeRules(state: ClusterState): readonly ExchangeRule[] {
  const groups = new Map<string, { readonly number: number; readonly pods: number }>();
  const pods = podsByTemplate(state);
  const selected = new SelectedTemplates(state.podTemplates);
  return state.podTemplates.map((template) => {
    const [spread] = hardSpreads(template, hostnameKey).filter(
      ({ labelSelector, maxSkew }) => maxSkew === 1 && selects(labelSelector, template.labels),
    );
    if (spread === undefined) return { keepsZone: isHeldByZone(template), apart: -1 };
    const key = JSON.stringify([template.namespace, spread.labelSelector ?? null]);
    let group = groups.get(key);
    if (group === undefined) {
      const alike = selected.of(template.namespace, spread.labelSelector);
      group = { number: groups.size, pods: alike.reduce((sum, other) => sum + (pods[other] as number), 0) };
      groups.set(key, group);
    }
    const areFew = 2 * group.pods <= state.nodes.length;
    return { keepsZone: isHeldByZone(template), apart: areFew ? group.number : -1 };
  });
}

function isHeldByZone(template: PodTemplate): boolean {
  const { podAffinity, podAntiAffinity } = template;
  const terms = [...(podAffinity?.required ?? []), ...(podAntiAffinity?.required ?? [])];
  return hardSpreads(template, zoneKey).length > 0 || terms.some(({ topologyKey }) => topologyKey === zoneKey);
}

function hardSpreads({ topologySpread = [] }: PodTemplate, key: string) {
  return topologySpread.filter(
    ({ topologyKey, whenUnsatisfiable }) => topologyKey === key && whenUnsatisfiable === 'DoNotSchedule',
  );
}

function podsByTemplate({ pods, podTemplates }: ClusterState): number[] {
  const counts = podTemplates.map(() => 0);
  for (let pod = 0; pod < pods.count; pod++) {
    const template = pods.template[pod] as number;
    if (pods.node[pod] !== -1) counts[template] = (counts[template] as number) + 1;
  }
  return counts;
}
