import { findKind, listPath } from '@cloudoptim/snapshot';
import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { namespace, node } from '../rig/objects.js';
import { waitUntil } from '../rig/wait-until.js';
import { defineCustomResources } from './custom-resources.js';

/**
 * Fills a cluster with at least one object of every kind that a ClusterState has a place for: three nodes of a Karpenter
 * pool (m5.large, on demand, us-east-1), of which one idles, a small shop with all its trimmings, and what else there is. Returns once its pods run.
 */
export async function fillCluster(client: ApiClient): Promise<void> {
  await defineCustomResources(client);
  await createNodes(client);
  await namespace(client, 'shop', { team: 'shop' });
  for (const object of objects()) await create(client, object);
  await waitUntil('every pod of the shop to run', async () => {
    const pods = await client.list('/api/v1/namespaces/shop/pods');
    const running = pods.filter((pod) => (pod.status as { readonly phase?: string }).phase === 'Running');
    return running.length >= 8 && running.length === pods.length;
  });
  await client.patch('/api/v1/nodes/node-idle', { spec: { unschedulable: null, taints: null } });
  await waitUntil('the disruption controller', async () => {
    const budget = await client.get('/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web');
    return (budget.status as { readonly currentHealthy?: number } | undefined)?.currentHealthy === 3;
  });
}

/** Creates an object where its kind and namespace say that it belongs. */
async function create(client: ApiClient, object: KubernetesObject): Promise<void> {
  const kind = findKind(String(object.kind));
  if (kind === undefined) throw new Error(`${object.kind} is no kind of a ClusterState.`);
  const path = listPath(kind);
  const split = path.lastIndexOf('/');
  const within = object.metadata?.namespace;
  await client.create(
    within === undefined ? path : `${path.slice(0, split)}/namespaces/${within}${path.slice(split)}`,
    object,
  );
}

async function createNodes(client: ApiClient): Promise<void> {
  for (const [position, zone] of ['us-east-1a', 'us-east-1b', 'us-east-1b'].entries()) {
    const name = position === 2 ? 'node-idle' : `node-${zone}`;
    await client.create(
      '/api/v1/nodes',
      node(name, {
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/os': 'linux',
          'node.kubernetes.io/instance-type': 'm5.large',
          'topology.kubernetes.io/region': 'us-east-1',
          'topology.kubernetes.io/zone': zone,
          'karpenter.sh/nodepool': 'general',
          'karpenter.sh/capacity-type': 'on-demand',
        },
        allocatable: { cpu: '1930m', memory: '7300Mi', pods: '29' },
        spec: {
          providerID: `aws:///${zone}/i-0000000000000000${position}`,
          // Nothing of the shop goes there while it is cordoned.
          ...(position === 2 && { unschedulable: true }),
        },
      }),
    );
    await create(client, {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodeClaim',
      metadata: { name: `claim-${name}`, labels: { 'karpenter.sh/nodepool': 'general' } },
      spec: {},
      status: { nodeName: name, providerID: `aws:///${zone}/i-0000000000000000${position}` },
    });
  }
}

const labels = (app: string) => ({ app, 'app.kubernetes.io/name': app });
const template = (app: string, spec: Readonly<Record<string, unknown>> = {}) => ({
  metadata: { labels: labels(app) },
  spec: { containers: [container], ...spec },
});
const container = { name: 'app', image: 'app', resources: { requests: { cpu: '100m', memory: '128Mi' } } };
const inShop = (name: string) => ({ namespace: 'shop', name });
const selecting = (app: string) => ({ matchLabels: labels(app) });

function objects(): KubernetesObject[] {
  return [...settings(), ...storage(), ...workloads(), ...around(), ...devices(), ...karpenter()];
}

function settings(): KubernetesObject[] {
  return [
    { kind: 'PriorityClass', metadata: { name: 'high' }, value: 1000 },
    { kind: 'RuntimeClass', metadata: { name: 'gvisor' }, handler: 'runsc', overhead: { podFixed: { cpu: '50m' } } },
    {
      kind: 'LimitRange',
      metadata: inShop('limits'),
      spec: { limits: [{ type: 'Container', defaultRequest: { 'ephemeral-storage': '1Gi' } }] },
    },
    { kind: 'ResourceQuota', metadata: inShop('quota'), spec: { hard: { 'requests.cpu': '100', pods: '200' } } },
  ];
}

function storage(): KubernetesObject[] {
  return [
    {
      kind: 'StorageClass',
      metadata: { name: 'gp3', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'ebs.csi.aws.com',
      volumeBindingMode: 'WaitForFirstConsumer',
    },
    { kind: 'CSIDriver', metadata: { name: 'ebs.csi.aws.com' }, spec: { attachRequired: true, storageCapacity: true } },
    {
      kind: 'CSINode',
      metadata: { name: 'node-us-east-1a' },
      spec: {
        drivers: [
          {
            name: 'ebs.csi.aws.com',
            nodeID: 'i-0',
            topologyKeys: ['topology.kubernetes.io/zone'],
            allocatable: { count: 25 },
          },
        ],
      },
    },
    {
      kind: 'CSIStorageCapacity',
      metadata: inShop('capacity'),
      storageClassName: 'gp3',
      capacity: '1Ti',
      nodeTopology: { matchLabels: { 'topology.kubernetes.io/zone': 'us-east-1a' } },
    },
    {
      kind: 'PersistentVolume',
      metadata: { name: 'pv-1' },
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'gp3',
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...inShop('data') },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: ['us-east-1a'] }] },
            ],
          },
        },
      },
    },
    {
      kind: 'PersistentVolumeClaim',
      metadata: inShop('data'),
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'gp3',
        volumeName: 'pv-1',
        resources: { requests: { storage: '10Gi' } },
      },
    },
    {
      kind: 'VolumeAttachment',
      metadata: { name: 'attachment-1' },
      spec: { attacher: 'ebs.csi.aws.com', nodeName: 'node-us-east-1a', source: { persistentVolumeName: 'pv-1' } },
    },
  ];
}

