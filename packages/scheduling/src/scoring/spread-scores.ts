import type { TopologySpreadConstraint } from '@cloudoptim/core';
import { defaultSelector } from '../default-spread.js';
import { included } from '../filters/pod-topology-spread.js';
import type { IncomingPod } from '../incoming-pod.js';
import type { PodFacts } from '../pod-facts.js';
import { type SpreadConstraint, spreadConstraint } from '../spread-constraint.js';
import type { View } from '../view.js';

const hostname = 'kubernetes.io/hostname';

/** kube-scheduler's own defaults, for pods of a controller or a service that have no constraints (podtopologyspread/plugin.go). */
const systemDefaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: hostname, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

/**
 * PodTopologySpread: the fewer pods of its kind in a node's domains the better. Small topologies are not watered down by
 * large ones: counts weigh the logarithm of how many domains there are (podtopologyspread/scoring.go).
 */
export function spreadScores(pod: IncomingPod, facts: PodFacts, nodes: readonly number[], view: View): number[] {
  const { constraints, allKeys } = softConstraints(pod, facts, view);
  if (constraints.length === 0) return [];
  const domains = constraints.map(({ topologyKey }) => view.topology.domains(topologyKey).of);
  const domainOf = (at: number, node: number) => domains[at]?.[node] ?? -1;
  const ignored = (node: number) => allKeys && constraints.some((_, at) => domainOf(at, node) === -1);
  const scored = nodes.filter((node) => !ignored(node));
  const raw = new Map(scored.map((node) => [node, 0]));
  for (const [at, constraint] of constraints.entries()) {
    const perNode = constraint.topologyKey === hostname;
    const counts = new Map(scored.map((node) => [domainOf(at, node), 0]));
    const weight = Math.log((perNode ? scored.length : counts.size) + 2);
    if (!perNode)
      for (let node = 0; node < view.nodeCount; node++) {
        const known = counts.get(domainOf(at, node));
        if (known === undefined || ignored(node) || !included(facts, constraint, node, view)) continue;
        counts.set(domainOf(at, node), known + (constraint.matching.perNode.get(node) ?? 0));
      }
    for (const node of scored) {
      if (domainOf(at, node) === -1) continue;
      const count = perNode ? constraint.matching.perNode.get(node) : counts.get(domainOf(at, node));
      raw.set(node, (raw.get(node) as number) + (count ?? 0) * weight + (constraint.maxSkew - 1));
    }
  }
  const rounded = new Map([...raw].map(([node, score]) => [node, Math.round(score)]));
  const least = Math.min(...rounded.values());
  const most = Math.max(0, ...rounded.values());
  return nodes.map((node) => {
    const score = rounded.get(node);
    if (score === undefined) return 0;
    return most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most);
  });
}

function softConstraints(
  pod: IncomingPod,
  { template, labels }: PodFacts,
  view: View,
): { readonly constraints: readonly SpreadConstraint[]; readonly allKeys: boolean } {
  const resolve = (constraint: TopologySpreadConstraint) =>
    spreadConstraint(constraint, template.namespace, labels, view);
  const soft = ({ whenUnsatisfiable }: TopologySpreadConstraint) => whenUnsatisfiable === 'ScheduleAnyway';
  const own = template.topologySpread ?? [];
  if (own.length > 0) return { constraints: own.filter(soft).map(resolve), allKeys: true };
  const profile = view.state.scheduler.profiles.find(
    ({ schedulerName }) => schedulerName === (template.schedulerName ?? 'default-scheduler'),
  );
  const system = profile === undefined || profile.defaultConstraints === 'System';
  const defaults = system ? systemDefaults : profile.defaultConstraints.filter(soft);
  const labelSelector = defaults.length === 0 ? undefined : defaultSelector(pod, template, labels, view);
  if (labelSelector === undefined) return { constraints: [], allKeys: !system };
  // A cluster without zones still spreads over nodes by the system's defaults.
  return { constraints: defaults.map((constraint) => resolve({ ...constraint, labelSelector })), allKeys: !system };
}
