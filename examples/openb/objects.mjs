/** Kubernetes objects of the pretended cluster, as the typed lists that `kubectl get KIND -A -o json` prints. */
import { createHash } from 'node:crypto';
import { familiesOf, nearestEc2Shape } from './ec2-shapes.mjs';
import { podsPerNode } from './place.mjs';

const region = 'us-east-1';
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const namespace = 'openb';
/** Start of the trace: openb gives seconds since an undisclosed day. */
const epochMs = Date.UTC(2023, 0, 1);
const systemLabels = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' };

const time = (seconds) => new Date(epochMs + seconds * 1000).toISOString().replace('.000Z', 'Z');
const uid = (...parts) => {
  const hash = createHash('sha256').update(parts.join('/')).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};
const list = (apiVersion, kind, items) => ({
  apiVersion,
  kind: `${kind}List`,
  metadata: { resourceVersion: '1' },
  items,
});
const poolOf = (model) => `openb-${model === '' ? 'cpu' : model.toLowerCase()}`;

/** Nodes, one NodeClaim each, one NodePool a model, one EC2NodeClass. */
export function nodeObjects(nodes) {
  const models = [...new Set(nodes.map((node) => node.model))].sort();
  return [
    list(
      'v1',
      'Namespace',
      ['default', 'kube-system', namespace].map((name) => ({
        metadata: {
          name,
          uid: uid('namespace', name),
          labels: { 'kubernetes.io/metadata.name': name },
          creationTimestamp: time(0),
        },
      })),
    ),
    list('v1', 'Node', nodes.map(nodeObject)),
    list('karpenter.sh/v1', 'NodeClaim', nodes.map(nodeClaimObject)),
    list('karpenter.sh/v1', 'NodePool', models.map(nodePoolObject)),
    list('karpenter.k8s.aws/v1', 'EC2NodeClass', [
      {
        metadata: { name: 'openb', uid: uid('nodeclass'), creationTimestamp: time(0) },
        spec: {
          amiFamily: 'AL2023',
          role: 'openb',
          amiSelectorTerms: [{ alias: 'al2023@latest' }],
          kubelet: { maxPods: podsPerNode },
        },
        status: {},
      },
    ]),
  ];
}

function nodeObject(node, index) {
  const zone = zones[index % zones.length];
  const resources = {
    cpu: `${node.cpuMilli}m`,
    memory: `${node.memoryMib}Mi`,
    pods: `${podsPerNode}`,
    ...(node.gpus > 0 ? { 'nvidia.com/gpu': `${node.gpus}` } : {}),
  };
  return {
    metadata: {
      name: node.name,
      uid: uid('node', node.name),
      creationTimestamp: time(0),
      labels: {
        ...systemLabels,
        'kubernetes.io/hostname': node.name,
        'node.kubernetes.io/instance-type': nearestEc2Shape(node),
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': zone,
        'karpenter.sh/capacity-type': 'on-demand',
        'karpenter.sh/nodepool': poolOf(node.model),
        'karpenter.sh/registered': 'true',
        'karpenter.sh/initialized': 'true',
        ...(node.model === '' ? {} : { 'openb.alibaba.com/gpu-model': node.model }),
      },
    },
    spec: { providerID: providerId(zone, index) },
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: time(60) }],
      nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', kubeletVersion: 'v1.33.4' },
    },
  };
}

function nodeClaimObject(node, index) {
  const zone = zones[index % zones.length];
  return {
    metadata: {
      name: `${poolOf(node.model)}-${node.name.slice(-4)}`,
      uid: uid('nodeclaim', node.name),
      creationTimestamp: time(0),
      labels: {
        'karpenter.sh/nodepool': poolOf(node.model),
        'karpenter.sh/capacity-type': 'on-demand',
        'node.kubernetes.io/instance-type': nearestEc2Shape(node),
        'topology.kubernetes.io/zone': zone,
      },
      ownerReferences: [
        {
          apiVersion: 'karpenter.sh/v1',
          kind: 'NodePool',
          name: poolOf(node.model),
          uid: uid('nodepool', node.model),
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'openb' }, requirements: [] },
    status: {
      nodeName: node.name,
      providerID: providerId(zone, index),
      conditions: ['Launched', 'Registered', 'Initialized', 'Ready'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: time(60),
      })),
    },
  };
}