function workloads(): KubernetesObject[] {
  const spread = {
    maxSkew: 1,
    topologyKey: 'topology.kubernetes.io/zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: selecting('web'),
  };
  const database = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
  return [
    {
      kind: 'Deployment',
      metadata: inShop('web'),
      spec: {
        replicas: 3,
        selector: selecting('web'),
        template: template('web', { topologySpreadConstraints: [spread] }),
      },
    },
    {
      kind: 'StatefulSet',
      metadata: inShop('database'),
      spec: {
        replicas: 1,
        serviceName: 'database',
        selector: selecting('database'),
        template: template('database', { ...database, priorityClassName: 'high' }),
      },
    },
    {
      kind: 'DaemonSet',
      metadata: inShop('agent'),
      spec: { selector: selecting('agent'), template: template('agent', { tolerations: [{ operator: 'Exists' }] }) },
    },
    {
      kind: 'ReplicationController',
      metadata: inShop('old'),
      spec: { replicas: 1, selector: labels('old'), template: template('old') },
    },
    {
      kind: 'Job',
      metadata: inShop('import'),
      spec: {
        template: {
          metadata: {
            labels: labels('import'),
            annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
          },
          // Held back, or kwok would complete it at once.
          spec: { containers: [container], restartPolicy: 'Never' },
        },
        suspend: true,
      },
    },
    {
      kind: 'CronJob',
      metadata: inShop('report'),
      spec: {
        schedule: '0 3 * * *',
        suspend: true,
        jobTemplate: { spec: { template: { ...template('report', { restartPolicy: 'Never' }) } } },
      },
    },
    { kind: 'Pod', metadata: { ...inShop('debug'), labels: labels('debug') }, spec: { containers: [container] } },
  ];
}

function around(): KubernetesObject[] {
  const webhook = {
    name: 'pods.shop.example',
    clientConfig: { service: { namespace: 'shop', name: 'web', path: '/admit' } },
    // Of another group, so that nothing here asks a webhook that nobody answers.
    rules: [{ apiGroups: ['shop.example'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['orders'] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  };
  return [
    {
      kind: 'PodDisruptionBudget',
      metadata: inShop('web'),
      spec: { maxUnavailable: '34%', selector: selecting('web') },
    },
    { kind: 'Service', metadata: inShop('web'), spec: { selector: labels('web'), ports: [{ port: 80 }] } },
    {
      kind: 'HorizontalPodAutoscaler',
      metadata: inShop('web'),
      spec: {
        minReplicas: 3,
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    },
    { kind: 'ValidatingWebhookConfiguration', metadata: { name: 'validating' }, webhooks: [webhook] },
    { kind: 'MutatingWebhookConfiguration', metadata: { name: 'mutating' }, webhooks: [webhook] },
  ];
}

function devices(): KubernetesObject[] {
  return [
    { kind: 'DeviceClass', metadata: { name: 'gpu.example' }, spec: {} },
    {
      kind: 'ResourceSlice',
      metadata: { name: 'slice' },
      spec: {
        driver: 'gpu.example',
        nodeName: 'node-us-east-1a',
        pool: { name: 'pool', generation: 1, resourceSliceCount: 1 },
        devices: [{ name: 'gpu-0' }],
      },
    },
    {
      kind: 'ResourceClaim',
      metadata: inShop('gpu'),
      spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu.example' } }] } },
    },
  ];
}

function karpenter(): KubernetesObject[] {
  return [
    {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodePool',
      metadata: { name: 'general' },
      spec: {
        template: {
          spec: {
            requirements: [{ key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] }],
            nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'general' },
          },
        },
        disruption: {
          consolidationPolicy: 'WhenEmptyOrUnderutilized',
          consolidateAfter: '1m',
          budgets: [{ nodes: '50%' }],
        },
        limits: { cpu: '1000' },
      },
    },
    {
      apiVersion: 'karpenter.sh/v1alpha1',
      kind: 'NodeOverlay',
      metadata: { name: 'dearer' },
      spec: { requirements: [], priceAdjustment: '+10%' },
    },
    {
      apiVersion: 'karpenter.k8s.aws/v1',
      kind: 'EC2NodeClass',
      metadata: { name: 'general' },
      spec: { amiFamily: 'AL2023' },
    },
    { apiVersion: 'eks.amazonaws.com/v1', kind: 'NodeClass', metadata: { name: 'default' }, spec: {} },
  ];
}
