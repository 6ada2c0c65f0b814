import type { Random } from '../random.js';
import type { Created } from './cluster-spec.js';
import { ebsDriver } from './node-objects.js';
import type { NodeSpec } from './node-spec.js';

/** The class of volumes that exist already: nobody provisions here. */
export const storageClassName = 'existing';

/** Volumes in zones of the cluster, one a replica and one to spare, and the claim that binds them late. */
export function volumesFor(
  namespace: string,
  app: string,
  replicas: number,
  nodes: readonly NodeSpec[],
  random: Random,
) {
  const group = `${namespace}-${app}`;
  const volumes = Array.from({ length: replicas + 1 }, (_, index): Created => {
    return volume(`${group}-${index}`, group, 'ReadWriteOnce', zoneOf(nodes, random));
  });
  return { volumes, claimTemplate: { metadata: { name: 'data' }, spec: claimSpec(group, 'ReadWriteOnce') } };
}

/** A volume and the claim that all pods of a workload mount. */
export function sharedVolume(namespace: string, app: string, nodes: readonly NodeSpec[], random: Random): Created[] {
  const group = `${namespace}-${app}`;
  const mode = random.pick(['ReadWriteOnce', 'ReadWriteOncePod']);
  return [
    volume(group, group, mode, zoneOf(nodes, random)),
    {
      path: `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
      body: { metadata: { name: app }, spec: claimSpec(group, mode) },
    },
  ];
}

function zoneOf(nodes: readonly NodeSpec[], random: Random): string {
  return random.pick([...new Set(nodes.map(({ zone }) => zone))]);
}

function volume(name: string, group: string, mode: string, zone: string): Created {
  const matchExpressions = [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }];
  return {
    path: '/api/v1/persistentvolumes',
    body: {
      metadata: { name, labels: { volume: group } },
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: [mode],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName,
        csi: { driver: ebsDriver, volumeHandle: `vol-${name}` },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
      },
    },
  };
}

function claimSpec(group: string, mode: string) {
  return {
    accessModes: [mode],
    storageClassName,
    resources: { requests: { storage: '10Gi' } },
    selector: { matchLabels: { volume: group } },
  };
}
