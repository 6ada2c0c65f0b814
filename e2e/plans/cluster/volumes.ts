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
  const zones = [...new Set(nodes.map(({ zone }) => zone))];
  const volumes = Array.from({ length: replicas + 1 }, (_, index): Created => {
    const name = `${namespace}-${app}-${index}`;
    const values = [random.pick(zones)];
    return {
      path: '/api/v1/persistentvolumes',
      body: {
        metadata: { name, labels: { volume: `${namespace}-${app}` } },
        spec: {
          capacity: { storage: '10Gi' },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: 'Retain',
          storageClassName,
          csi: { driver: ebsDriver, volumeHandle: `vol-${name}` },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values }] },
              ],
            },
          },
        },
      },
    };
  });
  const claimTemplate = {
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName,
      resources: { requests: { storage: '10Gi' } },
      selector: { matchLabels: { volume: `${namespace}-${app}` } },
    },
  };
  return { volumes, claimTemplate };
}
