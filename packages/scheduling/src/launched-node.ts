import type { Action, Market, Node, OfferingRef } from '@cloudoptim/core';

type Launch = Extract<Action, { kind: 'launch-node' }>;

/** uid of the node that a launch brings, until the real one is known. */
function launchedUid(key: string): string {
  return `launch:${key}`;
}

/** The node as the plan assumes it, had it been launched as this offering: Ready, its startup taints gone. */
export function launchedNode(launch: Launch, offering: OfferingRef, atMs: number, market?: Market): Node {
  const { template, key, via } = launch;
  const name = `launch-${key}`;
  const type = market?.instanceTypes.find((entry) => entry.name === offering.instanceType);
  const region = market?.region;
  const claimed = via.kind === 'karpenter' || via.kind === 'eks-auto';
  return {
    uid: launchedUid(key),
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
