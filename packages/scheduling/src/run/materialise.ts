import type {
  ClusterState,
  Node,
  PodDisruptionBudget,
  PodExtra,
  PodTable,
  SchedulerFacts,
  ServiceBackend,
  Workload,
} from '@cloudoptim/core';
import { budgetStatus } from '../budget-status.js';
import { podsOfBudgets } from '../budgets.js';
import type { IncomingPod } from '../incoming-pod.js';
import { WorkingPlacement } from '../working-placement.js';
import { accountsAfter } from './accounts-after.js';
import type { PlanRun } from './plan-run.js';

/** The state that a run has arrived at, as a ClusterState of its own: indices closed up, names given, figures recomputed. */
export function materialise(run: PlanRun): ClusterState {
  const { placement } = run;
  const { state } = placement;
  const nodes: Node[] = [];
  const nodeIndex: number[] = [];
  for (let node = 0; node < placement.nodeCount; node++) {
    const object = placement.node(node);
    nodeIndex.push(object === undefined ? -1 : nodes.length);
    if (object !== undefined) nodes.push(object);
  }
  const gone = new Set(state.nodes.filter((_, node) => nodeIndex[node] === -1).map((node) => node.name));
  const pods = podTable(run, nodeIndex);
  const after: ClusterState = {
    ...state,
    nodes,
    workloads: workloadsAfter(run),
    pods,
    persistentVolumeClaims: withoutEphemeral(state, new Set(survivors(pods, state))),
    volumeAttachments: state.volumeAttachments.filter((attachment) => !gone.has(attachment.node)),
    horizontalPodAutoscalers: state.horizontalPodAutoscalers.map((autoscaler, index) => ({
      ...autoscaler,
      ...run.state.autoscalers.get(index),
    })),
    serviceBackends: backendsAfter(state, pods),
    scheduler: schedulerAfter(state.scheduler, run),
    ...accountsAfter(run, gone),
  };
  return { ...after, podDisruptionBudgets: budgetsAfter(after) };
}

interface Row {
  readonly name: string;
  readonly template: number;
  readonly workload: number;
  readonly node: number;
  readonly createdAtSeconds: number;
  readonly extra: PodExtra | undefined;
}

function podTable(run: PlanRun, nodeIndex: readonly number[]): PodTable {
  const { placement } = run;
  const { state } = placement;
  const rows: Row[] = [];
  const settled = new Set(run.waiting.flatMap(({ row }, position) => (run.stillWaits(position) ? [] : [row])));
  for (let pod = 0; pod < state.pods.count; pod++) {
    const before = state.pods.node[pod] as number;
    const now = placement.nodeOf(pod);
    const extra = state.pods.extra[pod];
    const ended = extra?.phase === 'Succeeded' || extra?.phase === 'Failed';
    // Pods that waited wait still, where no scaling took them away or found them a place; ended ones stay on record as long as their node does.
    const node =
      now >= 0 ? (nodeIndex[now] as number) : before === -1 ? -1 : ended ? (nodeIndex[before] ?? -1) : undefined;
    if (node === undefined || settled.has(pod) || (ended && before >= 0 && node === -1)) continue;
    rows.push({
      name: state.pods.name[pod] as string,
      template: state.pods.template[pod] as number,
      workload: state.pods.workload[pod] as number,
      node,
      createdAtSeconds: state.pods.createdAtSeconds[pod] as number,
      extra,
    });
  }
  const taken = new Set(rows.map((row) => `${namespaceOf(state, row.template)}/${row.name}`));
  const numbers = new Map<string, number>();
  const add = (pod: IncomingPod, node: number) =>
    rows.push({
      name: nameFor(pod, state, taken, numbers),
      template: pod.template,
      workload: pod.workload,
      node,
      createdAtSeconds: Math.floor((pod.createdAtMs ?? state.takenAtMs) / 1000),
      extra: pod.extra,
    });
  for (let pod = state.pods.count; pod < placement.podCount; pod++) {
    const node = placement.nodeOf(pod);
    if (node >= 0) add(placement.incoming(pod), nodeIndex[node] as number);
  }
  for (const pod of run.state.pending) add(pod, -1);
  return tableOf(rows);
}

function tableOf(rows: readonly Row[]): PodTable {
  const extra: Record<number, PodExtra> = {};
  for (const [index, row] of rows.entries()) if (row.extra !== undefined) extra[index] = row.extra;
  return {
    count: rows.length,
    name: rows.map((row) => row.name),
    template: rows.map((row) => row.template),
    workload: rows.map((row) => row.workload),
    node: rows.map((row) => row.node),
    createdAtSeconds: rows.map((row) => row.createdAtSeconds),
    extra,
  };
}

