import type { Node, NodeClaim, NodeOwner, NodeResources } from '@cloudoptim/core';
import { testInstanceTypes } from './instance-shapes.js';

/** A node as tests describe it; everything has a default. */
export interface NodeSpec {
  readonly name?: string;
  /** One of `testInstanceTypes`, or a name that the test's own market knows; default `m5.xlarge`. */
  readonly instanceType?: string;
  /** Default `us-east-1a`. */
  readonly zone?: string;
  /** Default `on-demand`. */
  readonly capacityType?: Node['capacityType'];
  /** Beyond the well-known labels. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints?: Node['taints'];
  readonly unschedulable?: boolean;
  readonly ready?: boolean;
  readonly deletionAtMs?: number;
  /** What differs from the instance type's allocatable. */
  readonly allocatable?: Partial<NodeResources>;
  /** Default: Karpenter, NodePool `default`, with a NodeClaim named after the node. */
  readonly owner?: NodeOwner;
  readonly autoscaler?: Node['autoscaler'];
  readonly createdAtMs?: number;
  readonly csiDrivers?: Node['csiDrivers'];
  /** False leaves the instance type off the node, so that it has no price. */
  readonly typeKnown?: boolean;
}

/** Makes the Node of a description, named `node-<index>` unless it says otherwise. */
export function createNode(spec: NodeSpec, index: number, takenAtMs: number): Node {
  const name = spec.name ?? `node-${index}`;
  const type = spec.instanceType ?? 'm5.xlarge';
  const zone = spec.zone ?? 'us-east-1a';
  const capacityType = spec.capacityType ?? 'on-demand';
  const owner = ownerOf(spec.owner ?? { kind: 'karpenter', name: 'default' }, name);
  const known = testInstanceTypes.find((candidate) => candidate.name === type);
  const base = known?.allocatable ?? { cpuMillicores: 3900, memoryBytes: 15 * 2 ** 30, pods: 58 };
  const createdAtMs = spec.createdAtMs ?? takenAtMs - 30 * 86_400_000;
  const { labels, annotations, taints, unschedulable, deletionAtMs } = spec;
  const isKarpenter = owner.kind === 'karpenter' && owner.name !== undefined;
  return {
    uid: `uid-${name}`,
    name,
    createdAtMs,
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/arch': known?.architecture ?? 'amd64',
      'kubernetes.io/os': 'linux',
      'topology.kubernetes.io/zone': zone,
      'topology.kubernetes.io/region': 'us-east-1',
      ...(spec.typeKnown === false ? {} : { 'node.kubernetes.io/instance-type': type }),
      ...(isKarpenter && owner.name !== undefined
        ? { 'karpenter.sh/nodepool': owner.name, 'karpenter.sh/capacity-type': capacityType }
        : {}),
      ...labels,
    },
    ...(annotations && { annotations }),
    ...(taints && { taints }),
    ...(unschedulable && { unschedulable }),
    ready: spec.ready ?? true,
    ...(spec.ready === false ? {} : { readySinceMs: createdAtMs + 60_000 }),
    ...(deletionAtMs !== undefined && { deletionAtMs }),
    allocatable: { ...base, ...spec.allocatable },
    providerId: `aws:///${zone}/i-${name}`,
    ...(spec.typeKnown === false ? {} : { instanceType: type }),
    region: 'us-east-1',
    zone,
    capacityType,
    owner,
    autoscaler: spec.autoscaler ?? autoscalerOf(owner),
    csiDrivers: spec.csiDrivers ?? [{ name: 'ebs.csi.aws.com', allocatableCount: 25 }],
  };
}

/** The NodeClaim behind a node that Karpenter or Auto Mode owns. */
export function createNodeClaim(node: Node): NodeClaim | undefined {
  const { nodeClaim, name } = node.owner;
  if (nodeClaim === undefined) return undefined;
  return {
    name: nodeClaim,
    uid: `uid-${nodeClaim}`,
    ...(name !== undefined && { nodePool: name }),
    nodeName: node.name,
    ...(node.providerId !== undefined && { providerId: node.providerId }),
    ...(node.instanceType !== undefined && { instanceType: node.instanceType }),
    ...(node.zone !== undefined && { zone: node.zone }),
    ...(node.capacityType !== undefined && { capacityType: node.capacityType }),
    initialized: node.ready,
  };
}

/** Nodes of Karpenter and Auto Mode come from NodeClaims. */
function ownerOf(owner: NodeOwner, name: string): NodeOwner {
  const claimed = owner.kind === 'karpenter' || owner.kind === 'eks-auto';
  return claimed && owner.nodeClaim === undefined ? { ...owner, nodeClaim: `${name}-claim` } : owner;
}

function autoscalerOf(owner: NodeOwner): Node['autoscaler'] {
  if (owner.kind === 'karpenter') return 'karpenter';
  if (owner.kind === 'eks-auto') return 'eks-auto';
  if (owner.kind === 'unknown') return 'unknown';
  return owner.kind === 'self-managed' ? 'none' : 'cluster-autoscaler';
}