function nodePoolObject(model) {
  return {
    metadata: { name: poolOf(model), uid: uid('nodepool', model), creationTimestamp: time(0) },
    spec: {
      disruption: {
        consolidationPolicy: 'WhenEmptyOrUnderutilized',
        consolidateAfter: '0s',
        budgets: [{ nodes: '10%' }],
      },
      template: {
        metadata: model === '' ? {} : { labels: { 'openb.alibaba.com/gpu-model': model } },
        spec: {
          nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'openb' },
          expireAfter: 'Never',
          requirements: [
            { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] },
            { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] },
            { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
            { key: 'topology.kubernetes.io/zone', operator: 'In', values: zones },
            { key: 'karpenter.k8s.aws/instance-family', operator: 'In', values: familiesOf(model) },
          ],
        },
      },
    },
    status: {},
  };
}

const providerId = (zone, index) => `aws:///${zone}/i-${index.toString(16).padStart(17, '0')}`;

/** Pods with their Deployments and ReplicaSets; finished pods with their Jobs. */
export function podObjects(pods) {
  const owners = new Map();
  const items = [];
  for (const pod of pods) {
    const owner = ownerOf(pod, owners);
    owner.pods.push(pod);
    items.push(podObject(pod, owner));
  }
  const all = [...owners.values()];
  const deployments = all.filter((owner) => owner.kind === 'Deployment');
  return [
    list('apps/v1', 'Deployment', deployments.map(deploymentObject)),
    list('apps/v1', 'ReplicaSet', deployments.map(replicaSetObject)),
    list('batch/v1', 'Job', all.filter((owner) => owner.kind === 'Job').map(jobObject)),
    list('v1', 'Pod', items),
  ];
}

/** Pods that ask for the same and are in the same stage of life are replicas of one workload. */
function ownerOf(pod, owners) {
  const stage = pod.phase === 'Running' ? 'app' : pod.phase === 'Pending' ? 'waiting' : 'job';
  const shape = `${pod.cpuMilli}m-${pod.memoryMib}mi-${pod.gpus}g${pod.gpuMilli}-${pod.qos.toLowerCase()}`;
  const name = `${stage}-${shape}`;
  let owner = owners.get(name);
  if (owner === undefined) {
    const hash = createHash('sha256').update(name).digest('hex').slice(0, 10);
    owner = { kind: stage === 'job' ? 'Job' : 'Deployment', name, hash, example: pod, pods: [] };
    owners.set(name, owner);
  }
  return owner;
}

function podSpec(pod) {
  const requests = {
    cpu: `${pod.cpuMilli}m`,
    memory: `${pod.memoryMib}Mi`,
    ...(pod.gpus > 0 ? { 'nvidia.com/gpu': `${pod.gpus}` } : {}),
  };
  const limits = pod.gpus > 0 ? { 'nvidia.com/gpu': `${pod.gpus}` } : undefined;
  return {
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: 'main',
        image: 'registry.k8s.io/pause:3.10',
        resources: limits === undefined ? { requests } : { requests, limits },
      },
    ],
  };
}

