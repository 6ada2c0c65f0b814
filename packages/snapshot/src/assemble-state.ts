import {
  type AdmissionWebhook,
  type Autoscaler,
  assumedScheduler,
  type ClusterState,
  type Node,
  type NodeGroup,
  type PodExtra,
  type PodTable,
  type SchedulerFacts,
  type ServiceBackend,
} from '@cloudoptim/core';
import type { Conversion } from './conversion.js';
import type { NodeRow } from './convert/node.js';
import type { PodRow } from './convert/pod.js';
import { SelectedLabels } from './convert/thin-labels.js';
import type { Json } from './fields.js';
import { byText, type Writable } from './order.js';
import type { Admission } from './workloads/admit-template.js';
import { resolveWorkloads } from './workloads/resolve-workloads.js';

/** Joins what the objects told into a state. Everything is ordered by name, so that the order of arrival leaves no trace. */
export function assembleState(
  conversion: Conversion,
  takenAtMs: number,
  coverage: ClusterState['coverage'],
  options: { readonly region?: string; readonly scheduler?: SchedulerFacts },
  kubernetesVersion: string | undefined,
): ClusterState {
  const pods = conversion.pods.sorted();
  const { workloads, workloadOfPod } = resolveWorkloads(
    {
      owners: [
        ...conversion.deployments.sorted(),
        ...conversion.statefulSets.sorted(),
        ...conversion.daemonSets.sorted(),
        ...conversion.replicationControllers.sorted(),
        ...conversion.jobs.sorted(),
        ...conversion.cronJobs.sorted(),
      ],
      replicaSets: conversion.replicaSets.sorted(),
      custom: [...conversion.customOwners]
        .sort(([a], [b]) => byText(a, b))
        .flatMap(([, collection]) => collection.sorted()),
      scales: conversion.scales,
    },
    pods,
    conversion.templates,
    admissionOf(conversion),
    (owner, error) => conversion.sayMalformed(owner.kind, owner, error),
  );
  const successors = workloads.map((workload) => workload.successorTemplate).filter((number) => number >= 0);
  const { templates, indexOf } = conversion.templates.compact([...pods.map((pod) => pod.template), ...successors]);
  const webhooks = [...conversion.validatingWebhooks.sorted(), ...conversion.mutatingWebhooks.sorted()].flat();
  const nodes = assembleNodes(conversion, takenAtMs, coverage, options.region, templates);
  const state: Writable<ClusterState> = {
    schema: 'cluster-state/v1',
    takenAtMs,
    coverage,
    nodes,
    podTemplates: templates,
    workloads: workloads.map((workload) => ({
      ...workload,
      successorTemplate: indexOf.get(workload.successorTemplate) ?? -1,
    })),
    pods: podTable(conversion, pods, nodes, workloadOfPod, indexOf, takenAtMs),
    namespaces: conversion.namespaces.sorted(),
    podDisruptionBudgets: conversion.budgets.sorted(),
    persistentVolumeClaims: conversion.claims.sorted(),
    persistentVolumes: conversion.volumes.sorted(),
    storageClasses: conversion.storageClasses.sorted(),
    csiDrivers: conversion.csiDrivers.sorted(),
    csiStorageCapacities: conversion.csiStorageCapacities.sorted(),
    volumeAttachments: conversion.volumeAttachments.sorted(),
    horizontalPodAutoscalers: conversion.horizontalPodAutoscalers.sorted(),
    priorityClasses: conversion.priorityClasses.sorted(),
    runtimeClasses: conversion.runtimeClasses.sorted(),
    limitRanges: conversion.limitRanges.sorted().map(({ value }) => value),
    resourceQuotas: conversion.resourceQuotas.sorted(),
    deviceClasses: conversion.deviceClasses.sorted(),
    dynamicResources: { claims: conversion.resourceClaims.size, slices: conversion.resourceSlices.size },
    services: conversion.services.sorted(),
    serviceBackends: webhookBackends(conversion, webhooks),
    admissionWebhooks: webhooks,
    nodePools: conversion.nodePools.sorted(),
    nodeClaims: conversion.nodeClaims.sorted(),
    nodeClasses: conversion.nodeClasses.sorted(),
    nodeOverlays: conversion.nodeOverlays.sorted(),
    nodeGroups: nodeGroups(nodes),
    scheduler: options.scheduler ?? assumedScheduler,
  };
  if (conversion.clusterId !== undefined) state.clusterId = conversion.clusterId;
  if (kubernetesVersion !== undefined) state.kubernetesVersion = kubernetesVersion;
  return state;
}

function admissionOf(conversion: Conversion): Admission {
  const byNamespace = new Map<string, Json[]>();
  for (const { value, items } of conversion.limitRanges.sorted())
    byNamespace.set(value.namespace, [...(byNamespace.get(value.namespace) ?? []), ...items]);
  const classes = conversion.priorityClasses.sorted();
  return {
    limitRanges: (namespace) => byNamespace.get(namespace) ?? [],
    priorityClasses: new Map(classes.map((one) => [one.name, one])),
    defaultPriorityClass: classes.find((one) => one.globalDefault === true),
    runtimeClasses: new Map(conversion.runtimeClasses.sorted().map((one) => [one.name, one])),
  };
}

