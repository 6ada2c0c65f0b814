import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { waitUntil } from '../rig/wait-until.js';
import { Dice } from './dice.js';
import { generateNodes } from './generate/nodes.js';
import { type BoundPod, generateBoundPods } from './generate/pods.js';
import { uidOfTheClaim, type VolumeDraft } from './generate/storage.js';
import { generateVolumes, labelForVolumes } from './generate/volumes.js';
import type { Node, Pod } from './kubernetes.js';

/** A cluster that is still to be made. */
export interface ClusterDraft {
  readonly nodes: readonly Node[];
  readonly bound: readonly BoundPod[];
  readonly volumes: readonly VolumeDraft[];
}

export function draftCluster(seed: number, prefix: string, volumes: boolean): ClusterDraft {
  const dice = new Dice(seed);
  const nodes = generateNodes(dice, prefix, volumes ? 5 : 1);
  if (volumes) for (const node of nodes) labelForVolumes(dice, node);
  const names = nodes.map(({ metadata }) => metadata.name);
  const bound = generateBoundPods(dice, prefix, names, volumes);
  return { nodes, bound, volumes: volumes ? generateVolumes(dice, prefix, nodes) : [] };
}

/**
 * Makes it; returns how many of its pods the API server refused. Pods come after all nodes. Where the controllers of volumes
 * are at work the statuses are theirs to write.
 */
export async function createCluster(
  client: ApiClient,
  { nodes, bound, volumes }: ClusterDraft,
  controlled = false,
): Promise<number> {
  await inParallel(nodes, 8, (node) => client.create('/api/v1/nodes', node));
  // A claim finds the volume that it names at once; a volume may name a claim's uid.
  const others = volumes.filter((draft) => !isClaim(draft));
  for (const drafts of [others.filter((one) => !namesUid(one)), volumes.filter(isClaim), others.filter(namesUid)])
    await inParallel(drafts, 8, (draft) => createVolume(client, controlled ? asFirstAsked(draft) : draft));
  let refused = 0;
  await inParallel(bound, 8, async ({ pod, fate }) => {
    const pods = `/api/v1/namespaces/${pod.metadata.namespace}/pods`;
    const created = await client.send('POST', pods, pod);
    if (created.status >= 400) refused++;
    else await undergo(client, `${pods}/${pod.metadata.name}`, pod, fate);
  });
  return refused;
}

async function createVolume(client: ApiClient, { path, object, status, deleted }: VolumeDraft): Promise<void> {
  await client.create(path, await withUid(client, object));
  const own = `${path}/${object.metadata?.name}`;
  if (status !== undefined) await client.patch(`${own}/status`, { status });
  if (deleted) await client.remove(own);
}

/** Without what the controllers write; a claim that says that it is bound would be lost to them, as nobody bound it. */
function asFirstAsked({ status, ...draft }: VolumeDraft): VolumeDraft {
  if ((status as { phase?: string } | undefined)?.phase !== 'Bound' || !isClaim(draft)) return draft;
  return { ...draft, object: { ...draft.object, metadata: { ...draft.object.metadata, annotations: {} } } };
}

