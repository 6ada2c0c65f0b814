import type { Action, Market, Node, OfferingRef } from '@cloudoptim/core';

type Launch = Extract<Action, { kind: 'launch-node' }>;

/** Of a plan's id, a hash in hex: so much tells apart all plans that a cluster ever sees, and leaves a node's name short. */
const idLength = 12;

/** The uid that a node goes by in a state after a plan, until its own is known. */
export function launchedUid(planId: string, key: string): string {
  return `launch:${planId.slice(0, idLength)}:${key}`;
}

/**
 * The node as the plan assumes it, had it been launched as this offering: Ready, its startup taints gone. Until the real name is
 * known it goes by the plan and the key of its launch: plans use the same keys again, and their nodes are not the same.
 */
export function launchedNode(
  planId: string,
  launch: Launch,
  offering: OfferingRef,
  atMs: number,
  market?: Market,
): Node {
  const { template, key, via } = launch;
  const plan = planId.slice(0, idLength);
  const name = `launch-${plan}-${key}`;
  const type = market?.instanceTypes.find((entry) => entry.name === offering.instanceType);
  const region = market?.region;
  const claimed = via.kind === 'karpenter' || via.kind === 'eks-auto';
  return {
    uid: launchedUid(planId, key),
    name,
    createdAtMs: atMs,
    labels: {
      ...type?.labels,
      ...template.labels,
      'kubernetes.io/hostname': name,
      'kubernetes.io/arch': template.architecture,
      'kubernetes.io/os': template.operatingSystem,
      'node.kubernetes.io/instance-type': offering.instanceType,
      'topology.kubernetes.io/zone': offering.zone,
      'karpenter.sh/capacity-type': offering.capacityType,
      ...(region === undefined ? {} : { 'topology.kubernetes.io/region': region }),
      ...(claimed && via.name !== undefined ? { 'karpenter.sh/nodepool': via.name } : {}),
    },
    taints: template.taints,
    ready: true,
    readySinceMs: atMs,
    allocatable: launch.assumedAllocatable,
    instanceType: offering.instanceType,
    zone: offering.zone,
    ...(region === undefined ? {} : { region }),
    capacityType: offering.capacityType,
    owner: claimed ? { ...via, nodeClaim: name } : via,
    autoscaler: claimed ? (via.kind === 'karpenter' ? 'karpenter' : 'eks-auto') : 'unknown',
    ...(template.csiDrivers === undefined ? {} : { csiDrivers: template.csiDrivers }),
  };
}
