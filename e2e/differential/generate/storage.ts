import type { KubernetesObject } from '../../rig/api-client.js';
import * as words from './words.js';

export const ebs = 'ebs.csi.aws.com';
/** A driver that says how much room it has where, and that nobody provisions with. */
export const tracked = 'tracked.example.com';
const late = 'WaitForFirstConsumer';

const zoneIn = (...values: string[]) => ({ key: words.zone, values });

const classes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  late: { provisioner: ebs, volumeBindingMode: late },
  now: { provisioner: ebs, volumeBindingMode: 'Immediate' },
  static: { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: late },
  legacy: { provisioner: 'kubernetes.io/aws-ebs', volumeBindingMode: late },
  tracked: { provisioner: tracked, volumeBindingMode: late },
  zonal: {
    ...{ provisioner: ebs, volumeBindingMode: late },
    allowedTopologies: [{ matchLabelExpressions: [zoneIn('a', 'c')] }],
  },
  // Terms are ORed, the expressions of one are ANDed.
  racked: {
    ...{ provisioner: ebs, volumeBindingMode: late },
    allowedTopologies: [
      { matchLabelExpressions: [zoneIn('a', 'b'), { key: 'rack', values: ['r1', 'r2'] }] },
      { matchLabelExpressions: [{ key: 'disk', values: ['nvme'] }] },
    ],
  },
};

/** Classes and drivers, the same for all clusters. */
export const storage: readonly { readonly path: string; readonly object: KubernetesObject }[] = [
  ...Object.entries(classes).map(([name, more]) => ({
    path: '/apis/storage.k8s.io/v1/storageclasses',
    object: { metadata: { name }, ...more },
  })),
  ...[
    { metadata: { name: tracked }, spec: { storageCapacity: true, attachRequired: false } },
    { metadata: { name: ebs }, spec: { storageCapacity: false } },
  ].map((object) => ({ path: '/apis/storage.k8s.io/v1/csidrivers', object })),
];

/** Stands in a volume's claimRef for the uid that its claim will have. */
export const uidOfTheClaim = 'uid of the claim';

/** An object that is still to be made, and what becomes of it. */
export interface VolumeDraft {
  readonly path: string;
  readonly object: KubernetesObject;
  /** Of a volume or a claim: the status that its controller would have written. */
  readonly status?: unknown;
  readonly deleted?: true;
}
