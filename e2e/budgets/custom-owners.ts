import type { ApiClient } from '../rig/api-client.js';
import { waitUntil } from '../rig/wait-until.js';

const group = 'e2e.example.com';

/** Path of the custom owners of a namespace. */
export function customPath(within: string, resource: 'scalables' | 'unscalables'): string {
  return `/apis/${group}/v1/namespaces/${within}/${resource}`;
}

/** Defines two kinds of custom owners, of which one has a scale that the disruption controller can ask for. */
export async function defineCustomOwners(client: ApiClient): Promise<void> {
  for (const kind of ['Scalable', 'Unscalable']) {
    const plural = `${kind.toLowerCase()}s`;
    const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };
    await client.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', properties: { replicas: { type: 'integer' } } },
                  status: { type: 'object', properties: { replicas: { type: 'integer' } } },
                },
              },
            },
            ...(kind === 'Scalable' && { subresources: { status: {}, scale } }),
          },
        ],
      },
    });
    await waitUntil(`${plural} to be served`, async () => {
      return (await client.send('GET', `/apis/${group}/v1/${plural}`)).status === 200;
    });
  }
}
