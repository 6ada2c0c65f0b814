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
  const keys = constraints.map(({ topologyKey }) => view.topology.domains(topologyKey).of);
  const isScored = (node: number) => !allKeys || keys.every((of) => (of[node] ?? -1) !== -1);
  const scored = allKeys ? nodes.filter(isScored) : nodes;
  const raw = new Float64Array(scored.length);
  for (const [at, constraint] of constraints.entries()) {
    const of = keys[at] as readonly number[];
    const { perNode } = constraint.matching;
    const domains = constraint.topologyKey === hostname ? undefined : new Map<number, number>();
    if (domains !== undefined) {
      for (const node of scored) domains.set(of[node] ?? -1, 0);
      for (const [node, pods] of perNode) {
        const known = domains.get(of[node] ?? -1);
        if (known !== undefined && isScored(node) && included(facts, constraint, node, view))
          domains.set(of[node] ?? -1, known + pods);
      }
    }
    const weight = Math.log((domains?.size ?? scored.length) + 2);
    for (let position = 0; position < scored.length; position++) {
      const node = scored[position] as number;
      const domain = of[node] ?? -1;
      if (domain === -1) continue;
      const count = (domains === undefined ? perNode.get(node) : domains.get(domain)) ?? 0;
      raw[position] = (raw[position] as number) + (count * weight + (constraint.maxSkew - 1));
    }
  }
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let position = 0; position < raw.length; position++) {
    const score = Math.round(raw[position] as number);
    raw[position] = score;
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  let next = 0;
  return nodes.map((node) => {
    if (scored[next] !== node) return 0;
    const score = raw[next++] as number;
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
