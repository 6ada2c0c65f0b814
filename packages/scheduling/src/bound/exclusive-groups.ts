import type { ClusterState } from '@cloudoptim/core';
import { asksForNamespaceLabels, resolveTerm } from '../affinity-term.js';
import { selects } from '../labels.js';

/** Groups of pods of which no two can be put on one node. */
export interface ExclusiveGroups {
  /** The group of a pod that has the one template now and the other once it was moved; -1 when there is none. */
  of(template: number, successor: number): number;
}

/**
 * Pods that carry the same required anti-affinity by hostname, and that it selects: any two of them repel each other, so a
 * group of k needs k nodes. Pods that share a host port likewise. A pod with several such terms is counted in the first.
 */
export function exclusiveGroups(state: ClusterState): ExclusiveGroups {
  const groups = new Map<string, number>();
  const byTemplate = state.podTemplates.map((_, template) =>
    exclusionsOf(state, template).map((key) => {
      const group = groups.get(key) ?? groups.size;
      groups.set(key, group);
      return group;
    }),
  );
  return {
    of(template, successor) {
      const after = byTemplate[successor] ?? [];
      return byTemplate[template]?.find((group) => after.includes(group)) ?? -1;
    },
  };
}

/** Labels that single pods have beyond their template: a selector that asks for them is not judged by the template. */
const ownLabels = /^(statefulset\.kubernetes\.io|apps\.kubernetes\.io|batch\.kubernetes\.io)\//;

function exclusionsOf(state: ClusterState, template: number): string[] {
  const entry = state.podTemplates[template];
  if (entry === undefined) return [];
  const { namespace, labels } = entry;
  const keys: string[] = [];
  for (const asked of entry.podAntiAffinity?.required ?? []) {
    if (asked.topologyKey !== 'kubernetes.io/hostname') continue;
    const term = resolveTerm(asked, namespace, labels);
    const { selector, namespaces } = term;
    const asksOwn =
      [...(asked.matchLabelKeys ?? []), ...(asked.mismatchLabelKeys ?? [])].some((key) => ownLabels.test(key)) ||
      [...Object.keys(selector?.matchLabels ?? {}), ...(selector?.matchExpressions ?? []).map(({ key }) => key)].some(
        (key) => ownLabels.test(key),
      );
    if (asksOwn || asksForNamespaceLabels(term)) continue;
    if (!namespaces.includes(namespace) && term.namespaceSelector === undefined) continue;
    if (selects(selector, labels)) keys.push(`anti-affinity ${term.key}`);
  }
  for (const { port, protocol, hostIp } of entry.hostPorts ?? [])
    if (port > 0) keys.push(`host port ${hostIp} ${protocol} ${port}`);
  return keys;
}
