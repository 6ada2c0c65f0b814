import type { ApiClient, KubernetesObject } from '../rig/api-client.js';
import { waitUntil } from '../rig/wait-until.js';
import type { Pod } from './kubernetes.js';

/** What the ephemeral volume controller makes for a pod: the claims of the volumes that live and die with it. */
export function ephemeralClaims({ metadata, spec }: Pod): KubernetesObject[] {
  const { name, namespace } = metadata;
  return (spec.volumes ?? []).flatMap((volume) =>
    volume.ephemeral === undefined
      ? []
      : [
          {
            ...{
              apiVersion: 'v1',
              kind: 'PersistentVolumeClaim',
              metadata: { name: `${name}-${volume.name}`, namespace },
            },
            ...{ spec: { ...volume.ephemeral.volumeClaimTemplate.spec }, status: { phase: 'Pending' } },
          },
        ],
  );
}

/** Those that are not there yet of pods that will get them. */
export function missingClaims(objects: readonly KubernetesObject[], pods: readonly Pod[]): KubernetesObject[] {
  const nameOf = ({ metadata }: KubernetesObject) => `${metadata?.namespace}/${metadata?.name}`;
  const there = new Set(objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(nameOf));
  return pods.flatMap(ephemeralClaims).filter((claim) => !there.has(nameOf(claim)));
}

/** Waits for the controller to have made the claims of all pods that are there. */
export async function untilClaimsAreMade(client: ApiClient): Promise<void> {
  await waitUntil('the claims of ephemeral volumes', async () => {
    const pods = (await client.list('/api/v1/pods')) as Pod[];
    const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    return missingClaims(await client.list('/api/v1/persistentvolumeclaims'), staying).length === 0;
  });
}
