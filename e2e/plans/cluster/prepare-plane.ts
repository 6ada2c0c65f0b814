import type { ApiClient } from '../../rig/api-client.js';
import { waitUntil } from '../../rig/wait-until.js';
import { ebsDriver } from './node-objects.js';
import { storageClassName } from './volumes.js';

/** What all clusters of one control plane share: Karpenter's kinds, priorities, the class and the driver of volumes. */
export async function preparePlane(client: ApiClient): Promise<void> {
  const kinds = [
    ['karpenter.sh', 'NodePool', 'nodepools'],
    ['karpenter.sh', 'NodeClaim', 'nodeclaims'],
    ['karpenter.k8s.aws', 'EC2NodeClass', 'ec2nodeclasses'],
  ] as const;
  for (const [group, kind, plural] of kinds) {
    await client.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(group, kind, plural));
  }
  for (const [name, value, preemptionPolicy] of [
    ['high', 1_000, 'PreemptLowerPriority'],
    ['polite', 500, 'Never'],
    ['low', 10, 'PreemptLowerPriority'],
  ] as const)
    await client.create('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value, preemptionPolicy });
  await client.create('/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: storageClassName },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  await client.create('/apis/storage.k8s.io/v1/csidrivers', {
    metadata: { name: ebsDriver },
    // Nobody plays the attacher: with attachments required, each volume would wait for one for ever.
    spec: { attachRequired: false, podInfoOnMount: false },
  });
  for (const [group, , plural] of kinds) {
    await waitUntil(`${plural} to be served`, async () => {
      return (await client.send('GET', `/apis/${group}/v1/${plural}`)).status === 200;
    });
  }
}

/** Karpenter's own schemas would refuse what matters as little here as an AMI; fields are kept as written. */
function definition(group: string, kind: string, plural: string) {
  return {
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}