function podObject(pod, owner) {
  const parent =
    owner.kind === 'Deployment'
      ? {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${owner.name}-${owner.hash}`,
          uid: uid('replicaset', owner.name),
          controller: true,
          blockOwnerDeletion: true,
        }
      : {
          apiVersion: 'batch/v1',
          kind: 'Job',
          name: owner.name,
          uid: uid('job', owner.name),
          controller: true,
          blockOwnerDeletion: true,
        };
  return {
    metadata: {
      name: pod.name,
      namespace,
      uid: uid('pod', pod.name),
      creationTimestamp: time(pod.createdAt),
      labels: podLabels(owner),
      ownerReferences: [parent],
    },
    spec: { ...podSpec(pod), ...(pod.node === undefined ? {} : { nodeName: pod.node }) },
    status: {
      phase: pod.phase,
      conditions:
        pod.phase === 'Running'
          ? [{ type: 'Ready', status: 'True', lastTransitionTime: time(pod.scheduledAt) }]
          : pod.phase === 'Pending'
            ? [
                {
                  type: 'PodScheduled',
                  status: 'False',
                  reason: 'Unschedulable',
                  lastTransitionTime: time(pod.createdAt),
                },
              ]
            : [
                {
                  type: 'Ready',
                  status: 'False',
                  reason: pod.phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed',
                  lastTransitionTime: time(pod.createdAt),
                },
              ],
    },
  };
}

function podLabels(owner) {
  return owner.kind === 'Deployment'
    ? { app: owner.name, 'pod-template-hash': owner.hash }
    : { 'batch.kubernetes.io/job-name': owner.name };
}

function deploymentObject(owner) {
  const replicas = owner.pods.length;
  const ready = owner.pods.filter((pod) => pod.phase === 'Running').length;
  return {
    metadata: {
      name: owner.name,
      namespace,
      uid: uid('deployment', owner.name),
      generation: 1,
      creationTimestamp: time(owner.example.createdAt),
      labels: { app: owner.name },
    },
    spec: {
      replicas,
      selector: { matchLabels: { app: owner.name } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { metadata: { labels: { app: owner.name } }, spec: podSpec(owner.example) },
    },
    status: {
      observedGeneration: 1,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
      ...(replicas > ready ? { unavailableReplicas: replicas - ready } : {}),
    },
  };
}

function replicaSetObject(owner) {
  const replicas = owner.pods.length;
  const ready = owner.pods.filter((pod) => pod.phase === 'Running').length;
  const labels = podLabels(owner);
  return {
    metadata: {
      name: `${owner.name}-${owner.hash}`,
      namespace,
      uid: uid('replicaset', owner.name),
      generation: 1,
      creationTimestamp: time(owner.example.createdAt),
      labels,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: owner.name,
          uid: uid('deployment', owner.name),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(owner.example) },
    },
    status: {
      observedGeneration: 1,
      replicas,
      fullyLabeledReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
    },
  };
}

function jobObject(owner) {
  const count = owner.pods.length;
  return {
    metadata: {
      name: owner.name,
      namespace,
      uid: uid('job', owner.name),
      creationTimestamp: time(owner.example.createdAt),
    },
    spec: {
      parallelism: count,
      completions: count,
      template: { metadata: { labels: podLabels(owner) }, spec: { ...podSpec(owner.example), restartPolicy: 'Never' } },
    },
    status: {
      active: 0,
      succeeded: owner.pods.filter((pod) => pod.phase === 'Succeeded').length,
      failed: owner.pods.filter((pod) => pod.phase === 'Failed').length,
    },
  };
}

/**
 * What kubectl's lists cannot say by themselves: that they are of all namespaces (a list of one namespace's pods looks the same),
 * the region, the version, and when it was. `cloudoptim snapshot` writes the same header.
 */
export function header(takenAtSeconds) {
  const kinds = [
    ...presentKinds,
    ...emptyKinds.map(([, kind]) => kind),
    'Scale',
    'NodeClass',
    'NodeGroup',
    'ServerVersion',
  ];
  return {
    apiVersion: 'snapshot.cloudoptim.io/v1',
    kind: 'SnapshotHeader',
    takenAt: time(takenAtSeconds),
    region,
    gitVersion: 'v1.33.4',
    coverage: kinds.map((kind) => ({ kind, state: 'listed' })),
  };
}

const presentKinds = [
  'Namespace',
  'Node',
  'NodeClaim',
  'NodePool',
  'EC2NodeClass',
  'Deployment',
  'ReplicaSet',
  'Job',
  'Pod',
];

/** Kinds of which openb has none: an empty list says so; leaving them out would make them unknown. */
export function emptyLists() {
  return emptyKinds.map(([apiVersion, kind]) => list(apiVersion, kind, []));
}

const emptyKinds = [
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['v1', 'ReplicationController'],
  ['batch/v1', 'CronJob'],
  ['policy/v1', 'PodDisruptionBudget'],
  ['v1', 'PersistentVolumeClaim'],
  ['v1', 'PersistentVolume'],
  ['storage.k8s.io/v1', 'StorageClass'],
  ['storage.k8s.io/v1', 'CSINode'],
  ['storage.k8s.io/v1', 'CSIDriver'],
  ['storage.k8s.io/v1', 'CSIStorageCapacity'],
  ['storage.k8s.io/v1', 'VolumeAttachment'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['scheduling.k8s.io/v1', 'PriorityClass'],
  ['node.k8s.io/v1', 'RuntimeClass'],
  ['v1', 'LimitRange'],
  ['v1', 'ResourceQuota'],
  ['v1', 'Service'],
  ['discovery.k8s.io/v1', 'EndpointSlice'],
  ['resource.k8s.io/v1', 'ResourceClaim'],
  ['resource.k8s.io/v1', 'ResourceSlice'],
  ['resource.k8s.io/v1', 'DeviceClass'],
  ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
  ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  ['karpenter.sh/v1alpha1', 'NodeOverlay'],
];
