/**
 * Writes a sample cluster as `kubectl get … -o json` would give it: 44 nodes and some 420 pods of an online shop, five teams
 * in production, staging and development. The same bytes on every run: no clock, no randomness, no dependency.
 *
 *   node examples/sample-cluster/make.mjs [FILE]        (cluster.json beside this file, when none is named)
 *
 * What must come out is known by construction. nodes.json says of every node whether it goes, shrinks or stays, and why:
 *
 *   leftover-dev, leftover-staging, leftover-empty   2xlarge of `general`      3 × 0.3840 =  1.1520 USD/h
 *   leftover-search, leftover-data                   xlarge of `general`       2 × 0.1920 =  0.3840
 *   leftover-canary                                  c6i.2xlarge of `compute`               0.3400
 *   leftover-arm                                     m7g.xlarge of `arm`                    0.1632
 *   oversized-ml                                     r6i.4xlarge, an r6i.xlarge is enough   0.7560
 *                                                                                  sum     2.7952 USD/h
 *
 * The full nodes of each pool have nine tenths of their CPU requested, so their steady work cannot be squeezed onto fewer,
 * yet the few small pods of the leftovers fit beside it. The traps look as idle as the leftovers and must not be touched:
 * each breaks one rule. Prices are AWS list prices of us-east-1, on demand.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { surroundingObjects } from './around.mjs';
import { uid } from './identity.mjs';
import { jobObjects, oddPods } from './jobs.mjs';
import {
  csiNodeObjects,
  daysBefore,
  nodeClaimObjects,
  nodeClassObjects,
  nodeObjects,
  nodePoolObjects,
  nodes,
} from './nodes.mjs';
import { placeApps } from './place.mjs';
import { storageObjects } from './storage.mjs';
import { workloadObjects } from './workloads.mjs';

const takenAt = '2026-10-05T09:00:00Z';

const file = process.argv[2] ?? fileURLToPath(new URL('cluster.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(makeCluster(), null, 1)}\n`);

/** Every kind that bears on a plan, listed even where there is none: an empty list is knowledge, a missing one is not. */
function makeCluster() {
  const placed = placeApps(nodes);
  const workloads = workloadObjects(placed, nodes, takenAt);
  const pods = [...workloads.pods, ...oddPods(takenAt)];
  const around = surroundingObjects(pods, takenAt);
  const storage = storageObjects(placed, takenAt);
  const { jobs, cronJobs } = jobObjects(takenAt);
  const lists = [
    { major: '1', minor: '33', gitVersion: 'v1.33.4-eks-99d6cc0', platform: 'linux/amd64' },
    list('v1', 'Namespace', namespaces()),
    list('v1', 'Node', nodeObjects(takenAt)),
    list('v1', 'Pod', pods),
    list('v1', 'ReplicationController', []),
    list('v1', 'Service', around.services),
    list('v1', 'PersistentVolumeClaim', storage.claims),
    list('v1', 'PersistentVolume', storage.volumes),
    list('v1', 'LimitRange', [limitRange()]),
    list('v1', 'ResourceQuota', [quota(pods)]),
    list('apps/v1', 'Deployment', workloads.deployments),
    list('apps/v1', 'ReplicaSet', workloads.replicaSets),
    list('apps/v1', 'StatefulSet', workloads.statefulSets),
    list('apps/v1', 'DaemonSet', workloads.daemonSets),
    list('batch/v1', 'Job', jobs),
    list('batch/v1', 'CronJob', cronJobs),
    list('policy/v1', 'PodDisruptionBudget', around.budgets),
    list('autoscaling/v2', 'HorizontalPodAutoscaler', around.scalers),
    list('discovery.k8s.io/v1', 'EndpointSlice', around.endpointSlices),
    list('storage.k8s.io/v1', 'StorageClass', storage.classes),
    list('storage.k8s.io/v1', 'CSINode', csiNodeObjects(takenAt)),
    list('storage.k8s.io/v1', 'CSIDriver', storage.drivers),
    list('storage.k8s.io/v1', 'CSIStorageCapacity', []),
    list('storage.k8s.io/v1', 'VolumeAttachment', storage.attachments),
    list('scheduling.k8s.io/v1', 'PriorityClass', priorityClasses()),
    list('node.k8s.io/v1', 'RuntimeClass', []),
    list('resource.k8s.io/v1', 'ResourceClaim', []),
    list('resource.k8s.io/v1', 'ResourceSlice', []),
    list('resource.k8s.io/v1', 'DeviceClass', []),
    list('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', around.webhooks),
    list('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', []),
    list('karpenter.sh/v1', 'NodePool', nodePoolObjects(takenAt)),
    list('karpenter.sh/v1', 'NodeClaim', nodeClaimObjects(takenAt)),
    list('karpenter.sh/v1alpha1', 'NodeOverlay', []),
    list('karpenter.k8s.aws/v1', 'EC2NodeClass', nodeClassObjects(takenAt)),
    list('eks.amazonaws.com/v1', 'NodeClass', []),
  ];
  return [header(lists), ...lists];
}

/** What `cloudoptim snapshot` writes in front: an empty list says nothing about the namespaces that it was asked for. */
function header(lists) {
  const kinds = lists.flatMap((document) => (document.items ? [document.kind.replace(/List$/, '')] : []));
  return {
    apiVersion: 'snapshot.cloudoptim.io/v1',
    kind: 'SnapshotHeader',
    takenAt,
    coverage: [...kinds, 'Scale'].map((kind) => ({ kind, state: 'listed' })),
  };
}

function list(apiVersion, kind, items) {
  return { apiVersion, kind: `${kind}List`, metadata: { resourceVersion: '912345' }, items };
}

function namespaces() {
  const names = ['default', 'kube-system', 'ingress', 'platform', 'checkout-prod', 'checkout-staging', 'checkout-dev'];
  names.push('search-prod', 'search-dev', 'data-prod', 'data-staging', 'ml-prod', 'ml-staging');
  return names.map((name) => ({
    metadata: {
      name,
      uid: uid(`namespace/${name}`),
      creationTimestamp: daysBefore(takenAt, 330),
      labels: {
        'kubernetes.io/metadata.name': name,
        ...(name.includes('-') && name !== 'kube-system'
          ? { team: name.split('-')[0], stage: name.split('-')[1] }
          : {}),
      },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }));
}

function priorityClasses() {
  const classes = {
    'system-node-critical': 2000001000,
    'system-cluster-critical': 2000000000,
    'business-critical': 100000,
  };
  return Object.entries(classes).map(([name, value]) => ({
    metadata: { name, uid: uid(`priorityclass/${name}`), creationTimestamp: daysBefore(takenAt, 330) },
    value,
    globalDefault: false,
    preemptionPolicy: 'PreemptLowerPriority',
  }));
}

function limitRange() {
  return {
    metadata: {
      name: 'defaults',
      namespace: 'checkout-dev',
      uid: uid('limitrange/defaults'),
      creationTimestamp: daysBefore(takenAt, 120),
    },
    spec: {
      limits: [{ type: 'Container', defaultRequest: { cpu: '50m', memory: '64Mi' }, default: { memory: '256Mi' } }],
    },
  };
}

function quota(pods) {
  const used = pods.filter((pod) => pod.metadata.namespace === 'checkout-dev').length;
  return {
    metadata: {
      name: 'team',
      namespace: 'checkout-dev',
      uid: uid('quota/team'),
      creationTimestamp: daysBefore(takenAt, 120),
    },
    spec: { hard: { pods: '40' } },
    status: { hard: { pods: '40' }, used: { pods: String(used) } },
  };
}
