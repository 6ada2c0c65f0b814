import type { TopologySpreadConstraint } from '@cloudoptim/core';
import { defaultSelector } from '../default-spread.js';
import { included } from '../filters/pod-topology-spread.js';
import type { IncomingPod } from '../incoming-pod.js';
import type { PodFacts, SoftSpread } from '../pod-facts.js';
import { spreadConstraint } from '../spread-constraint.js';
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
  const { constraints, allKeys } = knownConstraints(pod, facts, view);
  if (constraints.length === 0) return [];
  const domains = constraints.map(({ topologyKey }) => view.topology.domains(topologyKey).of);
  const isScored = (node: number) => !allKeys || domains.every((of) => (of[node] ?? -1) !== -1);
  const scored = nodes.filter(isScored);
  const raw = new Float64Array(scored.length);
  for (const [at, constraint] of constraints.entries()) {
    const of = domains[at] as readonly number[];
    const { perNode } = constraint.matching;
    const counts = constraint.topologyKey === hostname ? undefined : new Map(scored.map((node) => [of[node] ?? -1, 0]));
    const weight = Math.log((counts?.size ?? scored.length) + 2);
    if (counts !== undefined)
      for (let node = 0; node < view.nodeCount; node++) {
        const known = counts.get(of[node] ?? -1);
        if (known === undefined || !isScored(node) || !included(facts, constraint, node, view)) continue;
        counts.set(of[node] ?? -1, known + (perNode.get(node) ?? 0));
      }
    for (const [position, node] of scored.entries()) {
      const domain = of[node] ?? -1;
      if (domain === -1) continue;
      const count = (counts === undefined ? perNode.get(node) : counts.get(domain)) ?? 0;
      raw[position] = (raw[position] as number) + (count * weight + (constraint.maxSkew - 1));
    }
  }
  const rounded = raw.map(Math.round);
  const least = rounded.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = rounded.reduce((a, b) => Math.max(a, b), 0);
  let next = 0;
  return nodes.map((node) => {
    if (scored[next] !== node) return 0;
    const score = rounded[next++] as number;
    return most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most);
  });
}

/** Worked out once for the pods of a workload that have these facts. */
function knownConstraints(pod: IncomingPod, facts: PodFacts, view: View): SoftSpread {
  facts.soft ??= new Map();
  let known = facts.soft.get(pod.workload);
  if (known === undefined) {
    known = softConstraints(pod, facts, view);
    facts.soft.set(pod.workload, known);
  }
  return known;
}

function softConstraints(pod: IncomingPod, { template, labels }: PodFacts, view: View): SoftSpread {
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
