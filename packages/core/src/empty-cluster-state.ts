import type { ClusterState } from './cluster-state.js';
import { assumedScheduler } from './scheduler-facts.js';

/** A state of a cluster with nothing in it and nothing known about it: a start for fixtures and converters. */
export function emptyClusterState(takenAtMs: number): ClusterState {
  return {
    schema: 'cluster-state/v1',
    takenAtMs,
    coverage: [],
    nodes: [],
    podTemplates: [],
    workloads: [],
    pods: { count: 0, name: [], template: [], workload: [], node: [], createdAtSeconds: [], extra: {} },
    namespaces: [],
    podDisruptionBudgets: [],
    persistentVolumeClaims: [],
    persistentVolumes: [],
    storageClasses: [],
    csiDrivers: [],
    csiStorageCapacities: [],
    volumeAttachments: [],
    horizontalPodAutoscalers: [],
    priorityClasses: [],
    runtimeClasses: [],
    limitRanges: [],
    resourceQuotas: [],
    deviceClasses: [],
    dynamicResources: { claims: 0, slices: 0 },
    services: [],
    serviceBackends: [],
    admissionWebhooks: [],
    nodePools: [],
    nodeClaims: [],
    nodeClasses: [],
    nodeOverlays: [],
    nodeGroups: [],
    scheduler: assumedScheduler,
  };
}
