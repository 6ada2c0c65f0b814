import {
  type ClusterState,
  type CoverageState,
  type CsiDriver,
  type CsiStorageCapacity,
  coverageOf,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type StorageClass,
  type VolumeAttachment,
} from '@cloudoptim/core';
import type { Labels } from './labels.js';

/** What is looked up by name in a state, indexed once. */
export interface Lookups {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  storageClass(name: string): StorageClass | undefined;
  readonly defaultStorageClass: StorageClass | undefined;
  csiDriver(name: string): CsiDriver | undefined;
  attachmentsOf(nodeName: string): readonly VolumeAttachment[];
  /** Volumes that a claim of this class could be bound to, in the state's order. */
  volumesOfClass(storageClass: string): readonly PersistentVolume[];
  capacitiesOf(storageClass: string): readonly CsiStorageCapacity[];
  /** Labels of a namespace; undefined when the object is not in the state. */
  namespaceLabels(name: string): Labels | undefined;
  covers(kind: string, namespace?: string): boolean;
  /** Where in the state's list the object is; -1 when it is not there. Every drain of a large plan asks for its budgets. */
  budgetIndex(namespace: string, name: string): number;
  autoscalerIndex(namespace: string, name: string): number;
}

const cache = new WeakMap<ClusterState, Lookups>();

export function lookupsOf(state: ClusterState): Lookups {
  let lookups = cache.get(state);
  if (lookups === undefined) {
    lookups = createLookups(state);
    cache.set(state, lookups);
  }
  return lookups;
}

function createLookups(state: ClusterState): Lookups {
  const claims = new Map(state.persistentVolumeClaims.map((claim) => [`${claim.namespace}/${claim.name}`, claim]));
  const volumes = new Map(state.persistentVolumes.map((volume) => [volume.name, volume]));
  const classes = new Map(state.storageClasses.map((entry) => [entry.name, entry]));
  const drivers = new Map(state.csiDrivers.map((driver) => [driver.name, driver]));
  const namespaces = new Map(state.namespaces.map((namespace) => [namespace.name, namespace.labels ?? {}]));
  const attachments = groupBy(state.volumeAttachments, (attachment) => attachment.node);
  const byClass = groupBy(state.persistentVolumes, (volume) => volume.storageClass ?? '');
  const capacities = groupBy(state.csiStorageCapacities, (capacity) => capacity.storageClass);
  const coverage = new Map<string, CoverageState>();
  const budgets = indexByName(state.podDisruptionBudgets);
  const autoscalers = indexByName(state.horizontalPodAutoscalers);
  return {
    claim: (namespace, name) => claims.get(`${namespace}/${name}`),
    volume: (name) => volumes.get(name),
    storageClass: (name) => classes.get(name),
    defaultStorageClass: state.storageClasses.find((entry) => entry.isDefault === true),
    csiDriver: (name) => drivers.get(name),
    attachmentsOf: (nodeName) => attachments.get(nodeName) ?? [],
    volumesOfClass: (storageClass) => byClass.get(storageClass) ?? [],
    capacitiesOf: (storageClass) => capacities.get(storageClass) ?? [],
    namespaceLabels: (name) => namespaces.get(name),
    budgetIndex: (namespace, name) => budgets.get(`${namespace}/${name}`) ?? -1,
    autoscalerIndex: (namespace, name) => autoscalers.get(`${namespace}/${name}`) ?? -1,
    covers(kind, namespace) {
      const key = `${kind} ${namespace ?? ''}`;
      let answer = coverage.get(key);
      if (answer === undefined) {
        answer = coverageOf(state.coverage, kind, namespace);
        coverage.set(key, answer);
      }
      return answer === 'listed';
    },
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function indexByName(list: readonly { readonly namespace: string; readonly name: string }[]): Map<string, number> {
  return new Map(list.map(({ namespace, name }, at) => [`${namespace}/${name}`, at]));
}
