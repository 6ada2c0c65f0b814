import type { PriorityClass, ResourceAmounts, RuntimeClass } from '@cloudoptim/core';
import { isRecord, type Json, list, record, records } from '../fields.js';

/** What the API server and its admission plugins add to a new pod, as far as it bears on scheduling. */
export interface Admission {
  /** spec.limits of the namespace's LimitRanges, as written. */
  readonly limitRanges: (namespace: string) => readonly Json[];
  readonly priorityClasses: ReadonlyMap<string, PriorityClass>;
  readonly runtimeClasses: ReadonlyMap<string, RuntimeClass>;
  readonly defaultPriorityClass: PriorityClass | undefined;
}

/**
 * A pod spec as the API server would store it when made from a workload's template now. The order is that of the API server:
 * limits become requests on decoding, then Priority, RuntimeClass, LimitRanger and DefaultTolerationSeconds.
 * Mutating webhooks are beyond reach: only live pods show what those add.
 */
export function admitPodSpec(
  spec: Json,
  namespace: string,
  ownerKind: string,
  labels: Json,
  admission: Admission,
): Json {
  let admitted = withRequestsFromLimits(spec);
  admitted = withPriority(admitted, admission);
  admitted = withRuntimeClass(admitted, admission);
  for (const item of admission.limitRanges(namespace)) admitted = withContainerDefaults(admitted, item);
  admitted = withTolerations(admitted, ownerKind === 'DaemonSet');
  return withMergedLabelKeys(admitted, labels);
}

function withRequestsFromLimits(spec: Json): Json {
  return eachContainer(spec, (resources) => ({
    ...resources,
    requests: { ...recordOrEmpty(resources.limits), ...recordOrEmpty(resources.requests) },
  }));
}

function withContainerDefaults(spec: Json, item: Json): Json {
  if (item.type !== 'Container') return spec;
  return eachContainer(spec, (resources) => ({
    ...resources,
    requests: { ...recordOrEmpty(item.defaultRequest), ...recordOrEmpty(resources.requests) },
    limits: { ...recordOrEmpty(item.default), ...recordOrEmpty(resources.limits) },
  }));
}

function withPriority(spec: Json, { priorityClasses, defaultPriorityClass }: Admission): Json {
  if (typeof spec.priority === 'number') return spec;
  const name = typeof spec.priorityClassName === 'string' ? spec.priorityClassName : '';
  const found = name === '' ? defaultPriorityClass : priorityClasses.get(name);
  // A class that was not listed: its value is unknown, and so stays the pod's priority.
  if (name !== '' && found === undefined) return spec;
  return {
    ...spec,
    ...(found === undefined ? {} : { priorityClassName: found.name }),
    priority: found?.value ?? 0,
    preemptionPolicy: found?.preemptionPolicy ?? 'PreemptLowerPriority',
  };
}

function withRuntimeClass(spec: Json, { runtimeClasses }: Admission): Json {
  const found = typeof spec.runtimeClassName === 'string' ? runtimeClasses.get(spec.runtimeClassName) : undefined;
  if (found === undefined) return spec;
  const { overhead, nodeSelector, tolerations } = found;
  return {
    ...spec,
    ...(overhead === undefined || spec.overhead !== undefined ? {} : { overhead: resourceList(overhead) }),
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector, ...recordOrEmpty(spec.nodeSelector) } }),
    ...(tolerations === undefined ? {} : { tolerations: [...list(spec, 'tolerations', 'spec'), ...tolerations] }),
  };
}

/** Amounts back in the form of a manifest. */
function resourceList({ cpuMillicores, memoryBytes, ephemeralStorageBytes, extended }: ResourceAmounts): Json {
  return {
    cpu: `${cpuMillicores}m`,
    memory: memoryBytes,
    ...(ephemeralStorageBytes === undefined ? {} : { 'ephemeral-storage': ephemeralStorageBytes }),
    ...extended,
  };
}

/** kubernetes pkg/controller/daemon/util AddOrUpdateDaemonPodTolerations. */
const daemonTolerations: readonly (readonly [string, string])[] = [
  ['node.kubernetes.io/not-ready', 'NoExecute'],
  ['node.kubernetes.io/unreachable', 'NoExecute'],
  ['node.kubernetes.io/disk-pressure', 'NoSchedule'],
  ['node.kubernetes.io/memory-pressure', 'NoSchedule'],
  ['node.kubernetes.io/pid-pressure', 'NoSchedule'],
  ['node.kubernetes.io/unschedulable', 'NoSchedule'],
];

