import type { PodExtra, PodTemplate, TemplateContainer, Workload } from '@cloudoptim/core';

/** A workload with its pods, as tests describe it; everything but the name has a default. */
export interface WorkloadSpec {
  readonly name: string;
  /** Default `Deployment`; `Pod` makes bare pods without a workload. */
  readonly kind?: string;
  readonly apiVersion?: string;
  /** Default `default`. */
  readonly namespace?: string;
  /** Default 1. A DaemonSet has a pod on each node that its selector and tolerations allow, whatever this says. */
  readonly replicas?: number;
  /** Of the single container `main`; default 100. */
  readonly cpuMillicores?: number;
  /** Of the single container `main`; default 128 MiB. */
  readonly memoryBytes?: number;
  /** Anything else of the pod template: affinity, tolerations, spread, ports, annotations … */
  readonly template?: Partial<PodTemplate>;
  /** Names of the nodes that its pods run on, in pod order; pods beyond the list are pending. */
  readonly on?: readonly string[];
  /** What all its pods have beyond the template; `claims` may hold `$pod`, which becomes the pod's name. */
  readonly extra?: PodExtra;
  /** Anything else of the workload: rollout, gitOps, strategy, annotations … */
  readonly workload?: Partial<Workload>;
  readonly podsCreatedAtMs?: number;
}

const scalableKinds = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController']);

/** Makes the pod template of a description. `needs` is the sum of its main containers, as for pods without init containers. */
export function createTemplate(spec: WorkloadSpec): PodTemplate {
  const requests = { cpuMillicores: spec.cpuMillicores ?? 100, memoryBytes: spec.memoryBytes ?? 128 * 2 ** 20 };
  const containers: readonly TemplateContainer[] = [{ name: 'main', requests }];
  return {
    namespace: spec.namespace ?? 'default',
    labels: { app: spec.name },
    needs: requests,
    containers,
    qosClass: 'Burstable',
    readinessSeconds: 10,
    ...spec.template,
  };
}

/** Makes the Workload of a description, whose next pod has the template at `successorTemplate`. */
export function createWorkload(spec: WorkloadSpec, successorTemplate: number): Workload {
  const kind = spec.kind ?? 'Deployment';
  const replicas = spec.replicas ?? 1;
  const scalable = scalableKinds.has(kind);
  return {
    kind,
    namespace: spec.namespace ?? 'default',
    name: spec.name,
    uid: `uid-${kind}-${spec.namespace ?? 'default'}-${spec.name}`,
    apiVersion: spec.apiVersion ?? (kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1'),
    generation: 1,
    observedGeneration: 1,
    ...(scalable ? { replicas, readyReplicas: replicas, updatedReplicas: replicas } : {}),
    scalable,
    successorTemplate,
    selector: { matchLabels: { app: spec.name } },
    ...(kind === 'Deployment' && { strategy: { type: 'RollingUpdate', maxSurge: '25%', maxUnavailable: '25%' } }),
    rollout: 'stable',
    ...(kind === 'StatefulSet' && { podManagement: 'OrderedReady' }),
    ...spec.workload,
  };
}
