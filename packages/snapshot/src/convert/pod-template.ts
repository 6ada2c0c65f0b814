import type { HostPort, PodTemplate } from '@cloudoptim/core';
import {
  choice,
  filledText,
  flag,
  integer,
  type Json,
  record,
  records,
  requiredText,
  setOwn,
  text,
  textMap,
} from '../fields.js';
import type { Writable } from '../order.js';
import { affinity } from './affinity.js';
import { neededAmounts, type PodAmounts, podAmounts, templateContainers } from './pod-resources.js';
import { podVolumes } from './pod-volumes.js';
import { qualityOfService } from './quality-of-service.js';
import { tolerations, topologySpread } from './selectors.js';

/** A template and what one pod has beyond it. */
export interface PodShape {
  readonly template: PodTemplate;
  readonly amounts: PodAmounts;
  readonly pinnedNode: string | undefined;
  readonly ownClaims: readonly string[];
  readonly ownLabels: Readonly<Record<string, string>> | undefined;
  readonly ownAnnotations: Readonly<Record<string, string>> | undefined;
}

export interface PodSource {
  readonly namespace: string;
  /** Undefined for spec.template of a workload. */
  readonly podName: string | undefined;
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** Honoured ones only. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly spec: Json;
  readonly qosClass?: string | undefined;
}

/** Labels that controllers give to one pod alone, or to the pods of one run of a Job. */
const identityLabels: ReadonlySet<string> = new Set([
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
  'controller-uid',
  'job-name',
]);

const identityAnnotations: ReadonlySet<string> = new Set(['controller.kubernetes.io/pod-deletion-cost']);

/**
 * What scheduler and disruption rules see of a pod. Fields are set in a fixed order and maps in key order: the JSON text of a
 * template is the key by which equal ones are found.
 */
export function podShape(source: PodSource): PodShape {
  const { spec } = source;
  const [labels, ownLabels] = divide(source.labels, identityLabels);
  const [annotations, ownAnnotations] = divide(source.annotations, identityAnnotations);
  const amounts = podAmounts(spec);
  const volumes = podVolumes(spec, source.podName);
  const rules = affinity(spec);
  const template: Writable<PodTemplate> = {
    namespace: source.namespace,
    labels: labels ?? {},
    needs: neededAmounts(amounts),
    containers: templateContainers(amounts),
  };
  if (annotations !== undefined) template.annotations = annotations;
  const schedulerName = filledText(spec, 'schedulerName', 'spec');
  if (schedulerName !== undefined && schedulerName !== 'default-scheduler') template.schedulerName = schedulerName;
  const gates = records(spec, 'schedulingGates', 'spec').map((gate) =>
    requiredText(gate, 'name', 'spec.schedulingGates[]'),
  );
  if (gates.length > 0) template.schedulingGates = gates;
  const nodeSelector = textMap(spec, 'nodeSelector', 'spec');
  if (nodeSelector !== undefined) template.nodeSelector = nodeSelector;
  if (rules.node !== undefined) template.nodeAffinity = rules.node;
  if (rules.pod !== undefined) template.podAffinity = rules.pod;
  if (rules.antiPod !== undefined) template.podAntiAffinity = rules.antiPod;
  const tolerated = tolerations(spec, 'tolerations', 'spec');
  if (tolerated !== undefined) template.tolerations = tolerated;
  const spread = topologySpread(spec, 'topologySpreadConstraints', 'spec');
  if (spread !== undefined) template.topologySpread = spread;
  const hostNetwork = flag(spec, 'hostNetwork', 'spec') === true;
  const ports = hostPorts(spec, hostNetwork);
  if (ports.length > 0) template.hostPorts = ports;
  if (hostNetwork) template.hostNetwork = true;
  if (volumes.shared.length > 0) template.volumes = volumes.shared;
  const claims = records(spec, 'resourceClaims', 'spec').map((claim) =>
    requiredText(claim, 'name', 'spec.resourceClaims[]'),
  );
  if (claims.length > 0) template.resourceClaims = claims;
  const group = podGroup(source);
  if (group !== undefined) template.podGroup = group;
  addPriority(template, spec);
  const runtimeClass = filledText(spec, 'runtimeClassName', 'spec');
  if (runtimeClass !== undefined) template.runtimeClass = runtimeClass;
  template.qosClass = qualityOfService(amounts, source.qosClass);
  const grace = integer(spec, 'terminationGracePeriodSeconds', 'spec');
  if (grace !== undefined && grace !== 30) template.terminationGracePeriodSeconds = grace;
  const readiness = readinessSeconds(spec);
  if (readiness !== undefined) template.readinessSeconds = readiness;
  return { template, amounts, pinnedNode: rules.pinnedNode, ownClaims: volumes.own, ownLabels, ownAnnotations };
}

