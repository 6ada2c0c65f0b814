import {
  type Action,
  type ClusterState,
  type Market,
  type NodeResources,
  type Offering,
  offeringKey,
} from '@cloudoptim/core';
import type { PlacedAction, PlanIndex } from '../plan-index.js';
import type { Refusal } from '../verification.js';
import { refuseAction } from './refuse.js';

type Launch = Extract<Action, { kind: 'launch-node' }>;

/**
 * Whether what a plan launches can be had and is as large as it says: launches together must not need more of an offering than
 * its supply, and a node must not be assumed larger than the market says its type is, or than a node of that type was seen to be.
 * Types that the market does not describe are taken at the plan's word.
 */
export function launchRefusals(index: PlanIndex, state: ClusterState, market: Market): Refusal[] {
  const launches = index.actions.filter(({ action }) => action.kind === 'launch-node');
  if (launches.length === 0) return [];
  const largest = largestSeen(state, market);
  return [
    ...withoutSupply(index, launches, market),
    ...launches.flatMap((entry) => overstated(index, entry, state, largest)),
  ];
}

/** By type that the market describes, of each resource the most that it says, or that a node of that type was seen to have. */
function largestSeen({ nodes }: ClusterState, { instanceTypes }: Market): ReadonlyMap<string, Map<string, number>> {
  const largest = new Map(instanceTypes.map(({ name, allocatable }) => [name, new Map(amountsOf(allocatable))]));
  for (const { instanceType, allocatable } of nodes) {
    const own = instanceType === undefined ? undefined : largest.get(instanceType);
    if (own === undefined) continue;
    for (const [what, amount] of amountsOf(allocatable)) own.set(what, Math.max(own.get(what) ?? 0, amount));
  }
  return largest;
}

/** Launches that are left without an offering once all others have one, by augmenting paths (Kuhn, 1955). */
function withoutSupply(index: PlanIndex, launches: readonly PlacedAction[], market: Market): Refusal[] {
  const supply = new Map<string, number>();
  for (const offering of market.offerings)
    if (offering.supply !== undefined) supply.set(offeringKey(offering), offering.supply);
  const takers = new Map<string, PlacedAction[]>();
  const keysOf = ({ action }: PlacedAction) => (action as Launch).offerings.map((offering) => offeringKey(offering));

  const serve = (entry: PlacedAction, tried: Set<string>): boolean => {
    for (const key of keysOf(entry)) {
      const limit = supply.get(key);
      if (limit === undefined) return true;
      if (tried.has(key)) continue;
      tried.add(key);
      const own = takers.get(key) ?? [];
      takers.set(key, own);
      if (own.length < Math.floor(limit)) {
        own.push(entry);
        return true;
      }
      const moved = own.findIndex((other) => serve(other, tried));
      if (moved >= 0) {
        own[moved] = entry;
        return true;
      }
    }
    return false;
  };

  return launches.flatMap((entry) => {
    if (serve(entry, new Set())) return [];
    const { action } = entry;
    const [offering] = (action as Launch).offerings;
    const message = `The market's supply of what launch ${action.id} lists is taken by the plan's other launches, or there is none. List more offerings, or launch fewer nodes.`;
    return [refuseAction(index, entry, 'no-supply', message, poolOf(offering))];
  });
}

function overstated(
  index: PlanIndex,
  entry: PlacedAction,
  state: ClusterState,
  largest: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Refusal[] {
  const { offerings, assumedAllocatable, via } = entry.action as Launch;
  const pool = state.nodePools.find(({ name }) => name === via.name);
  const nodeClass = state.nodeClasses.find(
    ({ kind, name }) => kind === pool?.nodeClass?.kind && name === pool.nodeClass.name,
  );
  for (const offering of offerings) {
    const own = largest.get(offering.instanceType);
    if (own === undefined) continue;
    for (const [what, amount] of amountsOf(assumedAllocatable)) {
      // A kubelet may be told to run more pods than the usual formula gives.
      const told = what === 'pods' ? (nodeClass?.maxPods ?? 0) : 0;
      const most = Math.max(told, own.get(what) ?? 0);
      if (amount <= most) continue;
      const message = `Launch ${entry.action.id} assumes ${amount} ${what} on ${offering.instanceType}, which has at most ${most}.`;
      return [refuseAction(index, entry, 'allocatable-overstated', message, poolOf(offering), { amount, most })];
    }
  }
  return [];
}

/** Ephemeral storage is left out: it is the root volume's, whose size is the node class's to say. */
function amountsOf({ cpuMillicores, memoryBytes, pods, extended = {} }: NodeResources): [string, number][] {
  return [['cpuMillicores', cpuMillicores], ['memoryBytes', memoryBytes], ['pods', pods], ...Object.entries(extended)];
}

function poolOf({ instanceType, zone, capacityType }: Pick<Offering, 'instanceType' | 'zone' | 'capacityType'>) {
  return { kind: 'pool' as const, offering: { instanceType, zone, capacityType } };
}
