import type { ApiClient } from '../../rig/api-client.js';
import { namespace as makeNamespace } from '../../rig/objects.js';
import { waitUntil } from '../../rig/wait-until.js';
import type { ClusterSpec } from './cluster-spec.js';
import { createNode } from './node-objects.js';
import { type Pool, zones } from './node-spec.js';

/** Creates everything of a cluster. Nodes become Ready and pods are placed afterwards, by the real controllers. */
export async function buildCluster(client: ApiClient, spec: ClusterSpec): Promise<void> {
  await makeNamespace(client, spec.namespace);
  for (const pool of spec.pools) await createPool(client, pool);
  for (const node of spec.nodes) await createNode(client, node);
  for (const { path, body } of spec.objects) await client.create(path, body);
}

async function createPool(client: ApiClient, pool: Pool): Promise<void> {
  if (pool.kind !== 'karpenter') return;
  const nodeClassRef = { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: pool.name };
  await client.create('/apis/karpenter.k8s.aws/v1/ec2nodeclasses', {
    ...{ apiVersion: 'karpenter.k8s.aws/v1', kind: 'EC2NodeClass', metadata: { name: pool.name } },
    spec: { amiFamily: 'AL2023' },
    status: { subnets: zones.map((zone) => ({ zone })) },
  });
  await client.create('/apis/karpenter.sh/v1/nodepools', {
    ...{ apiVersion: 'karpenter.sh/v1', kind: 'NodePool', metadata: { name: pool.name } },
    spec: {
      template: { spec: { nodeClassRef, requirements: [] } },
      disruption: { budgets: [{ nodes: pool.budget }] },
      ...(pool.cpuLimit !== undefined && { limits: { cpu: String(pool.cpuLimit) } }),
    },
  });
}

/** Key of the taints that drawn plans put on nodes. */
export const drawnTaint = 'drawn';

/**
 * Gives a cluster back what plans took from it: removed nodes come back under their names, none is cordoned or tainted. Pods
 * stay where they are, so that the next plan finds another cluster than the first.
 */
export async function mendCluster(client: ApiClient, spec: ClusterSpec): Promise<void> {
  const nodes = await client.list('/api/v1/nodes');
  const there = new Set(nodes.map(({ metadata }) => metadata?.name));
  for (const node of spec.nodes) {
    if (there.has(node.name)) continue;
    await client.remove(`/apis/karpenter.sh/v1/nodeclaims/${node.name}`);
    await client.remove(`/apis/storage.k8s.io/v1/csinodes/${node.name}`);
    await createNode(client, node);
  }
  for (const { metadata, spec: own } of nodes) {
    const { unschedulable, taints = [] } = own as { unschedulable?: boolean; taints?: readonly { key: string }[] };
    if (unschedulable !== true && !taints.some(({ key }) => key === drawnTaint)) continue;
    const kept = taints.filter(({ key }) => key !== drawnTaint && key !== 'node.kubernetes.io/unschedulable');
    await client.patch(
      `/api/v1/nodes/${metadata?.name}`,
      { spec: { unschedulable: null, taints: kept } },
      'merge-patch',
    );
  }
}

/** In a cluster or namespace being wiped, in this order: makers before what they make. */
const made = {
  namespaced: [
    'apis/apps/v1/$/deployments',
    'apis/apps/v1/$/statefulsets',
    'apis/apps/v1/$/daemonsets',
    'apis/batch/v1/$/jobs',
    'apis/apps/v1/$/replicasets',
    'api/v1/$/replicationcontrollers',
    'apis/policy/v1/$/poddisruptionbudgets',
    'api/v1/$/resourcequotas',
    'api/v1/$/pods',
    'api/v1/$/persistentvolumeclaims',
  ],
  cluster: [
    'apis/karpenter.sh/v1/nodeclaims',
    'apis/karpenter.sh/v1/nodepools',
    'apis/karpenter.k8s.aws/v1/ec2nodeclasses',
    'api/v1/nodes',
    'apis/storage.k8s.io/v1/csinodes',
    'api/v1/persistentvolumes',
  ],
};

/**
 * Removes a cluster, so that the control plane can take the next one. The namespace itself goes later, in its own time; pods
 * go at once, since on a node that is gone they would wait for the pod collector for a minute.
 */
export async function wipeCluster(client: ApiClient, { namespace }: ClusterSpec): Promise<void> {
  const own = made.namespaced.map((path) => `/${path.replace('$', `namespaces/${namespace}`)}`);
  const all = [...own, ...made.cluster.map((path) => `/${path}`)];
  const atOnce = { gracePeriodSeconds: 0, propagationPolicy: 'Background' };
  await waitUntil(
    `cluster ${namespace} to be gone`,
    async () => {
      let left = 0;
      for (const path of all) {
        const { items } = await client.get(`${path}?limit=1`);
        if ((items as readonly unknown[]).length === 0) continue;
        left++;
        await client.remove(path, atOnce);
      }
      return left === 0;
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
  await client.remove(`/api/v1/namespaces/${namespace}`);
}
