import type { Dice } from '../dice.js';
import { type Places, somewhere, volume } from './persistent-volumes.js';
import { ebs, tracked, uidOfTheClaim, type VolumeDraft } from './storage.js';
import * as words from './words.js';

interface ClaimName {
  readonly namespace: string;
  readonly name: string;
}

type Maker = (dice: Dice, claim: ClaimName, places: Places) => VolumeDraft[];

/** The states that a claim can be in, each with how many a namespace has of it. */
const kinds: Readonly<Record<string, readonly [count: number, make: Maker]>> = {
  bound: [
    3,
    (dice, at, places) =>
      boundTo(dice, at, places, {
        spec: { csi: disk(at, places), ...(dice.chance(0.85) ? somewhere(dice, places) : {}) },
      }),
  ],
  labelled: [
    3,
    (dice, at, places) =>
      boundTo(dice, at, places, { spec: { csi: disk(at, places) }, labels: zoneLabels(dice, places) }),
  ],
  intree: [
    2,
    (dice, at, places) => {
      const id = dice.pick(['vol-1', 'vol-2', 'vol-9']);
      const volumeID = dice.chance(0.5) ? id : `aws://${dice.pick(places.zones)}/${id}`;
      const labels = dice.chance(0.5) ? { labels: zoneLabels(dice, places) } : {};
      return boundTo(dice, at, places, { spec: { awsElasticBlockStore: { volumeID } }, ...labels });
    },
  ],
  once: [
    2,
    (dice, at, places) =>
      boundTo(dice, at, places, {
        spec: { csi: disk(at, places), accessModes: ['ReadWriteOncePod'], ...somewhere(dice, places) },
      }),
  ],
  other: [
    1,
    (dice, at, places) =>
      boundTo(dice, at, places, {
        spec: { csi: { ...disk(at, places), driver: tracked }, ...somewhere(dice, places) },
      }),
  ],
  late: [2, (dice, at) => [unbound(dice, at, 'late')]],
  legacy: [1, (dice, at) => [unbound(dice, at, 'legacy')]],
  zonal: [1, (dice, at) => [unbound(dice, at, 'zonal')]],
  racked: [1, (dice, at) => [unbound(dice, at, 'racked')]],
  tracked: [2, (dice, at) => [unbound(dice, at, 'tracked')]],
  static: [4, (dice, at) => [unbound(dice, at, 'static', particular(dice))]],
  chosen: [
    1,
    (dice, at, { nodeNames }) => {
      const annotations = { 'volume.kubernetes.io/selected-node': dice.pick(nodeNames) };
      return [unbound(dice, at, dice.pick(['late', 'zonal', 'tracked', 'static']), {}, annotations)];
    },
  ],
  reserved: [3, (dice, at, places) => [unbound(dice, at, 'static', particular(dice)), held(dice, at, places)]],
  unclassed: [1, (dice, at) => [unbound(dice, at, '')]],
  unknown: [1, (dice, at) => [unbound(dice, at, 'nobody-made-it')]],
  now: [1, (dice, at) => [unbound(dice, at, 'now')]],
  prebound: [1, (dice, at) => [unbound(dice, at, 'late', { volumeName: 'nothing' })]],
  lost: [1, (dice, at) => [bereft(dice, at, 'Lost')]],
  gone: [1, (dice, at) => [bereft(dice, at, 'Bound')]],
  deleting: [
    1,
    (dice, at) => {
      const { object, ...rest } = unbound(dice, at, 'late');
      const metadata = { ...object.metadata, finalizers: ['example.com/kept'] };
      return [{ ...rest, object: { ...object, metadata }, deleted: true }];
    },
  ],
};

/** Claims that refuse the whole pod, whatever the node. */
const hopeless = ['unclassed', 'unknown', 'now', 'prebound', 'lost', 'gone', 'deleting'];

const names = (wanted: (kind: string) => boolean) =>
  Object.entries(kinds).flatMap(([kind, [count]]) =>
    wanted(kind) ? Array.from({ length: count }, (_, index) => `${kind}-${index}`) : [],
  );

/** Names of the claims that every namespace with claims has. */
export const usableClaims = names((kind) => !hopeless.includes(kind));
export const hopelessClaims = [...names((kind) => hopeless.includes(kind)), 'nowhere'];

