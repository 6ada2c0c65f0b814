import { type ClusterState, defaultPolicy, isTerminal, type PodTemplate } from '@cloudoptim/core';
import type { DecisionCase } from '../arbitraries/decision-case.js';

/** A case in a few lines: who is where and what is special; everything else is as `buildCluster` makes it. */
export function describeCase({ cluster, market, policy, now, seed }: DecisionCase): string {
  const lines = [
    `Case: ${cluster.nodes.length} nodes, ${cluster.pods.count} pods, now ${new Date(now).toISOString()}, seed ${seed}`,
    ...cluster.nodes.map((node, index) => describeNode(cluster, index, node)),
    ...cluster.workloads.map((_, index) => describeWorkload(cluster, index)),
  ];
  const bare = podsOf(cluster, -1);
  if (bare.length > 0) lines.push(`  bare pods ${bare.join(', ')}`);
  for (const budget of cluster.podDisruptionBudgets) lines.push(`  budget ${safe(budget)}`);
  const pools = cluster.nodePools.filter(({ budgets }) => budgets?.[0]?.nodes !== '100%');
  if (pools.length > 0) lines.push(`  pools ${safe(pools)}`);
  const unknown = cluster.coverage.filter(({ state }) => state !== 'listed');
  if (unknown.length > 0) lines.push(`  unknown: ${unknown.map(({ kind, state }) => `${kind} ${state}`).join(', ')}`);
  const unpriced = market.offerings.filter(({ priceUsdPerHour }) => priceUsdPerHour === null);
  if (unpriced.length > 0)
    lines.push(`  without price: ${unpriced.map(({ instanceType, zone }) => `${instanceType} in ${zone}`).join(', ')}`);
  if (Object.keys(policy).length > 0 && policy !== defaultPolicy) lines.push(`  policy ${safe(policy)}`);
  return lines.join('\n');
}

function describeNode(state: ClusterState, index: number, node: ClusterState['nodes'][number]): string {
  const oddities = [
    node.owner.kind === 'karpenter' ? `pool ${node.owner.name}` : `${node.owner.kind} ${node.owner.name ?? ''}`.trim(),
    ...(node.unschedulable ? ['cordoned'] : []),
    ...(node.ready ? [] : ['not ready']),
    ...(node.deletionAtMs === undefined ? [] : ['terminating']),
    ...(node.taints?.length ? [`taints ${safe(node.taints)}`] : []),
    ...(node.annotations && Object.keys(node.annotations).length > 0 ? [safe(node.annotations)] : []),
  ];
  const pods = state.pods.name.filter((_, pod) => state.pods.node[pod] === index && !isTerminal(state, pod)).length;
  const { cpuMillicores, memoryBytes } = node.allocatable;
  return `  ${node.name}: ${node.instanceType ?? 'type unknown'} ${node.capacityType} ${node.zone}, ${cpuMillicores}m ${mib(memoryBytes)}, ${pods} pods, ${oddities.join(', ')}`;
}

function describeWorkload(state: ClusterState, index: number): string {
  const workload = state.workloads[index] as ClusterState['workloads'][number];
  const template = state.podTemplates[workload.successorTemplate];
  const needs =
    template === undefined ? 'template unknown' : `${template.needs.cpuMillicores}m ${mib(template.needs.memoryBytes)}`;
  const rollout = workload.rollout === 'stable' ? '' : `, rollout ${workload.rollout}`;
  return `  ${safe(workload.name)} (${workload.kind} in ${safe(workload.namespace)}): ${needs} on ${podsOf(state, index).join(', ') || 'nothing'}${rollout}${special(template)}`;
}

/** The pods of a workload as the names of their nodes. */
function podsOf(state: ClusterState, workload: number): string[] {
  return state.pods.name.flatMap((_, pod) => {
    if (state.pods.workload[pod] !== workload) return [];
    const { claims: _claims, labels: _labels, pinnedNode: _pinned, ...extra } = state.pods.extra[pod] ?? {};
    const where = state.nodes[state.pods.node[pod] as number]?.name ?? 'no node';
    return [Object.keys(extra).length > 0 ? `${where} ${safe(extra)}` : where];
  });
}

const ordinary = new Set(['namespace', 'labels', 'needs', 'containers', 'qosClass', 'readinessSeconds']);

function special(template: PodTemplate | undefined): string {
  const fields = Object.entries(template ?? {}).filter(([key]) => !ordinary.has(key));
  return fields.length === 0 ? '' : `, ${safe(Object.fromEntries(fields))}`;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)}Mi`;
}

/** JSON with control characters escaped, so that a generated name cannot paint the terminal; long texts are cut. */
function safe(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
