import type { ApiKind } from './kinds.js';
import type { Kubectl } from './kubectl.js';
import { KubectlFailure } from './kubectl-failure.js';

/** Which version of a kind to ask for: `none` when the server has no such group, `unreadable` when it serves only versions that we do not know. */
export type ServedVersion =
  | { readonly served: 'yes'; readonly versions: readonly string[] }
  | { readonly served: 'none' }
  | { readonly served: 'unreadable'; readonly versions: readonly string[] };

/** Asks once which API groups there are, so that a cluster without Karpenter costs no failing call for each of its kinds. */
export async function discover(kubectl: Kubectl): Promise<(kind: ApiKind) => ServedVersion> {
  const groups = await servedGroups(kubectl);
  return ({ group, versions }) => {
    // Core is always there; without discovery (it may be forbidden) every version is tried in turn.
    if (group === '' || groups === undefined) return { served: 'yes', versions };
    const served = groups.get(group);
    if (served === undefined) return { served: 'none' };
    const readable = versions.filter((version) => served.includes(version));
    return readable.length > 0 ? { served: 'yes', versions: readable } : { served: 'unreadable', versions: served };
  };
}

async function servedGroups(kubectl: Kubectl): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  let body: string;
  try {
    body = await kubectl.get('/apis');
  } catch (error) {
    if (error instanceof KubectlFailure && error.failure !== 'other') return undefined;
    throw error;
  }
  try {
    const { groups } = JSON.parse(body) as { groups: { name: string; versions: { version: string }[] }[] };
    return new Map(groups.map(({ name, versions }) => [name, versions.map(({ version }) => version)]));
  } catch {
    return undefined;
  }
}