/** The volume with its claim's uid in its claimRef, where one is to be there. */
async function withUid(client: ApiClient, object: KubernetesObject): Promise<KubernetesObject> {
  if (!namesUid({ object })) return object;
  const { claimRef, ...spec } = object.spec as { readonly claimRef: Record<string, string> };
  const { namespace, name } = claimRef;
  const { metadata } = await client.get(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`);
  return { ...object, spec: { ...spec, claimRef: { ...claimRef, uid: metadata?.uid } } };
}

function isClaim({ path }: VolumeDraft): boolean {
  return path.endsWith('/persistentvolumeclaims');
}

function namesUid({ object }: Pick<VolumeDraft, 'object'>): boolean {
  const { claimRef } = (object.spec ?? {}) as { readonly claimRef?: { readonly uid?: string } };
  return claimRef?.uid === uidOfTheClaim;
}

async function undergo(client: ApiClient, path: string, pod: Pod, fate: BoundPod['fate']): Promise<void> {
  const status = (body: unknown) => client.patch(`${path}/status`, { status: body });
  if (fate === 'terminating') await client.remove(path, { gracePeriodSeconds: 3600 });
  if (fate === 'succeeded') await status({ phase: 'Succeeded' });
  if (fate === 'failed') await status({ phase: 'Failed' });
  if (fate !== 'resizing' && fate !== 'resize-infeasible') return;
  const containerStatuses = pod.spec.containers.map(({ name }) => ({
    ...{ name, image: name, imageID: '', ready: true, restartCount: 0 },
    allocatedResources: { cpu: '700m', memory: '700Mi' },
    resources: { requests: { cpu: '600m', memory: '800Mi' } },
  }));
  const conditions = [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }];
  await status({ phase: 'Running', containerStatuses, ...(fate === 'resize-infeasible' ? { conditions } : {}) });
}

/** Kinds that clusters consist of, listed as they are kept by the API server. */
const kinds = [
  '/api/v1/namespaces',
  '/api/v1/nodes',
  '/api/v1/pods',
  '/api/v1/persistentvolumes',
  '/api/v1/persistentvolumeclaims',
  '/apis/storage.k8s.io/v1/storageclasses',
  '/apis/storage.k8s.io/v1/csinodes',
  '/apis/storage.k8s.io/v1/csidrivers',
  '/apis/storage.k8s.io/v1/csistoragecapacities',
  '/apis/storage.k8s.io/v1/volumeattachments',
  '/apis/node.k8s.io/v1/runtimeclasses',
];

export async function readBack(client: ApiClient): Promise<KubernetesObject[]> {
  return (await Promise.all(kinds.map((path) => client.list(path)))).flat().map(slim);
}

/** Without the bulk that no reader looks at. */
export function slim<T extends KubernetesObject>(object: T): T {
  const copy = structuredClone(object) as T & { metadata: Record<string, unknown> };
  delete copy.metadata.managedFields;
  return copy;
}

/** Waits until the controllers have bound what names a volume that is there, within their resync of 15 s, and have come to rest. */
export async function untilVolumesRest(client: ApiClient): Promise<void> {
  let last = '';
  const atRest = async () => {
    const volumes = await client.list('/api/v1/persistentvolumes');
    const claims = (await client.list('/api/v1/persistentvolumeclaims')) as Claim[];
    const there = new Set(volumes.map(({ metadata }) => metadata?.name));
    const late = claims.some(({ spec, status }) => there.has(spec.volumeName) && status.phase === 'Pending');
    const now = JSON.stringify([...volumes, ...claims].map(({ metadata }) => metadata?.resourceVersion));
    const same = now === last;
    last = now;
    return same && !late;
  };
  await waitUntil('volumes and claims to rest', atRest, { everyMs: 1500, timeoutMs: 60_000 });
}

interface Claim extends KubernetesObject {
  readonly spec: { readonly volumeName?: string };
  readonly status: { readonly phase: string };
}

/** What a cluster has of its own; the rest is there from the start. */
const ownKinds = kinds.filter((path) => !/namespaces|storageclasses|csidrivers|runtimeclasses/.test(path));

/** Takes away all pods and nodes, and the volumes that they use. */
export async function clearCluster(client: ApiClient): Promise<void> {
  for (const path of ownKinds) {
    await inParallel(await client.list(path), 8, async ({ metadata }) => {
      const place = metadata?.namespace === undefined ? path : within(path, metadata.namespace);
      const own = `${place}/${metadata?.name}`;
      if (metadata?.finalizers !== undefined)
        await client.patch(own, { metadata: { finalizers: null } }, 'merge-patch');
      await client.remove(own, { gracePeriodSeconds: 0 });
    });
  }
}

/** The path of a kind in one namespace. */
function within(path: string, namespace: string): string {
  const at = path.lastIndexOf('/');
  return `${path.slice(0, at)}/namespaces/${namespace}${path.slice(at)}`;
}

/** Does `work` for all items, `width` at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
