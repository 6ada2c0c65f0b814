import type { KubernetesObject } from '../rig/api-client.js';
import type { ControlPlane } from '../rig/control-plane.js';
import type { Watch } from '../rig/watch-list.js';
import { ebs } from './generate/storage.js';
import { zone, zones } from './generate/words.js';
import type { Node } from './kubernetes.js';

interface Claim extends KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly volumeName?: string;
    readonly storageClassName: string;
    readonly accessModes: readonly string[];
    readonly volumeMode: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
}

/**
 * Plays the external provisioner of EBS: the volume controller asks for a volume by an annotation, at once or when a node is
 * selected, and gets one in the zone of that node. Without somebody who answers, such claims wait for ever.
 */
export async function startProvisioner({ client }: Pick<ControlPlane, 'client'>): Promise<Watch> {
  const made = new Set<string>();
  return client.watch('/api/v1/persistentvolumeclaims', ({ type, object }) => {
    const claim = object as Claim;
    const { annotations = {}, uid } = claim.metadata;
    if (type === 'DELETED' || claim.spec.volumeName !== undefined || made.has(uid)) return;
    if (annotations['volume.kubernetes.io/storage-provisioner'] !== ebs) return;
    made.add(uid);
    const selected = annotations['volume.kubernetes.io/selected-node'];
    // A claim or a node that is gone by now is answered by nobody.
    void zoneOf(selected)
      .then((where) => client.create('/api/v1/persistentvolumes', volumeFor(claim, where)))
      .catch(() => undefined);
  });

  async function zoneOf(node: string | undefined): Promise<string> {
    if (node === undefined) return zones[0] as string;
    const { metadata } = (await client.get(`/api/v1/nodes/${node}`)) as Node;
    return metadata.labels[zone] ?? (zones[0] as string);
  }
}

function volumeFor({ metadata: { name, namespace, uid }, spec }: Claim, where: string): KubernetesObject {
  const { storageClassName, accessModes, volumeMode, resources } = spec;
  const terms = [{ matchExpressions: [{ key: zone, operator: 'In', values: [where] }] }];
  return {
    metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': ebs } },
    spec: {
      ...{ storageClassName, accessModes, volumeMode, capacity: resources.requests },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      ...{ persistentVolumeReclaimPolicy: 'Retain', csi: { driver: ebs, volumeHandle: `vol-${uid}` } },
      nodeAffinity: { required: { nodeSelectorTerms: terms } },
    },
  };
}
