import { kubernetesKinds } from '@cloudoptim/snapshot';
import type { ApiClient } from '../rig/api-client.js';
import { waitUntil } from '../rig/wait-until.js';

/** Groups whose kinds come with Karpenter or EKS Auto Mode and not with Kubernetes. */
const groups: ReadonlySet<string> = new Set(['karpenter.sh', 'karpenter.k8s.aws', 'eks.amazonaws.com']);

/** The kinds of those groups that a ClusterState has a place for. */
const customKinds = kubernetesKinds.filter(({ group }) => groups.has(group));

/** Defines them as the server knows them: any field goes, as far as this server is concerned. */
export async function defineCustomResources(client: ApiClient): Promise<void> {
  for (const { kind, group, version, resource } of customKinds) {
    const name = `${resource}.${group}`;
    await client.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: {
        name,
        // The server asks for it on groups that look like Kubernetes' own.
        annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
      },
      spec: {
        group,
        scope: 'Cluster',
        names: { kind, plural: resource, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    });
  }
  for (const { group, version, resource } of customKinds) {
    const path = `/apis/${group}/${version}/${resource}`;
    await waitUntil(`${resource} to be served`, async () => (await client.send('GET', path)).status === 200);
  }
}
