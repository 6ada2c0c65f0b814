import type { Random } from '../random.js';
import { budgetsFor, quota, tierBudget } from './beside-workloads.js';
import type { Created } from './cluster-spec.js';
import { daemonSet } from './daemon-sets.js';
import type { NodeSpec } from './node-spec.js';
import { addVolume, podTemplate } from './pod-traits.js';
import { sharedVolume, volumesFor } from './volumes.js';

const kinds = [
  ...['Deployment', 'Deployment', 'Deployment', 'Deployment', 'Deployment', 'Deployment'],
  ...['StatefulSet', 'StatefulSet', 'StatefulSet', 'StatefulSet'],
  ...['Job', 'Job', 'Pod', 'Pod', 'ReplicaSet', 'ReplicationController'],
] as const;

const tiers = ['front', 'back'] as const;

/** Workloads that fill a part of the nodes, the budgets and quotas beside them, and a DaemonSet or two. */
export function workloadsFor(namespace: string, nodes: readonly NodeSpec[], random: Random): Created[] {
  const objects: Created[] = [];
  for (let index = 0; index < random.integer(0, 2); index++)
    objects.push(daemonSet(namespace, `agent-${index}`, random));
  if (random.chance(0.15)) objects.push(dns(namespace, random.integer(1, 2)));
  const cores = nodes.length * 2 * (0.2 + random.next() * 0.5);
  let taken = 0;
  for (let index = 0; taken < cores && index < 14; index++) {
    const kind = random.pick(kinds);
    const name = `app-${index}`;
    // A few are larger than some nodes.
    const cpuMillicores = (random.chance(0.06) ? random.integer(12, 30) : random.integer(1, 9)) * 100;
    const replicas = kind === 'Pod' ? 1 : random.integer(1, 6);
    taken += (cpuMillicores * replicas) / 1_000;
    const template = podTemplate({ app: name, tier: random.pick(tiers), cpuMillicores, earlier: index, nodes, random });
    objects.push(...workload({ kind, namespace, name, replicas, template }, nodes, random));
    if (kind !== 'Pod' && kind !== 'Job') objects.push(...budgetsFor(namespace, name, replicas, random));
  }
  if (random.chance(0.06)) objects.push(tierBudget(namespace, random.pick(tiers), random));
  // After the workloads, so that it holds back successors and not the first pods.
  if (random.chance(0.08)) objects.push(quota(namespace, random));
  return objects;
}

type Template = ReturnType<typeof podTemplate>;

interface Workload {
  readonly kind: (typeof kinds)[number];
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  readonly template: Template;
}

/** The objects of a workload, with what it needs before it. */
function workload(own: Workload, nodes: readonly NodeSpec[], random: Random): Created[] {
  switch (own.kind) {
    case 'StatefulSet':
      return statefulSet(own, nodes, random);
    case 'Job':
      return [job(own)];
    case 'Pod':
      return [barePod(own)];
    default:
      return replicas(own, nodes, random);
  }
}

const replicasPaths = {
  Deployment: 'apis/apps/v1/$/deployments',
  ReplicaSet: 'apis/apps/v1/$/replicasets',
  ReplicationController: 'api/v1/$/replicationcontrollers',
} as const;

/** All replicas are alike; in a few cases they share a volume. */
function replicas(own: Workload, nodes: readonly NodeSpec[], random: Random): Created[] {
  const { namespace, name, template } = own;
  const kind = own.kind as keyof typeof replicasPaths;
  const selector = kind === 'ReplicationController' ? { app: name } : { matchLabels: { app: name } };
  const recreate = kind === 'Deployment' && random.chance(0.2) ? { strategy: { type: 'Recreate' } } : {};
  const settles = kind !== 'ReplicationController' && random.chance(0.08) ? { minReadySeconds: 1 } : {};
  const volumes = random.chance(0.08) ? sharedVolume(namespace, name, nodes, random) : [];
  if (volumes.length > 0) addVolume(template.spec, { name: 'data', persistentVolumeClaim: { claimName: name } });
  return [
    ...volumes,
    {
      path: `/${replicasPaths[kind].replace('$', `namespaces/${namespace}`)}`,
      body: { metadata: { name }, spec: { replicas: own.replicas, selector, template, ...recreate, ...settles } },
    },
  ];
}

function statefulSet(
  { namespace, name, replicas, template }: Workload,
  nodes: readonly NodeSpec[],
  random: Random,
): Created[] {
  const spec = {
    replicas,
    selector: { matchLabels: { app: name } },
    serviceName: name,
    podManagementPolicy: random.chance(0.5) ? 'Parallel' : 'OrderedReady',
    template,
    ...(random.chance(0.08) && { minReadySeconds: 1 }),
  };
  const path = `/apis/apps/v1/namespaces/${namespace}/statefulsets`;
  if (!random.chance(0.4)) return [{ path, body: { metadata: { name }, spec } }];
  const { volumes, claimTemplate } = volumesFor(namespace, name, replicas, nodes, random);
  return [...volumes, { path, body: { metadata: { name }, spec: { ...spec, volumeClaimTemplates: [claimTemplate] } } }];
}

function job({ namespace, name, replicas: parallelism, template }: Workload): Created {
  return {
    path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
    body: {
      metadata: { name },
      spec: {
        parallelism,
        completions: parallelism,
        backoffLimit: 100,
        template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
      },
    },
  };
}

function barePod({ namespace, name, template: { metadata, spec } }: Workload): Created {
  return { path: `/api/v1/namespaces/${namespace}/pods`, body: { metadata: { name, ...metadata }, spec } };
}

function dns(namespace: string, replicas: number): Created {
  const labels = { 'k8s-app': 'kube-dns' };
  const resources = { requests: { cpu: '100m', memory: '70Mi' } };
  return {
    path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    body: {
      metadata: { name: 'coredns' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'dns', image: 'dns', resources }] } },
      },
    },
  };
}
