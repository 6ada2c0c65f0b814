import type { KubernetesObject } from '../../rig/api-client.js';
import { betaZone, region, zone } from '../generate/words.js';
import type { Pod, PodVolume, Texts } from '../kubernetes.js';
import { type Clause, clause, drop, each, nodes, oneWay, type Switch, without } from './clause.js';

interface Volume extends KubernetesObject {
  readonly metadata: { readonly name: string; readonly labels?: Texts; readonly annotations?: Texts };
  readonly spec: {
    nodeAffinity?: unknown;
    accessModes: string[];
    volumeMode?: string;
    selector?: unknown;
    capacity?: Texts;
    claimRef?: { uid?: string };
    readonly storageClassName?: string;
  };
  readonly status: { phase?: string };
}

const ofKind = (kind: string, change: (object: Volume) => boolean): Switch => ({
  cluster: (objects) => each(objects.filter((object) => object.kind === kind) as Volume[], change),
});

/** Static volumes and claims of their class. */
const ofStatic = (kind: string, change: (object: Volume) => boolean): Switch =>
  ofKind(kind, (object) => object.spec.storageClassName === 'static' && change(object));

const together = (...parts: Switch[]): Switch => ({
  cluster: (objects) => parts.map(({ cluster }) => cluster?.(objects)).some((changed) => changed === true),
});

const none = (kind: string): Switch => ({ cluster: without((object) => object.kind === kind) });

const unlabelled = (key: string) =>
  ofKind('PersistentVolume', ({ metadata: { labels } }) => labels !== undefined && drop(labels, key));

/** The pod without some of its volumes. */
const notMounting = (which: (volume: PodVolume) => boolean): Switch => ({
  pod: ({ spec }: Pod) => {
    const own = spec.volumes ?? [];
    spec.volumes = own.filter((volume) => !which(volume));
    return spec.volumes.length < own.length;
  },
});

const notClaiming = (kind: string) =>
  notMounting(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName.startsWith(kind) === true);

const everyMode = ['ReadWriteOnce', 'ReadWriteMany'];

