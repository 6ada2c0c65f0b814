import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { inParallel } from './cluster.js';
import { isNode, isPod, type Node, type Pod, type PodTerm } from './kubernetes.js';

/** Makes nodes, volumes and bound pods once more, as they were read back; what the laboratory has from the start is left out. */
export async function recreate(client: ApiClient, objects: readonly KubernetesObject[]): Promise<void> {
  await inParallel(objects.filter(isNode), 8, (node) => client.create('/api/v1/nodes', bareNode(node)));
  for (const object of objects) {
    const path = storagePaths[object.kind as string];
    if (path !== undefined) await recreateStorage(client, path, object);
  }
  await inParallel(objects.filter(isPod), 8, async (pod) => {
    const pods = `/api/v1/namespaces/${pod.metadata.namespace}/pods`;
    await client.create(pods, barePod(pod));
    await sameStatus(client, `${pods}/${pod.metadata.name}`, pod);
  });
}

/** Kinds of storage that a cluster has of its own. */
const storagePaths: Readonly<Record<string, (namespace: string) => string>> = {
  PersistentVolume: () => '/api/v1/persistentvolumes',
  PersistentVolumeClaim: (namespace) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  VolumeAttachment: () => '/apis/storage.k8s.io/v1/volumeattachments',
  CSINode: () => '/apis/storage.k8s.io/v1/csinodes',
  CSIStorageCapacity: (namespace) => `/apis/storage.k8s.io/v1/namespaces/${namespace}/csistoragecapacities`,
};

async function recreateStorage(
  client: ApiClient,
  path: (namespace: string) => string,
  { metadata = {}, status, ...rest }: KubernetesObject,
): Promise<void> {
  const { name, namespace = '', labels, annotations, finalizers, deletionTimestamp } = metadata;
  const place = path(namespace);
  await client.create(place, { ...rest, metadata: { name, labels, annotations, finalizers } });
  if (status !== undefined) await client.patch(`${place}/${name}/status`, { status });
  if (deletionTimestamp !== undefined) await client.remove(`${place}/${name}`);
}

async function sameStatus(client: ApiClient, path: string, { metadata, status = {} }: Pod): Promise<void> {
  const { phase, containerStatuses, conditions } = status;
  if ((phase ?? 'Pending') !== 'Pending')
    await client.patch(`${path}/status`, { status: { phase, containerStatuses, conditions } });
  if (metadata.deletionTimestamp !== undefined) await client.remove(path, { gracePeriodSeconds: 3600 });
}

/** The pod as it can be created: without what the API server writes. */
export function barePod({ apiVersion = 'v1', kind = 'Pod', metadata, spec }: Pod): Pod {
  const { name, namespace, labels } = metadata;
  const bare = structuredClone(spec);
  for (const term of bare.topologySpreadConstraints ?? []) unmerge(term);
  for (const { requiredDuringSchedulingIgnoredDuringExecution: terms = [] } of [
    bare.affinity?.podAffinity ?? {},
    bare.affinity?.podAntiAffinity ?? {},
  ])
    for (const term of terms) unmerge(term);
  return { apiVersion, kind, metadata: { name, namespace, ...(labels === undefined ? {} : { labels }) }, spec: bare };
}

/** Takes out what the API server merged into a selector: with it there already, it refuses the keys. */
function unmerge(term: Pick<PodTerm, 'labelSelector' | 'matchLabelKeys' | 'mismatchLabelKeys'>): void {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  const merged = [...matchLabelKeys, ...mismatchLabelKeys];
  if (labelSelector?.matchExpressions === undefined) return;
  labelSelector.matchExpressions = labelSelector.matchExpressions.filter(({ key }) => !merged.includes(key));
}

function bareNode({ apiVersion = 'v1', kind = 'Node', metadata: { name, labels }, spec, status }: Node): Node {
  return { apiVersion, kind, metadata: { name, labels }, spec, status };
}
