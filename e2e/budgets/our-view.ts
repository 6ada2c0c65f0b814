import type { PodDisruptionBudget } from '@cloudoptim/core';
import { type Budgets, createBudgets, createPlacement } from '@cloudoptim/scheduling';
import { findKind, fromKubernetes } from '@cloudoptim/snapshot';
import { type BudgetStatus, budgetStatus } from '../../packages/scheduling/src/budget-status.js';
import { podsOfBudgets } from '../../packages/scheduling/src/budgets.js';
import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { customPath } from './custom-owners.js';

/** What we make of a namespace, from the objects that the API server returns for it. */
export interface OurView {
  readonly budgets: Budgets;
  /** Index of a pod by its name; undefined when it is gone. */
  indexOf(pod: string): number | undefined;
  readonly statuses: readonly OurStatus[];
}

interface OurStatus {
  readonly name: string;
  /** What the server says. */
  readonly live: KubernetesObject;
  /** What our arithmetic says from the pods and their owners; undefined where an owner's replicas are not known. */
  readonly computed: BudgetStatus | undefined;
  /** What we would spend at most. */
  readonly left: number;
}

const kinds = [
  'Pod',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'ReplicationController',
  'Job',
  'PodDisruptionBudget',
];

/** Lists a namespace as `cloudoptim analyze` would, scales of custom owners included, and converts it. */
export async function viewOf(client: ApiClient, within: string): Promise<OurView> {
  const lists = await Promise.all(kinds.map((kind) => client.list(pathWithin(kind, within))));
  const objects = [...lists.flat(), ...(await scalesOf(client, within))];
  const live = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
  const { state, report } = await fromKubernetes(objects, { takenAtMs: Date.now(), listed: kinds });
  const problem = report.findings.find(({ code }) => code !== 'pod-on-unknown-node');
  if (problem !== undefined) throw new Error(`${within} was not understood: ${problem.message}`);
  const placement = createPlacement(state);
  const budgets = createBudgets(placement);
  const pods = podsOfBudgets(placement);
  const index = new Map(state.pods.name.map((name, pod) => [name, pod]));
  const statusOf = (budget: PodDisruptionBudget, position: number): OurStatus => {
    const object = live.find(({ metadata }) => metadata?.name === budget.name);
    if (object === undefined) throw new Error(`${within} has a budget ${budget.name} that nobody listed`);
    const computed = budgetStatus(budget, pods[position] ?? [], placement, state.takenAtMs);
    return { name: budget.name, live: object, computed, left: budgets.left(position) };
  };
  return { budgets, indexOf: (pod) => index.get(pod), statuses: state.podDisruptionBudgets.map(statusOf) };
}

async function scalesOf(client: ApiClient, within: string): Promise<KubernetesObject[]> {
  const owners = await client.list(customPath(within, 'scalables'));
  return Promise.all(
    owners.map(({ metadata }) => client.get(`${customPath(within, 'scalables')}/${metadata?.name}/scale`)),
  );
}

function pathWithin(kind: string, within: string): string {
  const found = findKind(kind);
  if (found === undefined) throw new Error(`${kind} is no kind of a ClusterState.`);
  const { group, version, resource } = found;
  return `${group === '' ? `/api/${version}` : `/apis/${group}/${version}`}/namespaces/${within}/${resource}`;
}
