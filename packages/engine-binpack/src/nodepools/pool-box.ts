import type { CapacityType, NodePoolRequirement } from '@cloudoptim/core';
import { meetsRequirement } from '@cloudoptim/scheduling';
import type { Step } from '../changes.js';
import type { Candidate } from '../choose-offerings.js';
import { type LaunchPool, poolOf } from '../launch-pool.js';
import type { Model } from '../model.js';
import { removedBy } from '../search.js';

/**
 * What a NodePool may launch while a plan is carried out: the instance types and capacity types of its nodes that stay and of
 * what the plan launches. A node outside of it has drifted, and Karpenter replaces it whatever it costs; so nodes that stay
 * must be inside. Zones stay as they are: pods that grow meanwhile may be tied to any of them.
 * Source: areRequirementsDrifted in karpenter v1.14 pkg/controllers/nodeclaim/disruption/drift.go.
 */
export interface PoolBox {
  readonly instanceTypes: ReadonlySet<string>;
  readonly capacityTypes: ReadonlySet<CapacityType>;
}

/** By pool; undefined for a pool with a node whose type is not known: it could not be kept from drifting. */
export function poolBoxes(model: Model, steps: readonly Step[]): ReadonlyMap<LaunchPool, PoolBox | undefined> {
  return new Map([...model.launchPools.values()].map((pool) => [pool, boxOf(model, pool, steps)]));
}

function boxOf({ state, launchPools }: Model, pool: LaunchPool, steps: readonly Step[]): PoolBox | undefined {
  const going = new Set(removedBy(steps));
  const goingNames = new Set([...going].map((node) => state.nodes[node]?.name));
  const staying = [
    ...state.nodes.filter((node, index) => !going.has(index) && poolOf(launchPools, node) === pool),
    // Claims whose nodes are still to come.
    ...state.nodeClaims.filter(
      ({ nodePool, nodeName, deletionAtMs }) =>
        nodePool === pool.pool.name && deletionAtMs === undefined && !goingNames.has(nodeName ?? ''),
    ),
  ];
  const instanceTypes = new Set<string>();
  const capacityTypes = new Set<CapacityType>();
  for (const { instanceType, capacityType } of staying) {
    if (instanceType === undefined || capacityType === undefined) return undefined;
    instanceTypes.add(instanceType);
    capacityTypes.add(capacityType);
  }
  for (const launch of steps.flatMap(({ launches }) => launches)) {
    if (launch.launchPool !== pool) continue;
    for (const { offering } of launch.offerings) {
      instanceTypes.add(offering.instanceType);
      capacityTypes.add(offering.capacityType);
    }
  }
  return { instanceTypes, capacityTypes };
}

/** Whether a node like this drifts once the pool allows only what is in the box. */
export function drifts(
  { instanceTypes, capacityTypes }: PoolBox,
  { instanceType, capacityType }: { readonly instanceType?: string; readonly capacityType?: CapacityType },
): boolean {
  return !instanceTypes.has(instanceType ?? '') || capacityType === undefined || !capacityTypes.has(capacityType);
}

/** What of the pool's offerings is in the box. */
export function offeringsIn(box: PoolBox, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(
    ({ offering }) => box.instanceTypes.has(offering.instanceType) && box.capacityTypes.has(offering.capacityType),
  );
}

/** Karpenter launches the first of these that a pool allows (cloudprovider/types.go, WorstLaunchPrice). */
const capacityTypesInOrder = ['reserved', 'spot', 'on-demand'] as const;

/** The capacity type that Karpenter would launch through the pool. */
export function launchedCapacityType(box: PoolBox, { pool }: LaunchPool): CapacityType | undefined {
  const own = (pool.requirements ?? []).filter(({ key }) => key === capacityTypeKey);
  return capacityTypesInOrder.find(
    (type) =>
      box.capacityTypes.has(type) &&
      own.every((requirement) => meetsRequirement({ [capacityTypeKey]: type }, requirement)),
  );
}

export const capacityTypeKey = 'karpenter.sh/capacity-type';
export const instanceTypeKey = 'node.kubernetes.io/instance-type';

/** The first requirement of the pool that asks for more variety (`minValues`) than the box has. */
export function tooFewValues({ pool }: LaunchPool, inBox: readonly Candidate[]): NodePoolRequirement | undefined {
  return (pool.requirements ?? []).find(
    ({ key, minValues = 0 }) => new Set(inBox.map(({ labels }) => labels[key])).size < minValues,
  );
}
