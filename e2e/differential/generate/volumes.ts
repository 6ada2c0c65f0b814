import type { Dice } from '../dice.js';
import type { Node, Pod, PodVolume } from '../kubernetes.js';
import { claimsOf, hopelessClaims, ownVolume, usableClaims } from './claims.js';
import { availableVolumes, type Places } from './persistent-volumes.js';
import { ebs, tracked, type VolumeDraft } from './storage.js';
import * as words from './words.js';

/** Few namespaces have claims, so that pods meet over them. */
const namespaces = ['shop', 'pay'];

/** Claims of every state, and the volumes, limits, attachments and capacities that decide where they may be used. */
export function generateVolumes(dice: Dice, prefix: string, nodes: readonly Node[]): VolumeDraft[] {
  const nodeNames = nodes.map(({ metadata }) => metadata.name);
  const inhabited = [...new Set(nodes.flatMap(({ metadata }) => metadata.labels[words.zone] ?? []))];
  const zones = inhabited.length < 2 || dice.chance(0.1) ? words.zones : inhabited;
  const places: Places = { prefix, zones, nodeNames };
  return [
    ...nodeNames.filter(() => dice.chance(0.8)).map((name) => csiNode(dice, name)),
    ...words.zones.flatMap((zone) => capacities(dice, `${prefix}-${zone}`, zone)),
    ...availableVolumes(dice, places),
    ...namespaces.flatMap((namespace) => claimsOf(dice, namespace, places)),
    ...attachments(dice, places),
  ];
}

/** Nodes of clusters with volumes have the labels of older clusters as well, or only a region. */
export function labelForVolumes(dice: Dice, { metadata: { labels } }: Node): void {
  const zone = labels[words.zone];
  if (zone !== undefined && dice.chance(0.2)) labels[words.betaZone] = dice.chance(0.8) ? zone : dice.pick(words.zones);
  if (dice.chance(0.1)) labels[words.betaRegion] = dice.pick(['r', 'elsewhere']);
  if (dice.chance(0.1)) delete labels[words.zone];
}

function csiNode(dice: Dice, name: string): VolumeDraft {
  const limited = () => (dice.chance(0.8) ? { allocatable: { count: dice.int(0, 4) } } : {});
  const drivers = [
    { name: ebs, nodeID: name, topologyKeys: [words.zone], ...limited() },
    ...(dice.chance(0.5) ? [{ name: tracked, nodeID: name, topologyKeys: [words.zone], ...limited() }] : []),
  ];
  return { path: '/apis/storage.k8s.io/v1/csinodes', object: { metadata: { name }, spec: { drivers } } };
}

/** Room of the driver that tells of it: enough or not, as a whole or for one volume, or nothing said. */
function capacities(dice: Dice, name: string, zone: string): VolumeDraft[] {
  return Array.from({ length: dice.int(0, 2) }, (_, index) => {
    const object = {
      metadata: { name: `${name}-${index}`, namespace: 'bare' },
      storageClassName: dice.chance(0.85) ? 'tracked' : 'late',
      ...(dice.chance(0.95)
        ? { nodeTopology: { matchLabels: { [words.zone]: zone, ...(dice.chance(0.2) ? { rack: 'r1' } : {}) } } }
        : {}),
      ...(dice.chance(0.9) ? { capacity: dice.pick(['1Gi', '4Gi', '10Gi', '100Gi']) } : {}),
      ...(dice.chance(0.5) ? { maximumVolumeSize: dice.pick(['1Gi', '7G', '20Gi']) } : {}),
    };
    return { path: '/apis/storage.k8s.io/v1/namespaces/bare/csistoragecapacities', object };
  });
}

/** Volumes that are attached to a node, whether a pod of the node uses them or not. */
function attachments(dice: Dice, places: Places): VolumeDraft[] {
  const volumes = namespaces.flatMap((namespace) =>
    ['bound-0', 'bound-1', 'labelled-0', 'intree-0', 'other-0', 'nowhere-0'].map((name) =>
      ownVolume({ namespace, name }, places),
    ),
  );
  return dice.some(volumes, 0, 6).map((persistentVolumeName, index) => ({
    path: '/apis/storage.k8s.io/v1/volumeattachments',
    object: {
      metadata: { name: `${places.prefix}-a${index}` },
      spec: {
        ...{ attacher: dice.chance(0.85) ? ebs : tracked, nodeName: dice.pick(places.nodeNames) },
        source: { persistentVolumeName },
      },
    },
  }));
}

/** The pod uses one or two claims, disks of EC2 by their id, or volumes that are made with it. */
export function useVolumes(dice: Dice, pod: Pod): void {
  if (!namespaces.includes(pod.metadata.namespace)) pod.metadata.namespace = dice.pick(namespaces);
  const count = dice.chance(0.6) ? 1 : dice.int(2, 3);
  if (dice.chance(0.15)) {
    pod.spec.volumes = contenders(dice);
    return;
  }
  pod.spec.volumes = distinct(Array.from({ length: count }, (_, index) => podVolume(dice, `v${index}`)));
}

/** Two or three claims for the same volumes: the small one is to leave the large one what only it can use. */
function contenders(dice: Dice): PodVolume[] {
  const claims = usableClaims.filter((claim) => claim.startsWith('static'));
  return dice
    .some(claims, 2, 3)
    .map((claimName, index) => ({ name: `v${index}`, persistentVolumeClaim: { claimName } }));
}

/** One volume more, one fewer, or another in the place of one. */
export function changeVolumes(dice: Dice, pod: Pod): void {
  const volumes = pod.spec.volumes ?? [];
  const at = dice.int(0, volumes.length);
  volumes.splice(at, dice.int(0, 1), ...(volumes.length > 1 && dice.chance(0.3) ? [] : [podVolume(dice, `v${at}`)]));
  pod.spec.volumes = distinct(volumes);
}

/** Each source once, each under a name of its own. */
function distinct(volumes: readonly PodVolume[]): PodVolume[] {
  const sources = new Map(volumes.map((volume) => [JSON.stringify({ ...volume, name: '' }), volume]));
  return [...sources.values()].map((volume, index) => ({ ...volume, name: `v${index}` }));
}

function podVolume(dice: Dice, name: string): PodVolume {
  const source = dice.next();
  // Refusals of the whole pod say little about nodes.
  if (source < 0.05) return { name, persistentVolumeClaim: { claimName: dice.pick(hopelessClaims) } };
  if (source < 0.18) {
    const id = dice.pick(['vol-1', 'vol-2']);
    return { name, awsElasticBlockStore: { volumeID: dice.chance(0.8) ? id : `aws://a/${id}` } };
  }
  if (source < 0.3) return { name, ephemeral: { volumeClaimTemplate: { spec: ephemeralSpec(dice) } } };
  // Several claims of one kind contend for the same volumes.
  const kind = dice.pick(['static', 'static', 'static', 'once', 'reserved', '', '', '', '', '']);
  const kin = usableClaims.filter((claim) => claim.startsWith(kind));
  return { name, persistentVolumeClaim: { claimName: dice.pick(kin) } };
}

function ephemeralSpec(dice: Dice) {
  return {
    accessModes: [dice.chance(0.8) ? 'ReadWriteOnce' : 'ReadWriteOncePod'],
    storageClassName: dice.pick(['late', 'zonal', 'racked', 'tracked', 'static', 'legacy']),
    resources: { requests: { storage: dice.pick(['1Gi', '4Gi', '15Gi']) } },
  };
}
