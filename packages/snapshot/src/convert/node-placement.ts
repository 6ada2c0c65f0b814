import type { CapacityType, Node } from '@cloudoptim/core';

type Labels = Readonly<Record<string, string>>;

/** Where a node runs and how it is paid for; what no label tells is absent, so that it has no price rather than a wrong one. */
export function nodePlacement(
  labels: Labels,
  providerId: string | undefined,
): Pick<Node, 'instanceType' | 'region' | 'zone' | 'capacityType'> {
  const zone =
    first(labels, ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone']) ?? zoneOf(providerId);
  const region =
    first(labels, ['topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/region']) ??
    regionOf(zone, providerId);
  const instanceType = first(labels, ['node.kubernetes.io/instance-type', 'beta.kubernetes.io/instance-type']);
  const capacityType = capacityTypeOf(labels);
  return {
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(region === undefined ? {} : { region }),
    ...(zone === undefined ? {} : { zone }),
    ...(capacityType === undefined ? {} : { capacityType }),
  };
}

/** Labels that say how a node is paid for, the surest first, and what their values mean. */
const capacityLabels: readonly (readonly [string, Readonly<Record<string, CapacityType>>])[] = [
  ['karpenter.sh/capacity-type', { spot: 'spot', 'on-demand': 'on-demand', reserved: 'reserved' }],
  ['eks.amazonaws.com/capacityType', { spot: 'spot', on_demand: 'on-demand', capacity_block: 'reserved' }],
  ['spotinst.io/node-lifecycle', { spot: 'spot', od: 'on-demand' }],
  ['scheduling.cast.ai/spot', { true: 'spot' }],
  // What eksctl's and AWS's own examples put on nodes of self-managed groups.
  ['node-lifecycle', { spot: 'spot', 'on-demand': 'on-demand' }],
  ['lifecycle', { ec2spot: 'spot', ondemand: 'on-demand' }],
  ['node.kubernetes.io/lifecycle', { spot: 'spot', 'on-demand': 'on-demand' }],
];

/** The capacity type that a label or requirement value names, in any spelling known. */
export function capacityTypeOf(labels: Labels): CapacityType | undefined {
  for (const [label, meanings] of capacityLabels) {
    const value = first(labels, [label])?.toLowerCase();
    if (value !== undefined && Object.hasOwn(meanings, value)) return meanings[value];
  }
  return undefined;
}

function first(labels: Labels, keys: readonly string[]): string | undefined {
  for (const key of keys) if (Object.hasOwn(labels, key) && labels[key] !== '') return labels[key];
  return undefined;
}

/** `aws:///us-east-1a/i-0123`. */
function zoneOf(providerId: string | undefined): string | undefined {
  return providerId?.match(/^aws:\/\/\/([a-z0-9-]+)\/i-[0-9a-f]+$/)?.[1];
}

/** Only for plain availability zones of AWS; local and wavelength zones are named after another place. */
function regionOf(zone: string | undefined, providerId: string | undefined): string | undefined {
  return providerId?.startsWith('aws://') === true ? zone?.match(/^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/)?.[1] : undefined;
}