/** StatefulSet pods keep their names; others get one made of their owner's, the first that is free. */
function nameFor(pod: IncomingPod, state: ClusterState, taken: Set<string>, numbers: Map<string, number>): string {
  const namespace = namespaceOf(state, pod.template);
  const stem = pod.name ?? `${state.workloads[pod.workload]?.name ?? 'pod'}-next`;
  let name = stem;
  // Counting on from the last number keeps this from looking at every pod of the owner again.
  for (let number = numbers.get(`${namespace}/${stem}`) ?? 2; taken.has(`${namespace}/${name}`); number++) {
    name = `${stem}-${number}`;
    numbers.set(`${namespace}/${stem}`, number + 1);
  }
  taken.add(`${namespace}/${name}`);
  return name;
}

function namespaceOf(state: ClusterState, template: number): string {
  return state.podTemplates[template]?.namespace ?? '';
}

function workloadsAfter(run: PlanRun): Workload[] {
  const { replicas, templates, suspended } = run.state;
  return run.placement.state.workloads.map((workload, index) => {
    const count = replicas.get(index);
    const template = templates.get(index);
    const isSuspended = suspended.get(index);
    if (count === undefined && template === undefined && isSuspended === undefined) return workload;
    return {
      ...workload,
      ...(count === undefined ? {} : { replicas: count }),
      ...(count === undefined || workload.readyReplicas === undefined ? {} : { readyReplicas: count }),
      ...(count === undefined || workload.updatedReplicas === undefined ? {} : { updatedReplicas: count }),
      ...(template === undefined ? {} : { successorTemplate: template }),
      ...(isSuspended === undefined || (workload.kind !== 'Job' && workload.kind !== 'CronJob')
        ? {}
        : { suspended: isSuspended }),
    };
  });
}

function* survivors(pods: PodTable, state: ClusterState): Iterable<string> {
  for (let pod = 0; pod < pods.count; pod++)
    yield `${namespaceOf(state, pods.template[pod] as number)}/${pods.name[pod]}`;
}

/** Claims of generic ephemeral volumes go with their pod; all others outlive it and follow. */
function withoutEphemeral(state: ClusterState, alive: ReadonlySet<string>) {
  const going = new Set<string>();
  for (let pod = 0; pod < state.pods.count; pod++) {
    const template = state.podTemplates[state.pods.template[pod] as number];
    for (const volume of template?.volumes ?? [])
      if (volume.kind === 'ephemeral' && !alive.has(`${template?.namespace}/${state.pods.name[pod]}`))
        going.add(`${template?.namespace}/${state.pods.name[pod]}-${volume.volume}`);
  }
  if (going.size === 0) return state.persistentVolumeClaims;
  return state.persistentVolumeClaims.filter((claim) => !going.has(`${claim.namespace}/${claim.name}`));
}

/** Pods that are gone leave the slices; new pods of the same workloads, Ready, take their place. */
function backendsAfter(state: ClusterState, pods: PodTable): ServiceBackend[] {
  const before = new Map<string, number>();
  for (let pod = 0; pod < state.pods.count; pod++)
    before.set(`${namespaceOf(state, state.pods.template[pod] as number)}/${state.pods.name[pod]}`, pod);
  const after = new Map<string, number>();
  for (let pod = 0; pod < pods.count; pod++)
    after.set(`${namespaceOf(state, pods.template[pod] as number)}/${pods.name[pod]}`, pod);
  return state.serviceBackends.map((backend) => {
    const kept = backend.pods.filter((pod) => after.has(`${pod.namespace}/${pod.name}`));
    const owners = new Set(
      backend.pods.flatMap((pod) => {
        const index = before.get(`${pod.namespace}/${pod.name}`);
        const owner = index === undefined ? -1 : (state.pods.workload[index] as number);
        return owner === -1 ? [] : [owner];
      }),
    );
    const added = [...after].flatMap(([key, pod]) =>
      before.has(key) || !owners.has(pods.workload[pod] as number)
        ? []
        : [{ namespace: backend.namespace, name: pods.name[pod] as string, ready: (pods.node[pod] as number) >= 0 }],
    );
    return { ...backend, pods: [...kept, ...added] };
  });
}

function schedulerAfter(scheduler: SchedulerFacts, run: PlanRun): SchedulerFacts {
  if (run.state.scoring.size === 0) return scheduler;
  const profiles = scheduler.profiles.map((profile) => {
    const scoringStrategy = run.state.scoring.get(profile.schedulerName);
    return scoringStrategy === undefined ? profile : { ...profile, scoringStrategy };
  });
  return { ...scheduler, profiles };
}

/** What the disruption controller will write; where an owner's scale is unknown, what it last wrote. */
function budgetsAfter(state: ClusterState): PodDisruptionBudget[] {
  if (state.podDisruptionBudgets.length === 0) return [];
  const placement = new WorkingPlacement(state);
  const matched = podsOfBudgets(placement);
  return state.podDisruptionBudgets.map((budget, index) => {
    const status = budgetStatus(budget, matched[index] ?? [], placement, state.takenAtMs);
    if (status === undefined || budget.status === undefined) return budget;
    return { ...budget, status: { ...budget.status, ...status } };
  });
}
