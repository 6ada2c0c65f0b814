import type { KubernetesObject } from '../../rig/api-client.js';
import type { Dice } from '../dice.js';
import type { Node, Pod, PodVolume } from '../kubernetes.js';
import * as words from './words.js';

const ebs = 'ebs.csi.aws.com';
const tracked = 'tracked.example.com';
const late = 'WaitForFirstConsumer';

/** Classes and drivers, the same for all clusters. */
export const storage: readonly { readonly path: string; readonly object: KubernetesObject }[] = [
  ...[
    { metadata: { name: 'late' }, provisioner: ebs, volumeBindingMode: late },
    { metadata: { name: 'now' }, provisioner: ebs, volumeBindingMode: 'Immediate' },
    { metadata: { name: 'static' }, provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: late },
    { metadata: { name: 'tracked' }, provisioner: tracked, volumeBindingMode: late },
    {
      ...{ metadata: { name: 'zonal' }, provisioner: ebs, volumeBindingMode: late },
      allowedTopologies: [{ matchLabelExpressions: [{ key: words.zone, values: ['a', 'c'] }] }],
    },
  ].map((object) => ({ path: '/apis/storage.k8s.io/v1/storageclasses', object })),
  {
    path: '/apis/storage.k8s.io/v1/csidrivers',
    object: { metadata: { name: tracked }, spec: { storageCapacity: true, attachRequired: false } },
  },
];

/** An object that is still to be made, and what becomes of it. */
export interface VolumeDraft {
  readonly path: string;
  readonly object: KubernetesObject;
  /** Of a volume or a claim: the status that its controller would have written. */
  readonly status?: unknown;
  readonly deleted?: true;
}

const claimKinds = [
  'bound',
  'bound',
  'labelled',
  'once',
  'late',
  'zonal',
  'tracked',
  'static',
  'chosen',
  'now',
  'lost',
  'deleting',
] as const;
type ClaimKind = (typeof claimKinds)[number];

/** Claims of every state, and the volumes, limits and capacities that decide where they may be used. */
export function generateVolumes(dice: Dice, prefix: string, nodes: readonly Node[]): VolumeDraft[] {
  const drafts: VolumeDraft[] = [];
  for (const { metadata } of nodes) if (dice.chance(0.7)) drafts.push(csiNode(dice, metadata.name));
  for (const zone of words.zones) if (dice.chance(0.7)) drafts.push(capacity(dice, `${prefix}-${zone}`, zone));
  for (let index = dice.int(1, 4); index > 0; index--) drafts.push(available(dice, `${prefix}-s${index}`, nodes));
  for (const namespace of words.namespaceNames)
    claimKinds.forEach((kind, index) => {
      drafts.push(...claim(dice, { kind, namespace, name: `${kind}-${index}` }, prefix, nodes));
    });
  return drafts;
}

function csiNode(dice: Dice, name: string): VolumeDraft {
  const driver = { name: ebs, nodeID: name, topologyKeys: [words.zone] };
  const limited = dice.chance(0.8) ? { allocatable: { count: dice.int(1, 3) } } : {};
  return {
    path: '/apis/storage.k8s.io/v1/csinodes',
    object: { metadata: { name }, spec: { drivers: [{ ...driver, ...limited }] } },
  };
}

function capacity(dice: Dice, name: string, zone: string): VolumeDraft {
  const object = {
    metadata: { name, namespace: 'bare' },
    storageClassName: 'tracked',
    nodeTopology: { matchLabels: { [words.zone]: zone } },
    capacity: dice.pick(['1Gi', '10Gi', '100Gi']),
    ...(dice.chance(0.3) ? { maximumVolumeSize: dice.pick(['2Gi', '20Gi']) } : {}),
  };
  return { path: '/apis/storage.k8s.io/v1/namespaces/bare/csistoragecapacities', object };
}

function inZone(zone: string) {
  return {
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key: words.zone, operator: 'In', values: [zone] }] }] },
  };
}

