import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { namespace } from '../rig/objects.js';
import type { BudgetCase, BudgetInCase, OwnerOfPods, PodCondition, SelectorKind } from './budget-case.js';
import { customPath } from './custom-owners.js';

/** Makes the objects of a case in a namespace of its own: owners, pods as they shall be, and last the budgets. */
export async function makeCase(client: ApiClient, name: string, { owners, pods, budgets }: BudgetCase): Promise<void> {
  await namespace(client, name);
  const references = await Promise.all(owners.map((owner, index) => makeOwner(client, name, owner, `owner-${index}`)));
  await Promise.all(
    pods.map(({ owner, app, condition }, index) => {
      const own = references[owner] ?? [];
      // Pods of a rollout belong to its two ReplicaSets in turn.
      const reference = own[index % Math.max(own.length, 1)];
      return makePod(client, name, { name: podName(index), app, condition, reference });
    }),
  );
  for (const [index, budget] of budgets.entries()) await makeBudget(client, name, budgetName(index), budget);
}

export const podName = (index: number): string => `pod-${index}`;
const budgetName = (index: number): string => `budget-${index}`;

/** What an ownerReference says. */
interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: true;
}

/** Makes an owner, and what pods say of whom they belong to: one reference, or two for a rollout. */
async function makeOwner(
  client: ApiClient,
  within: string,
  { kind, replicas }: OwnerOfPods,
  name: string,
): Promise<readonly Reference[]> {
  const labels = { owner: name };
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  const apps = (resource: string) => `/apis/apps/v1/namespaces/${within}/${resource}`;
  const make = async (path: string, body: object, as = name) =>
    referenceTo(await client.create(path, { metadata: { name: as, labels }, ...body }));
  const replicaSet = (above: Reference, as: string, count: number) =>
    make(apps('replicasets'), {
      metadata: { name: as, labels, ownerReferences: [above] },
      spec: { ...spec, replicas: count },
    });

  switch (kind) {
    case 'Deployment':
      return [await replicaSet(await make(apps('deployments'), { spec }), `${name}-1`, replicas)];
    case 'Deployment in rollout': {
      const above = await make(apps('deployments'), { spec });
      return [await replicaSet(above, `${name}-1`, 1), await replicaSet(above, `${name}-2`, replicas)];
    }
    case 'ReplicaSet':
      return [await make(apps('replicasets'), { spec })];
    case 'StatefulSet':
      return [await make(apps('statefulsets'), { spec: { ...spec, serviceName: name } })];
    case 'ReplicationController':
      return [
        await make(`/api/v1/namespaces/${within}/replicationcontrollers`, { spec: { ...spec, selector: labels } }),
      ];
    case 'DaemonSet':
      return [await make(apps('daemonsets'), { spec: { selector: spec.selector, template } })];
    case 'Job': {
      const once = { ...template, spec: { containers, restartPolicy: 'Never' } };
      return [await make(`/apis/batch/v1/namespaces/${within}/jobs`, { spec: { template: once } })];
    }
    case 'custom with scale':
      return [await make(customPath(within, 'scalables'), customBody('Scalable', replicas))];
    case 'custom without scale':
      return [await make(customPath(within, 'unscalables'), customBody('Unscalable', replicas))];
    case 'ReplicaSet of a custom':
      // One more above than below, so that it shows which of the two was counted.
      return [
        await replicaSet(
          await make(customPath(within, 'scalables'), customBody('Scalable', replicas + 1)),
          `${name}-1`,
          replicas,
        ),
      ];
    case 'gone':
      return [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: `${within}-${name}`, controller: true }];
  }
}

const containers = [{ name: 'app', image: 'app' }];

function customBody(kind: string, replicas: number) {
  return { apiVersion: 'e2e.example.com/v1', kind, spec: { replicas } };
}

function referenceTo({ apiVersion = '', kind = '', metadata }: KubernetesObject): Reference {
  return { apiVersion, kind, name: metadata?.name ?? '', uid: metadata?.uid ?? '', controller: true };
}

interface PodToMake {
  readonly name: string;
  readonly app: string;
  readonly condition: PodCondition;
  readonly reference: Reference | undefined;
}

/** No kubelet lives here: the pod is what its status is made to say, and stays terminating until the end of the test. */
async function makePod(
  client: ApiClient,
  within: string,
  { name, app, condition, reference }: PodToMake,
): Promise<void> {
  const path = `/api/v1/namespaces/${within}/pods`;
  const { phase, ready, deleted } = statusOf[condition];
  await client.create(path, {
    metadata: { name, labels: { app }, ...(reference && { ownerReferences: [reference] }) },
    spec: {
      containers,
      terminationGracePeriodSeconds: 3600,
      ...(condition === 'unbound' ? {} : { nodeName: 'node' }),
    },
  });
  if (phase !== undefined) {
    const conditions = [{ type: 'Ready', status: ready === true ? 'True' : 'False' }];
    await client.patch(`${path}/${name}/status`, { status: { phase, conditions } });
  }
  if (deleted === true) await client.remove(`${path}/${name}`);
}

const statusOf: Readonly<
  Record<PodCondition, { readonly phase?: string; readonly ready?: boolean; readonly deleted?: boolean }>
> = {
  ready: { phase: 'Running', ready: true },
  unready: { phase: 'Running' },
  unbound: {},
  starting: { phase: 'Pending' },
  succeeded: { phase: 'Succeeded' },
  failed: { phase: 'Failed' },
  'failed, said to be ready': { phase: 'Failed', ready: true },
  unknown: { phase: 'Unknown' },
  'unknown, said to be ready': { phase: 'Unknown', ready: true },
  terminating: { phase: 'Running', ready: true, deleted: true },
  'terminating, unready': { phase: 'Running', deleted: true },
};

/** Makes a budget; what the server makes of it is another matter. */
async function makeBudget(client: ApiClient, within: string, name: string, budget: BudgetInCase): Promise<void> {
  const { selector: kind, ...figures } = budget;
  const selector = selectors[kind];
  await client.create(`/apis/policy/v1/namespaces/${within}/poddisruptionbudgets`, {
    metadata: { name },
    spec: { ...figures, ...(selector && { selector }) },
  });
}

const selectors: Readonly<Record<SelectorKind, object | undefined>> = {
  front: { matchLabels: { app: 'front' } },
  back: { matchLabels: { app: 'back' } },
  either: { matchExpressions: [{ key: 'app', operator: 'In', values: ['front', 'back'] }] },
  empty: {},
  absent: undefined,
};