/** Claims of every state in one namespace, with the volumes that they are bound to. */
export function claimsOf(dice: Dice, namespace: string, places: Places): VolumeDraft[] {
  return Object.entries(kinds).flatMap(([kind, [count, make]]) =>
    Array.from({ length: count }, (_, index) => make(dice, { namespace, name: `${kind}-${index}` }, places)).flat(),
  );
}

/** The name of a claim's own volume. */
export function ownVolume({ namespace, name }: ClaimName, { prefix }: Places): string {
  return `${prefix}-${namespace}-${name}`;
}

function disk(at: ClaimName, places: Places) {
  return { driver: ebs, volumeHandle: ownVolume(at, places) };
}

/** Now and then just the size of a volume that is there. */
const sizes = ['1Gi', '2Gi', '4Gi', '7G', '10Gi', '16Gi'];

function unbound(
  dice: Dice,
  { namespace, name }: ClaimName,
  storageClassName: string,
  spec: Readonly<Record<string, unknown>> = {},
  annotations: Readonly<Record<string, string>> = {},
): VolumeDraft {
  const resources = { requests: { storage: dice.pick(sizes) } };
  return {
    path: `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
    object: {
      metadata: { name, namespace, annotations },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources, ...spec },
    },
    status: { phase: 'Pending' },
  };
}

/** A claim that was bound to a volume which is not there any more, noticed by its controller or not. */
function bereft(dice: Dice, at: ClaimName, phase: string): VolumeDraft {
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes' };
  return { ...unbound(dice, at, 'late', { volumeName: 'nothing' }, annotations), status: { phase } };
}

/** What a claim of a static volume may ask for besides its size. */
function particular(dice: Dice) {
  return {
    ...(dice.chance(0.25) ? { selector: { matchLabels: { tier: dice.pick(words.tiers) } } } : {}),
    ...(dice.chance(0.2) ? { volumeMode: 'Block' } : {}),
    ...(dice.chance(0.25) ? { accessModes: dice.pick([['ReadWriteMany'], ['ReadWriteOnce', 'ReadWriteMany']]) } : {}),
  };
}

function boundTo(
  dice: Dice,
  at: ClaimName,
  places: Places,
  {
    spec,
    labels,
  }: { readonly spec: Readonly<Record<string, unknown>>; readonly labels?: Readonly<Record<string, string>> },
): VolumeDraft[] {
  const volumeName = ownVolume(at, places);
  const accessModes = (spec.accessModes as string[] | undefined) ?? ['ReadWriteOnce'];
  const { object, ...rest } = unbound(
    dice,
    at,
    'late',
    { volumeName, accessModes },
    {
      'pv.kubernetes.io/bind-completed': 'yes',
    },
  );
  return [
    volume(volumeName, { storageClassName: 'late', claimRef: at, ...spec }, labels === undefined ? {} : { labels }),
    { ...rest, object, status: { phase: 'Bound' } },
  ];
}

const ofBefore = '00000000-0000-0000-0000-000000000000';

/** A volume that a claim has a right to before it is bound; or had, when the uid is that of an earlier claim. */
function held(dice: Dice, at: ClaimName, places: Places): VolumeDraft {
  const earlier = dice.chance(0.65) ? { uid: dice.pick([uidOfTheClaim, ofBefore, ofBefore]) } : {};
  const name = ownVolume(at, places);
  return volume(
    name,
    {
      ...{ capacity: { storage: dice.pick(['3Gi', '30Gi', '40Gi', '50Gi']) }, storageClassName: 'static' },
      ...{ claimRef: { ...at, ...earlier }, csi: { driver: tracked, volumeHandle: name }, ...somewhere(dice, places) },
      ...(dice.chance(0.2) ? { volumeMode: 'Block' } : {}),
    },
    { phase: dice.pick(['Available', 'Released', 'Bound']), deleted: dice.chance(0.1) },
  );
}

/** Labels that older provisioners put on volumes, one zone or several, under the old names or the new. */
function zoneLabels(dice: Dice, { zones }: Places): Record<string, string> {
  const [one, two] = [dice.pick(zones), dice.pick(zones)];
  const zone = dice.pick([one, one, `${one}__${two}`, `${one}____${two}`, 'nowhere', '']);
  const region = dice.pick(['r', 'r', 'elsewhere']);
  return dice.pick([
    { [words.zone]: zone },
    { [words.zone]: zone },
    { [words.betaZone]: zone },
    { [words.betaZone]: zone, [words.betaRegion]: region },
    { [words.zone]: zone, [words.region]: region },
    { [words.region]: region },
    { [words.betaRegion]: region },
  ]);
}
