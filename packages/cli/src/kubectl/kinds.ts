import { type KubernetesKind, kubernetesKinds } from '@cloudoptim/snapshot';

/** A kind that bears on a plan, and the versions of it that the converter reads. */
export interface ApiKind extends KubernetesKind {
  /** Newest first. */
  readonly versions: readonly [string, ...string[]];
}

/** Older versions with the same fields as far as they are read, for clusters that serve no newer one. */
const olderVersions: Readonly<Record<string, readonly string[]>> = {
  CSIStorageCapacity: ['v1beta1'],
  HorizontalPodAutoscaler: ['v2beta2'],
  RuntimeClass: ['v1beta1'],
  ResourceClaim: ['v1beta2', 'v1beta1'],
  ResourceSlice: ['v1beta2', 'v1beta1'],
  DeviceClass: ['v1beta2', 'v1beta1'],
  NodePool: ['v1beta1'],
  NodeClaim: ['v1beta1'],
  EC2NodeClass: ['v1beta1'],
};

/** Every kind that the converter reads, in its order. */
export const apiKinds: readonly ApiKind[] = kubernetesKinds.map((kind) => ({
  ...kind,
  versions: [kind.version, ...(olderVersions[kind.kind] ?? [])],
}));

/** Path of a kind's list, in one namespace or in the whole cluster. */
export function listPath({ group, resource }: ApiKind, version: string, namespace?: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined
    ? `${root}/${resource}`
    : `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
}