function assembleNodes(
  conversion: Conversion,
  takenAtMs: number,
  coverage: ClusterState['coverage'],
  region: string | undefined,
  templates: ClusterState['podTemplates'],
): Node[] {
  const selected = new SelectedLabels();
  for (const template of templates) selected.addTemplate(template);
  for (const volume of conversion.volumes.sorted()) {
    selected.addNodeSelector(volume.nodeAffinity);
    selected.addVolumeLabels(volume.labels);
  }
  for (const capacity of conversion.csiStorageCapacities.sorted()) selected.addLabelSelector(capacity.nodeTopology);
  for (const { allowedTopologies } of conversion.storageClasses.sorted())
    for (const { expressions } of allowedTopologies ?? []) for (const { key } of expressions) selected.add(key);
  const running = runningAutoscalers(conversion, coverage);
  const claimOfNode = new Map<string, string>();
  for (const claim of conversion.nodeClaims.sorted())
    if (claim.nodeName !== undefined) claimOfNode.set(claim.nodeName, claim.name);
  return conversion.nodes.sorted().map((row) => {
    if (row.uid === row.name)
      conversion.report.add({
        level: 'warning',
        code: 'node-without-uid',
        kind: 'Node',
        name: row.name,
        message: `Node ${row.name} has no uid; its name stands for it, so a node of the same name that replaces it is not told apart.`,
      });
    const node: Writable<Node> = {
      ...row,
      // Without a creation time a node counts as new: rules that wait for age then wait.
      createdAtMs: row.createdAtMs ?? takenAtMs,
      labels: selected.thin(row.labels),
      autoscaler: autoscalerOf(row, running),
    };
    const claim = claimOfNode.get(row.name);
    if (claim !== undefined && row.owner.nodeClaim === undefined && isClaimed(row))
      node.owner = { ...row.owner, nodeClaim: claim };
    if (node.region === undefined && region !== undefined) node.region = region;
    const drivers = conversion.csiNodes.get('', row.name);
    if (drivers !== undefined) node.csiDrivers = drivers;
    return node;
  });
}

function isClaimed({ owner }: NodeRow): boolean {
  return owner.kind === 'karpenter' || owner.kind === 'eks-auto';
}

/** `none` only when all Deployments and pods were seen and none of them is an autoscaler. */
function runningAutoscalers(conversion: Conversion, coverage: ClusterState['coverage']): Autoscaler {
  const found = new Set<string>();
  for (const owner of [...conversion.deployments.sorted(), ...conversion.statefulSets.sorted()])
    if (owner.autoscaler !== undefined) found.add(owner.autoscaler);
  for (const pod of conversion.pods.sorted()) if (pod.autoscaler !== undefined) found.add(pod.autoscaler);
  if (found.has('other')) return 'unknown';
  if (found.has('cluster-autoscaler')) return 'cluster-autoscaler';
  const isListed = (kind: string) =>
    coverage.some((entry) => entry.kind === kind && entry.namespace === undefined && entry.state === 'listed');
  return isListed('Deployment') && isListed('Pod') ? 'none' : 'unknown';
}

function autoscalerOf({ owner }: NodeRow, running: Autoscaler): Autoscaler {
  if (owner.kind === 'karpenter' || owner.kind === 'eks-auto') return owner.kind;
  return running;
}

/** Groups known by their nodes. Their limits are AWS's to tell, so they are absent here, which means unknown. */
function nodeGroups(nodes: readonly Node[]): NodeGroup[] {
  const names = new Set<string>();
  for (const { owner } of nodes)
    if (owner.kind === 'managed-node-group' && owner.name !== undefined) names.add(owner.name);
  return [...names].sort().map((name) => ({ kind: 'managed-node-group', name }));
}

/** Only of services that answer admission webhooks: endpoints of all services would double the state and decide nothing. */
function webhookBackends(conversion: Conversion, webhooks: readonly AdmissionWebhook[]): ServiceBackend[] {
  const wanted = new Set(
    webhooks.map(({ service }) => (service === undefined ? '' : `${service.namespace}/${service.name}`)),
  );
  const byService = new Map<string, ServiceBackend>();
  for (const slice of conversion.endpointSlices.sorted()) {
    if (slice === undefined || !wanted.has(`${slice.namespace}/${slice.service}`)) continue;
    const key = `${slice.namespace}\u0000${slice.service}`;
    byService.set(key, { ...slice, pods: [...(byService.get(key)?.pods ?? []), ...slice.pods] });
  }
  return [...byService]
    .sort(([a], [b]) => byText(a, b))
    .map(([, backend]) => ({
      ...backend,
      pods: [...backend.pods].sort((a, b) => byText(a.namespace, b.namespace) || byText(a.name, b.name)),
    }));
}

function podTable(
  conversion: Conversion,
  pods: readonly PodRow[],
  nodes: readonly Node[],
  workload: readonly number[],
  templateIndex: ReadonlyMap<number, number>,
  takenAtMs: number,
): PodTable {
  const nodeIndex = new Map(nodes.map((node, index) => [node.name, index]));
  const extra: Record<number, PodExtra> = {};
  const node = pods.map((pod, index) => {
    if (pod.extra !== undefined) extra[index] = pod.extra;
    if (pod.nodeName === undefined) return -1;
    const found = nodeIndex.get(pod.nodeName);
    if (found !== undefined) return found;
    // Not pending: it runs on a node that we do not see. Only its phase can say so.
    extra[index] = { ...pod.extra, phase: pod.extra?.phase ?? 'Running' };
    conversion.report.add({
      level: 'warning',
      code: 'pod-on-unknown-node',
      kind: 'Pod',
      namespace: pod.namespace,
      name: pod.name,
      message: `Pod ${pod.namespace}/${pod.name} is bound to node ${pod.nodeName}, which did not come: list nodes too.`,
    });
    return -1;
  });
  return {
    count: pods.length,
    name: pods.map((pod) => pod.name),
    template: pods.map((pod) => templateIndex.get(pod.template) ?? -1),
    workload,
    node,
    createdAtSeconds: pods.map((pod) => Math.floor((pod.createdAtMs ?? takenAtMs) / 1000)),
    extra,
  };
}
