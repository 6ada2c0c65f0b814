import type { Random } from '../random.js';
import type { Created } from './cluster-spec.js';
import type { NodeSpec } from './node-spec.js';
import { podTemplate } from './pod-traits.js';
import { volumesFor } from './volumes.js';

const kinds = ['Deployment', 'Deployment', 'Deployment', 'StatefulSet', 'StatefulSet', 'Job', 'Pod'] as const;

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
    const cpuMillicores = random.integer(1, 9) * 100;
    const replicas = kind === 'Pod' ? 1 : random.integer(1, 6);
    taken += (cpuMillicores * replicas) / 1_000;
    const template = podTemplate({ app: name, cpuMillicores, earlier: index, nodes, random });
    if (kind === 'Deployment') objects.push(deployment(namespace, name, replicas, template, random));
    else if (kind === 'StatefulSet') objects.push(...statefulSet(namespace, name, replicas, template, nodes, random));
    else if (kind === 'Job') objects.push(job(namespace, name, replicas, template));
    else objects.push(barePod(namespace, name, template));
    if (kind === 'Deployment' || kind === 'StatefulSet') objects.push(...budgetsFor(namespace, name, replicas, random));
  }
  // After the workloads, so that it holds back successors and not the first pods.
  if (random.chance(0.08)) objects.push(quota(namespace, random));
  return objects;
}

type Template = ReturnType<typeof podTemplate>;

function deployment(namespace: string, name: string, replicas: number, template: Template, random: Random): Created {
  const strategy = random.chance(0.2) ? { strategy: { type: 'Recreate' } } : {};
  return {
    path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    body: {
      metadata: { name },
      spec: { replicas, selector: { matchLabels: { app: name } }, template, ...strategy },
    },
  };
}

function statefulSet(
  namespace: string,
  name: string,
  replicas: number,
  template: Template,
  nodes: readonly NodeSpec[],
  random: Random,
): Created[] {
  const spec = {
    replicas,
    selector: { matchLabels: { app: name } },
    serviceName: name,
    podManagementPolicy: random.chance(0.5) ? 'Parallel' : 'OrderedReady',
    template,
  };
  const path = `/apis/apps/v1/namespaces/${namespace}/statefulsets`;
  if (!random.chance(0.4)) return [{ path, body: { metadata: { name }, spec } }];
  const { volumes, claimTemplate } = volumesFor(namespace, name, replicas, nodes, random);
  return [...volumes, { path, body: { metadata: { name }, spec: { ...spec, volumeClaimTemplates: [claimTemplate] } } }];
}

function job(namespace: string, name: string, parallelism: number, template: Template): Created {
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

function barePod(namespace: string, name: string, { metadata, spec }: Template): Created {
  return { path: `/api/v1/namespaces/${namespace}/pods`, body: { metadata: { name, ...metadata }, spec } };
}

function daemonSet(namespace: string, name: string, random: Random): Created {
  const everywhere = random.chance(0.5) ? [{ operator: 'Exists' }] : [];
  return {
    path: `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
    body: {
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [{ name: 'app', image: 'app', resources: { requests: { cpu: '100m', memory: '128Mi' } } }],
            tolerations: everywhere,
          },
        },
      },
    },
  };
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

/** None, one, or in a few cases two over the same pods, which the Eviction API answers with an error. */
function budgetsFor(namespace: string, app: string, replicas: number, random: Random): Created[] {
  const count = random.chance(0.45) ? (random.chance(0.07) ? 2 : 1) : 0;
  return Array.from({ length: count }, (_, index) => ({
    path: `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`,
    body: {
      metadata: { name: index === 0 ? app : `${app}-again` },
      spec: { selector: { matchLabels: { app } }, ...budgetBounds(replicas, random) },
    },
  }));
}

function budgetBounds(replicas: number, random: Random) {
  switch (random.integer(0, 3)) {
    case 0:
      return { maxUnavailable: random.chance(0.85) ? random.integer(1, 2) : 0 };
    case 1:
      return { minAvailable: Math.max(0, replicas - random.integer(0, 2)) };
    case 2:
      return { maxUnavailable: random.pick(['10%', '25%', '50%']) };
    default:
      return { minAvailable: random.pick(['30%', '50%', '80%']) };
  }
}

function quota(namespace: string, random: Random): Created {
  return {
    path: `/api/v1/namespaces/${namespace}/resourcequotas`,
    body: { metadata: { name: 'pods' }, spec: { hard: { pods: String(random.integer(3, 40)) } } },
  };
}
