import type { TopologySpreadConstraint } from '@cloudoptim/core';
import { defaultSelector } from '../default-spread.js';
import { included } from '../filters/pod-topology-spread.js';
import type { IncomingPod } from '../incoming-pod.js';
import type { PodFacts, SoftSpread } from '../pod-facts.js';
import { type SpreadConstraint, spreadConstraint } from '../spread-constraint.js';
import type { Domains } from '../topology.js';
import type { View } from '../view.js';

const hostname = 'kubernetes.io/hostname';
/** Instead of a count: no node that is scored is in the domain. */
const notThere = -1;

/** kube-scheduler's own defaults, for pods of a controller or a service that have no constraints (podtopologyspread/plugin.go). */
const systemDefaults: readonly TopologySpreadConstraint[] = [
  { topologyKey: hostname, whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

/**
 * PodTopologySpread: the fewer pods of its kind in a node's domains the better. Small topologies are not watered down by
 * large ones: counts weigh the logarithm of how many domains there are (podtopologyspread/scoring.go).
 */
export function spreadScores(
  pod: IncomingPod,
  facts: PodFacts,
  nodes: readonly number[],
  view: View,
): ArrayLike<number> {
  const { constraints, allKeys } = knownConstraints(pod, facts, view);
  if (constraints.length === 0) return [];
  const keys = constraints.map(({ topologyKey }) => view.topology.domains(topologyKey));
  const isScored = (node: number) => !allKeys || keys.every(({ of }) => (of[node] ?? -1) !== -1);
  const scored = allKeys ? nodes.filter(isScored) : nodes;
  const raw = new Float64Array(scored.length);
  for (const [at, constraint] of constraints.entries()) {
    const domains = keys[at] as Domains;
    if (constraint.topologyKey === hostname) addByNode(raw, scored, constraint, domains);
    else
      addByDomain(
        raw,
        scored,
        constraint,
        domains,
        (node) => isScored(node) && included(facts, constraint, node, view),
      );
  }
  reverse(raw);
  if (!allKeys) return raw;
  let next = 0;
  return nodes.map((node) => (scored[next] === node ? (raw[next++] as number) : 0));
}

function addByNode(raw: Float64Array, nodes: readonly number[], constraint: SpreadConstraint, { of }: Domains): void {
  const { perNode } = constraint.matching;
  const weight = Math.log(nodes.length + 2);
  for (let position = 0; position < nodes.length; position++) {
    const node = nodes[position] as number;
    if ((of[node] ?? -1) === -1) continue;
    const count = perNode.size === 0 ? 0 : (perNode.get(node) ?? 0);
    raw[position] = (raw[position] as number) + (count * weight + (constraint.maxSkew - 1));
  }
}

function addByDomain(
  raw: Float64Array,
  nodes: readonly number[],
  constraint: SpreadConstraint,
  { of, count }: Domains,
  counts: (node: number) => boolean,
): void {
  // The last place is for nodes without the key: they are a domain of their own, and get nothing for it.
  const inDomain = new Int32Array(count + 1).fill(notThere);
  let different = 0;
  for (let position = 0; position < nodes.length; position++) {
    const domain = of[nodes[position] as number] ?? -1;
    const place = domain === -1 ? count : domain;
    if (inDomain[place] === notThere) different++;
    inDomain[place] = 0;
  }
  for (const [node, pods] of constraint.matching.perNode) {
    const domain = of[node] ?? -1;
    if (domain !== -1 && inDomain[domain] !== notThere && counts(node))
      inDomain[domain] = (inDomain[domain] as number) + pods;
  }
  const weight = Math.log(different + 2);
  for (let position = 0; position < nodes.length; position++) {
    const domain = of[nodes[position] as number] ?? -1;
    if (domain === -1) continue;
    raw[position] = (raw[position] as number) + ((inDomain[domain] as number) * weight + (constraint.maxSkew - 1));
  }
}

/** Turns "the more the worse" into scores of which the highest is 100. */
function reverse(raw: Float64Array): void {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let position = 0; position < raw.length; position++) {
    const score = Math.round(raw[position] as number);
    raw[position] = score;
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  for (let position = 0; position < raw.length; position++)
    raw[position] = most === 0 ? 100 : Math.trunc((100 * (most + least - (raw[position] as number))) / most);
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
