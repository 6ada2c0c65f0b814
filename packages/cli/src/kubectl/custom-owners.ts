import { apiKinds } from './kinds.js';
import type { Kubectl } from './kubectl.js';
import { KubectlFailure } from './kubectl-failure.js';

/** Owners of pods and ReplicaSets that are no kind of Kubernetes itself (an Argo Rollout …): budgets count by their scale. */
export interface CustomOwners {
  /** Notes the controllers of the objects of one page. */
  look(kind: string, objects: readonly unknown[]): void;
  /** autoscaling/v1 Scale objects of the noted owners that have one. */
  scales(): AsyncGenerator<unknown>;
  /** Whether every owner was asked for; known once `scales` ended. */
  complete(): boolean;
}

interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** One call an owner: beyond this many it would take minutes, and the rest stays unknown. */
const mostOwners = 500;
const ownedKinds = new Set(['Pod', 'ReplicaSet', 'StatefulSet', 'Deployment', 'Job']);
const builtIn = new Set(apiKinds.map(({ kind }) => kind));

export function customOwners(kubectl: Kubectl): CustomOwners {
  const owners = new Map<string, Owner>();
  let isComplete = true;
  return {
    look(kind, objects) {
      if (!ownedKinds.has(kind)) return;
      for (const object of objects) {
        const owner = customOwnerOf(object);
        if (owner !== undefined) owners.set(JSON.stringify(owner), owner);
      }
    },
    async *scales() {
      const scalable = new Map<string, string | undefined>();
      let asked = 0;
      for (const owner of owners.values()) {
        const type = `${owner.apiVersion}/${owner.kind}`;
        if (!scalable.has(type)) scalable.set(type, await resourceWithScale(kubectl, owner));
        const resource = scalable.get(type);
        if (resource === undefined) continue;
        if (++asked > mostOwners) {
          isComplete = false;
          return;
        }
        try {
          const path = `/apis/${owner.apiVersion}/namespaces/${encodeURIComponent(owner.namespace)}/${resource}/${encodeURIComponent(owner.name)}/scale`;
          yield JSON.parse(await kubectl.get(path)) as unknown;
        } catch (error) {
          // Gone since, or not ours to read: the owner's scale stays unknown.
          if (!(error instanceof KubectlFailure) || error.failure === 'other') throw error;
          if (error.failure !== 'not-found') isComplete = false;
        }
      }
    },
    complete: () => isComplete,
  };

  /** The plural name of a kind that has a scale subresource. */
  async function resourceWithScale(client: Kubectl, { apiVersion, kind }: Owner): Promise<string | undefined> {
    try {
      const { resources } = JSON.parse(await client.get(`/apis/${apiVersion}`)) as {
        resources: { name: string; kind: string }[];
      };
      const plural = resources.find((resource) => resource.kind === kind && !resource.name.includes('/'))?.name;
      return plural !== undefined && resources.some(({ name }) => name === `${plural}/scale`) ? plural : undefined;
    } catch (error) {
      if (error instanceof KubectlFailure && error.failure === 'other') throw error;
      isComplete = false;
      return undefined;
    }
  }
}

function customOwnerOf(object: unknown): Owner | undefined {
  const metadata = (object as { metadata?: Metadata } | null)?.metadata;
  if (!Array.isArray(metadata?.ownerReferences) || typeof metadata.namespace !== 'string') return undefined;
  const owner = metadata.ownerReferences.find((reference) => reference?.controller === true);
  if (owner === undefined || typeof owner.apiVersion !== 'string' || typeof owner.kind !== 'string') return undefined;
  // Core objects (a Node owns its static pods) and the kinds listed anyway need no scale of their own.
  if (!owner.apiVersion.includes('/') || builtIn.has(owner.kind) || typeof owner.name !== 'string') return undefined;
  return { apiVersion: owner.apiVersion, kind: owner.kind, namespace: metadata.namespace, name: owner.name };
}

interface Metadata {
  readonly namespace?: unknown;
  readonly ownerReferences?: readonly ({
    controller?: unknown;
    apiVersion?: unknown;
    kind?: unknown;
    name?: unknown;
  } | null)[];
}
