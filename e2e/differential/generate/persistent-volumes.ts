import type { Dice } from '../dice.js';
import type { NodeTerm } from '../kubernetes.js';
import { tracked, type VolumeDraft } from './storage.js';
import * as words from './words.js';

/** Where volumes of one cluster may be: zones that have nodes, now and then one that has none, and the nodes. */
export interface Places {
  readonly prefix: string;
  readonly zones: readonly string[];
  readonly nodeNames: readonly string[];
}

/** The draft of a volume; anything may be given otherwise. */
export function volume(
  name: string,
  spec: Readonly<Record<string, unknown>>,
  {
    labels,
    phase = 'Bound',
    deleted = false,
  }: { readonly labels?: Readonly<Record<string, string>>; readonly phase?: string; readonly deleted?: boolean } = {},
): VolumeDraft {
  return {
    path: '/api/v1/persistentvolumes',
    object: {
      metadata: {
        ...{ name, ...(labels === undefined ? {} : { labels }) },
        ...(deleted ? { finalizers: ['example.com/kept'] } : {}),
      },
      spec: {
        ...{ capacity: { storage: '20Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain' },
        ...spec,
      },
    },
    status: { phase },
    ...(deleted ? { deleted: true } : {}),
  };
}

/** Node affinity of a volume: mostly its zone, sometimes all the other ways to say where it is. */
export function somewhere(dice: Dice, { zones, nodeNames }: Places) {
  const inZones = (operator: string, values: readonly string[]) =>
    term({ key: words.zone, operator, values: [...values] });
  const terms: (() => NodeTerm[])[] = [
    () => [inZones('In', dice.some(zones, 2, 2))],
    () => [inZones('NotIn', [dice.pick(zones)])],
    () => [inZones('In', [dice.pick(zones)]), term({ key: 'rack', operator: 'In', values: [dice.pick(words.racks)] })],
    () => [term({ key: words.hostname, operator: 'In', values: dice.some(nodeNames, 1, 3) })],
    () => [term({ key: 'generation', operator: dice.pick(['Gt', 'Lt']), values: ['3'] })],
    () => [term({ key: 'disk', operator: dice.pick(['Exists', 'DoesNotExist']) })],
    // What asks for the name of a node always holds: kube-scheduler hands over the labels alone.
    () => [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [dice.pick(nodeNames)] }] }],
  ];
  const chosen = dice.chance(0.55) ? [inZones('In', [dice.pick(zones)])] : dice.pick(terms)();
  return { nodeAffinity: { required: { nodeSelectorTerms: chosen } } };
}

function term(...matchExpressions: NonNullable<NodeTerm['matchExpressions']>): NodeTerm {
  return { matchExpressions };
}

/** Volumes that claims may take, no two of a size: which of two equal ones is taken nobody can tell. */
export function availableVolumes(dice: Dice, places: Places): VolumeDraft[] {
  return Array.from({ length: dice.int(4, 9) }, (_, index) => {
    const name = `${places.prefix}-s${index}`;
    const spec = {
      ...{
        capacity: { storage: `${2 + ((index * 5) % 9) * 2}Gi` },
        storageClassName: dice.pick(['static', 'static', 'static', 'late']),
      },
      accessModes: dice.pick([
        ['ReadWriteOnce'],
        ['ReadWriteOnce'],
        ['ReadWriteOnce', 'ReadWriteMany'],
        ['ReadWriteMany'],
      ]),
      ...{ csi: { driver: tracked, volumeHandle: name }, ...(dice.chance(0.8) ? somewhere(dice, places) : {}) },
      ...(dice.chance(0.2) ? { volumeMode: 'Block' } : {}),
    };
    return volume(name, spec, {
      labels: { tier: dice.pick(words.tiers) },
      phase: dice.chance(0.8) ? 'Available' : dice.pick(['Pending', 'Released', 'Failed']),
      deleted: dice.chance(0.1),
    });
  });
}