export const volumeClauses: readonly Clause[] = [
  oneWay(
    'refused',
    'volume/node-affinity',
    'the node affinity of a volume must allow the node',
    ofKind('PersistentVolume', ({ spec }) => drop(spec, 'nodeAffinity')),
  ),
  oneWay('refused', 'volume/zone-label', 'the zone label of a volume must be that of the node', unlabelled(zone)),
  oneWay('refused', 'volume/beta-zone-label', 'and so must the one of older clusters', unlabelled(betaZone)),
  oneWay('refused', 'volume/region-label', 'the region label of a volume must be that of the node', unlabelled(region)),
  oneWay(
    'allowed',
    'volume/several-zones',
    'a label may list several zones',
    ofKind('PersistentVolume', ({ metadata: { labels = {} } }) =>
      each(Object.keys(labels), (key) => {
        const first = (labels[key] as string).split('__')[0] as string;
        if (first === labels[key]) return false;
        labels[key] = first;
        return true;
      }),
    ),
  ),
  oneWay('allowed', 'volume/placeless-node', 'a node that says of no place takes volumes of all places', {
    cluster: nodes(({ metadata: { labels } }) => {
      if (Object.keys(labels).some((key) => /(topology.kubernetes.io|failure-domain.beta)/.test(key))) return false;
      labels[region] = 'nowhere';
      return true;
    }),
  }),
  oneWay(
    'refused',
    'volume/ReadWriteOncePod',
    'a ReadWriteOncePod claim has one user in the whole cluster',
    ofKind('PersistentVolumeClaim', ({ spec }) => {
      if (!spec.accessModes.includes('ReadWriteOncePod')) return false;
      spec.accessModes = ['ReadWriteOnce'];
      return true;
    }),
  ),
  oneWay(
    'refused',
    'volume/limit',
    'a node attaches no more volumes of a driver than its CSINode says',
    none('CSINode'),
  ),
  oneWay('refused', 'volume/attachments', 'what is attached takes a slot, whoever uses it', none('VolumeAttachment')),
  oneWay('refused', 'volume/allowed-topologies', 'a volume is made only where its class allows', {
    cluster: (objects) =>
      each(objects as { allowedTopologies?: unknown }[], (object) => drop(object, 'allowedTopologies')),
  }),
  oneWay('refused', 'volume/capacity', 'a volume is made only where its driver has room', none('CSIDriver')),
  clause('volume/maximum-size', 'the greatest size of a volume counts before the room that there is', {
    cluster: (objects) =>
      each(objects as { maximumVolumeSize?: unknown }[], (object) => drop(object, 'maximumVolumeSize')),
  }),
  oneWay('refused', 'volume/selected-node', 'a claim that is provisioned for a node goes to that node', {
    ...ofKind(
      'PersistentVolumeClaim',
      ({ metadata: { annotations } }) =>
        annotations !== undefined && drop(annotations, 'volume.kubernetes.io/selected-node'),
    ),
  }),
  oneWay('allowed', 'static/there', 'a claim takes a volume that is there', {
    cluster: without((object) => object.kind === 'PersistentVolume' && (object as Volume).status.phase === 'Available'),
  }),
  oneWay(
    'refused',
    'static/phase',
    'it takes only one that is available',
    ofStatic('PersistentVolume', ({ status }) => {
      if (status.phase === 'Available') return false;
      status.phase = 'Available';
      return true;
    }),
  ),
  oneWay(
    'refused',
    'static/deleting',
    'it takes none that is being deleted',
    ofStatic('PersistentVolume', ({ metadata }) =>
      drop(metadata as { deletionTimestamp?: unknown }, 'deletionTimestamp'),
    ),
  ),
  oneWay(
    'refused',
    'static/size',
    'it takes none that is too small',
    ofStatic('PersistentVolume', ({ spec }) => {
      spec.capacity = { storage: '100Gi' };
      return true;
    }),
  ),
  oneWay(
    'refused',
    'static/selector',
    'it takes only one that its selector selects',
    ofStatic('PersistentVolumeClaim', ({ spec }) => drop(spec, 'selector')),
  ),
  oneWay(
    'refused',
    'static/volume-mode',
    'it takes none of another mode, block or filesystem',
    together(
      ofStatic('PersistentVolume', ({ spec }) => drop(spec, 'volumeMode')),
      ofStatic('PersistentVolumeClaim', ({ spec }) => drop(spec, 'volumeMode')),
    ),
  ),
  oneWay(
    'refused',
    'static/access-modes',
    'it takes only one with all access modes that it asks for',
    ofStatic('PersistentVolume', ({ spec }) => {
      if (spec.accessModes.length === everyMode.length) return false;
      spec.accessModes = everyMode;
      return true;
    }),
  ),
  oneWay('allowed', 'reserved/own', 'a volume that is reserved for a claim serves it', {
    cluster: without(
      (object) =>
        object.kind === 'PersistentVolume' &&
        (object as Volume).spec.storageClassName === 'static' &&
        (object as Volume).spec.claimRef !== undefined,
    ),
  }),
  oneWay(
    'refused',
    'reserved/other',
    'a volume that is reserved for one claim serves no other',
    together(
      ofStatic('PersistentVolume', ({ spec }) => drop(spec, 'claimRef')),
      ofStatic('PersistentVolume', ({ status }) => {
        if (status.phase === 'Available') return false;
        status.phase = 'Available';
        return true;
      }),
    ),
  ),
  oneWay(
    'refused',
    'reserved/earlier',
    'a volume of an earlier claim is not that of a later one with its name',
    ofStatic('PersistentVolume', ({ spec }) => spec.claimRef !== undefined && drop(spec.claimRef, 'uid')),
  ),
  oneWay(
    'refused',
    'volume/same-disk',
    'a disk of EC2 has one user on a node',
    notMounting(({ awsElasticBlockStore }) => awsElasticBlockStore !== undefined),
  ),
  oneWay(
    'refused',
    'volume/ephemeral',
    'a volume that is made with the pod is asked about like any other',
    notMounting(({ ephemeral }) => ephemeral !== undefined),
  ),
  oneWay('refused', 'claim/lost', 'a claim whose volume is lost serves no pod', notClaiming('lost')),
  oneWay('refused', 'claim/deleting', 'nor does one that is being deleted', notClaiming('deleting')),
  oneWay('refused', 'claim/immediate', 'nor one that waits for the volume controller', notClaiming('now')),
  oneWay(
    'refused',
    'claim/prebound',
    'nor one that names a volume and is not bound to it yet',
    notClaiming('prebound'),
  ),
  oneWay('refused', 'claim/missing', 'nor one that is not there', notClaiming('nowhere')),
];