function withTolerations(spec: Json, isDaemon: boolean): Json {
  const tolerated = records(spec, 'tolerations', 'spec');
  const added: Json[] = [];
  if (isDaemon) {
    const wanted = [...daemonTolerations];
    if (spec.hostNetwork === true) wanted.push(['node.kubernetes.io/network-unavailable', 'NoSchedule']);
    for (const [key, effect] of wanted) {
      const isThere = tolerated.some(
        (one) =>
          one.key === key && one.effect === effect && one.operator === 'Exists' && one.tolerationSeconds === undefined,
      );
      if (!isThere) added.push({ key, operator: 'Exists', effect });
    }
  } else {
    // Admission plugin DefaultTolerationSeconds.
    for (const [key, effect] of daemonTolerations.slice(0, 2)) {
      const isThere = tolerated.some(
        (one) =>
          (one.key === key || one.key === undefined || one.key === '') &&
          (one.effect === effect || one.effect === undefined || one.effect === ''),
      );
      if (!isThere) added.push({ key, operator: 'Exists', effect, tolerationSeconds: 300 });
    }
  }
  return added.length === 0 ? spec : { ...spec, tolerations: [...tolerated, ...added] };
}

/**
 * matchLabelKeys and mismatchLabelKeys become requirements of the selectors with the new pod's own values, as on live pods
 * (pkg/registry/core/pod/strategy.go, KEP-3633 and KEP-3243).
 */
function withMergedLabelKeys(spec: Json, labels: Json): Json {
  const merged: { [key: string]: unknown } = { ...spec };
  if (Array.isArray(spec.topologySpreadConstraints))
    merged.topologySpreadConstraints = spec.topologySpreadConstraints.map((one) => mergeKeys(one, labels));
  if (isRecord(spec.affinity)) {
    const affinity: { [key: string]: unknown } = { ...spec.affinity };
    for (const key of ['podAffinity', 'podAntiAffinity']) {
      const rules = affinity[key];
      if (isRecord(rules)) affinity[key] = mergeRules(rules, labels);
    }
    merged.affinity = affinity;
  }
  return merged;
}

function mergeRules(rules: Json, labels: Json): Json {
  const merged: { [key: string]: unknown } = { ...rules };
  const required = rules.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = rules.preferredDuringSchedulingIgnoredDuringExecution;
  if (Array.isArray(required))
    merged.requiredDuringSchedulingIgnoredDuringExecution = required.map((term) => mergeKeys(term, labels));
  if (Array.isArray(preferred))
    merged.preferredDuringSchedulingIgnoredDuringExecution = preferred.map((entry) =>
      isRecord(entry) ? { ...entry, podAffinityTerm: mergeKeys(entry.podAffinityTerm, labels) } : entry,
    );
  return merged;
}

function mergeKeys(term: unknown, labels: Json): unknown {
  if (!isRecord(term) || !isRecord(term.labelSelector)) return term;
  const added: Json[] = [];
  for (const [field, operator] of [
    ['matchLabelKeys', 'In'],
    ['mismatchLabelKeys', 'NotIn'],
  ] as const)
    for (const key of list(term, field, 'spec'))
      if (typeof key === 'string' && Object.hasOwn(labels, key)) added.push({ key, operator, values: [labels[key]] });
  if (added.length === 0) return term;
  const expressions = records(term.labelSelector, 'matchExpressions', 'spec');
  return { ...term, labelSelector: { ...term.labelSelector, matchExpressions: [...expressions, ...added] } };
}

function eachContainer(spec: Json, change: (resources: Json) => Json): Json {
  const changed: { [key: string]: unknown } = { ...spec };
  for (const key of ['containers', 'initContainers']) {
    if (spec[key] === undefined || spec[key] === null) continue;
    changed[key] = records(spec, key, 'spec').map((container) => ({
      ...container,
      resources: change(record(container, 'resources', `spec.${key}[]`) ?? {}),
    }));
  }
  return changed;
}

function recordOrEmpty(value: unknown): Json {
  return isRecord(value) ? value : {};
}