function addPriority(template: Writable<PodTemplate>, spec: Json): void {
  const priority = integer(spec, 'priority', 'spec');
  const priorityClass = filledText(spec, 'priorityClassName', 'spec');
  const preemptionPolicy = choice(spec, 'preemptionPolicy', 'spec', ['PreemptLowerPriority', 'Never']);
  if (priority !== undefined) template.priority = priority;
  if (priorityClass !== undefined) template.priorityClass = priorityClass;
  // The default, which the API server writes into every pod, is left out.
  if (preemptionPolicy === 'Never') template.preemptionPolicy = preemptionPolicy;
}

/** Ports of main containers and sidecars; under hostNetwork the API server gives every port itself as its host port. */
function hostPorts(spec: Json, hostNetwork: boolean): HostPort[] {
  const ports: HostPort[] = [];
  const seen = new Set<string>();
  for (const key of ['containers', 'initContainers']) {
    for (const container of records(spec, key, 'spec')) {
      if (key === 'initContainers' && container.restartPolicy !== 'Always') continue;
      for (const source of records(container, 'ports', `spec.${key}[]`)) {
        const where = `spec.${key}[].ports[]`;
        const written = integer(source, 'hostPort', where) ?? 0;
        const port = written === 0 && hostNetwork ? (integer(source, 'containerPort', where) ?? 0) : written;
        if (port <= 0) continue;
        const hostIp = filledText(source, 'hostIP', where) ?? '0.0.0.0';
        const protocol = choice(source, 'protocol', where, ['TCP', 'UDP', 'SCTP']) ?? 'TCP';
        const id = `${hostIp}/${protocol}/${port}`;
        if (seen.has(id)) continue;
        seen.add(id);
        ports.push({ hostIp, protocol, port });
      }
    }
  }
  return ports;
}

/** Names of gangs: coscheduling's label, Volcano's and YuniKorn's annotations, Kubernetes' own workload API (1.35). */
function podGroup({ labels, annotations, spec }: PodSource): string | undefined {
  const workload = record(spec, 'workloadRef', 'spec');
  const scheduling = record(spec, 'schedulingGroup', 'spec');
  return (
    labels?.['scheduling.x-k8s.io/pod-group'] ??
    labels?.['pod-group.scheduling.sigs.k8s.io'] ??
    annotations?.['scheduling.k8s.io/group-name'] ??
    annotations?.['yunikorn.apache.org/task-group-name'] ??
    (workload === undefined ? undefined : (text(workload, 'podGroup', 'spec.workloadRef') ?? 'workload')) ??
    (scheduling === undefined ? undefined : (text(scheduling, 'podGroupName', 'spec.schedulingGroup') ?? 'group'))
  );
}

/** The earliest that every readiness probe can have passed; undefined without a readiness probe. */
function readinessSeconds(spec: Json): number | undefined {
  let longest: number | undefined;
  for (const container of records(spec, 'containers', 'spec')) {
    const probe = record(container, 'readinessProbe', 'spec.containers[]');
    if (probe === undefined) continue;
    const where = 'spec.containers[].readinessProbe';
    const delay = integer(probe, 'initialDelaySeconds', where) ?? 0;
    const period = integer(probe, 'periodSeconds', where) ?? 10;
    const successes = integer(probe, 'successThreshold', where) ?? 1;
    longest = Math.max(longest ?? 0, delay + (successes - 1) * period);
  }
  return longest;
}

type Texts = Readonly<Record<string, string>> | undefined;

/** Divides a map into what all pods share and what is one pod's own. */
function divide(map: Texts, ownKeys: ReadonlySet<string>): [shared: Texts, own: Texts] {
  if (map === undefined) return [undefined, undefined];
  const keys = Object.keys(map);
  if (!keys.some((key) => ownKeys.has(key))) return [map, undefined];
  const shared: Record<string, string> = {};
  const own: Record<string, string> = {};
  for (const key of keys) setOwn(ownKeys.has(key) ? own : shared, key, map[key] as string);
  return [Object.keys(shared).length === 0 ? undefined : shared, own];
}