/** A static volume on one node, or in one zone, that a claim of the class `static` may take. */
function available(dice: Dice, name: string, nodes: readonly Node[]): VolumeDraft {
  const node = dice.pick(nodes).metadata.name;
  const onNode = {
    required: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }] },
  };
  return {
    path: '/api/v1/persistentvolumes',
    object: {
      metadata: { name, labels: { tier: dice.pick(words.tiers) } },
      spec: {
        ...{
          capacity: { storage: dice.pick(['2Gi', '8Gi']) },
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'static',
        },
        ...{
          csi: { driver: tracked, volumeHandle: name },
          nodeAffinity: dice.chance(0.6) ? inZone(dice.pick(words.zones)) : onNode,
        },
      },
    },
    status: { phase: 'Available' },
  };
}

interface ClaimName {
  readonly kind: ClaimKind;
  readonly namespace: string;
  readonly name: string;
}

function claim(
  dice: Dice,
  { kind, namespace, name }: ClaimName,
  prefix: string,
  nodes: readonly Node[],
): VolumeDraft[] {
  const path = `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const bound = ['bound', 'labelled', 'once', 'lost'].includes(kind);
  const volumeName = `${prefix}-${namespace}-${name}`;
  const accessModes = [kind === 'once' ? 'ReadWriteOncePod' : 'ReadWriteOnce'];
  const storageClassName = bound || kind === 'deleting' || kind === 'chosen' ? 'late' : kind;
  const annotations = {
    ...(bound ? { 'pv.kubernetes.io/bind-completed': 'yes' } : {}),
    ...(kind === 'chosen' ? { 'volume.kubernetes.io/selected-node': dice.pick(nodes).metadata.name } : {}),
  };
  const made: VolumeDraft = {
    path,
    object: {
      metadata: { name, namespace, annotations, ...(kind === 'deleting' ? { finalizers: ['example.com/kept'] } : {}) },
      spec: {
        ...{ accessModes, storageClassName, resources: { requests: { storage: dice.pick(['1Gi', '4Gi', '15Gi']) } } },
        ...(bound ? { volumeName } : {}),
        ...(kind === 'static' && dice.chance(0.5) ? { selector: { matchLabels: { tier: 'front' } } } : {}),
      },
    },
    status: { phase: kind === 'lost' ? 'Lost' : bound ? 'Bound' : 'Pending' },
    ...(kind === 'deleting' ? { deleted: true } : {}),
  };
  if (!bound || kind === 'lost') return [made];
  const labelled = kind === 'labelled' ? { labels: { [words.zone]: dice.pick(['a', 'b__c', 'd']) } } : {};
  const volume: VolumeDraft = {
    path: '/api/v1/persistentvolumes',
    object: {
      metadata: { name: volumeName, ...labelled },
      spec: {
        ...{ capacity: { storage: '20Gi' }, accessModes, storageClassName, claimRef: { namespace, name } },
        csi: { driver: ebs, volumeHandle: volumeName },
        ...(kind === 'labelled' ? {} : { nodeAffinity: inZone(dice.pick(words.zones)) }),
      },
    },
    status: { phase: 'Bound' },
  };
  return [volume, made];
}

/** The pod uses one or two claims of its namespace, or disks of EC2 by their id. */
export function useVolumes(dice: Dice, pod: Pod): void {
  const used = dice.some([...claimKinds.keys(), -1, -2], 1, 2);
  const usable = (index: number) => index < 0 || !['now', 'lost', 'deleting'].includes(claimKinds[index] as string);
  pod.spec.volumes = used
    // Refusals of the whole pod say little about nodes.
    .map((index) => (usable(index) || dice.chance(0.1) ? index : 0))
    .map((index, at): PodVolume => {
      const name = `v${at}`;
      if (index === -2) return { name, persistentVolumeClaim: { claimName: dice.chance(0.1) ? 'nowhere' : 'bound-0' } };
      if (index === -1) return { name, awsElasticBlockStore: { volumeID: dice.pick(['vol-1', 'vol-2', 'vol-3']) } };
      return { name, persistentVolumeClaim: { claimName: `${claimKinds[index]}-${index}` } };
    });
}
