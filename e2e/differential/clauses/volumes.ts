import type { KubernetesObject } from '../../rig/api-client.js';
import type { Pod } from '../kubernetes.js';
import { type Clause, drop, each, oneWay, without } from './clause.js';

interface Volume extends KubernetesObject {
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string> };
  readonly spec: { nodeAffinity?: unknown; accessModes: string[] };
}

const ofKind = (kind: string, change: (object: Volume) => boolean) => (objects: readonly KubernetesObject[]) =>
  each(objects.filter((object) => object.kind === kind) as Volume[], change);

const none = (kind: string) => without((object) => object.kind === kind);

/** The rules of volumes; all of them refuse what would be allowed without. */
export const volumeClauses: readonly Clause[] = [
  oneWay('refused', 'volume/node-affinity', 'the node affinity of a volume must allow the node', {
    cluster: ofKind('PersistentVolume', ({ spec }) => drop(spec, 'nodeAffinity')),
  }),
  oneWay('refused', 'volume/zone-label', 'the zone label of a volume must be that of the node', {
    cluster: ofKind('PersistentVolume', ({ metadata }) => drop(metadata as { labels?: unknown }, 'labels')),
  }),
  oneWay('refused', 'volume/ReadWriteOncePod', 'a ReadWriteOncePod claim has one user in the whole cluster', {
    cluster: ofKind('PersistentVolumeClaim', ({ spec }) => {
      if (!spec.accessModes.includes('ReadWriteOncePod')) return false;
      spec.accessModes = ['ReadWriteOnce'];
      return true;
    }),
  }),
  oneWay('refused', 'volume/limit', 'a node attaches no more volumes of a driver than its CSINode says', {
    cluster: none('CSINode'),
  }),
  oneWay('refused', 'volume/allowed-topologies', 'a volume is made only where its class allows', {
    cluster: (objects) =>
      each(objects as { allowedTopologies?: unknown }[], (object) => drop(object, 'allowedTopologies')),
  }),
  oneWay('refused', 'volume/capacity', 'a volume is made only where its driver has room', {
    cluster: none('CSIDriver'),
  }),
  oneWay('allowed', 'volume/static', 'a claim takes a volume that is there', {
    cluster: without(
      (object) => object.kind === 'PersistentVolume' && (object.status as { phase?: string }).phase === 'Available',
    ),
  }),
  oneWay('refused', 'volume/same-disk', 'a disk of EC2 has one user on a node', {
    pod: ({ spec }: Pod) => {
      const own = spec.volumes ?? [];
      spec.volumes = own.filter(({ awsElasticBlockStore }) => awsElasticBlockStore === undefined);
      return spec.volumes.length < own.length;
    },
  }),
];
