import { allocatable, ebsVolumeLimit, instanceLabels, instanceType, regionOfZone } from '@cloudoptim/catalog';
import type { ApiClient, KubernetesObject } from '../../rig/api-client.js';
import type { NodeSpec } from './node-spec.js';
import { resourceList } from './resource-list.js';

export const ebsDriver = 'ebs.csi.aws.com';

/** Makes a node as its owner would: its NodeClaim, the Node, and the CSINode that the EBS driver registers. Not Ready yet. */
export async function createNode(client: ApiClient, spec: NodeSpec): Promise<void> {
  const { labels, ownerReferences } = await claimOf(client, spec);
  await client.create('/api/v1/nodes', nodeObject(spec, labels, ownerReferences));
  await createCsiNode(client, spec.name, spec.instanceType);
}

/** `allocatableCount` as the driver would report it for the type. */
export async function createCsiNode(client: ApiClient, name: string, type: string): Promise<void> {
  const facts = instanceType(type);
  const limit = facts === undefined ? undefined : ebsVolumeLimit(facts);
  const { metadata } = await client.get(`/api/v1/nodes/${name}`);
  await client.create('/apis/storage.k8s.io/v1/csinodes', {
    metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid: metadata?.uid }] },
    spec: {
      drivers: [
        {
          name: ebsDriver,
          nodeID: name,
          topologyKeys: ['topology.kubernetes.io/zone'],
          ...(limit?.known && { allocatable: { count: limit.value } }),
        },
      ],
    },
  });
}

function nodeObject(
  { name, instanceType: type, zone, capacityType, annotations, taints }: NodeSpec,
  ownLabels: Readonly<Record<string, string>>,
  ownerReferences: readonly unknown[],
): KubernetesObject {
  const facts = instanceType(type);
  if (facts === undefined) throw new Error(`The catalogue has no ${type}.`);
  const offered = resourceList(allocatable(facts));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations,
      ownerReferences,
      labels: {
        ...instanceLabels(facts),
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/zone': zone,
        'topology.kubernetes.io/region': regionOfZone(zone) ?? zone,
        'karpenter.sh/capacity-type': capacityType,
        ...ownLabels,
      },
    },
    spec: { taints, providerID: `aws:///${zone}/i-${name}` },
    status: { allocatable: offered, capacity: offered, conditions: registering },
  };
}

/**
 * Conditions with which kubelets register (pkg/kubelet/kubelet_node_status.go, initialNode). Of a node without conditions the node lifecycle controller takes
 * its taint away at once, and pods that wait take room before those of DaemonSets, long before it is Ready.
 */
export const registering = [
  { type: 'Ready', status: 'False', reason: 'KubeletNotReady', lastHeartbeatTime: null },
] as const;

async function claimOf(client: ApiClient, { name, pool, zone, instanceType: type, capacityType }: NodeSpec) {
  const none = { ownerReferences: [] };
  switch (pool.kind) {
    case 'managed-node-group':
      return { ...none, labels: { 'eks.amazonaws.com/nodegroup': pool.name } };
    case 'self-managed':
      return { ...none, labels: { 'eks.amazonaws.com/compute-type': 'hybrid' } };
    case 'unknown':
      return { ...none, labels: {} };
    case 'karpenter':
      return {
        labels: { 'karpenter.sh/nodepool': pool.name },
        ownerReferences: [await createNodeClaim(client, { name, pool: pool.name, zone, type, capacityType })],
      };
  }
}

/** Returns the reference that the Node carries to its claim. */
export async function createNodeClaim(
  client: ApiClient,
  claim: {
    readonly name: string;
    readonly pool: string;
    readonly zone: string;
    readonly type: string;
    readonly capacityType: string;
  },
) {
  const { name, pool, zone, type, capacityType } = claim;
  const created = await client.create('/apis/karpenter.sh/v1/nodeclaims', {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: {
      name,
      labels: {
        'karpenter.sh/nodepool': pool,
        'node.kubernetes.io/instance-type': type,
        'topology.kubernetes.io/zone': zone,
        'karpenter.sh/capacity-type': capacityType,
      },
    },
    spec: {},
    status: {
      nodeName: name,
      providerID: `aws:///${zone}/i-${name}`,
      conditions: [{ type: 'Initialized', status: 'True' }],
    },
  });
  return { apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim', name, uid: created.metadata?.uid };
}
