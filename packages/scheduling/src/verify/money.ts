import {
  type Action,
  type ClusterState,
  createPriceBook,
  type Estimate,
  fromNanoUsd,
  type Market,
  type NodeRef,
  offeringKey,
  type Plan,
  type PriceBook,
  toNanoUsd,
} from '@cloudoptim/core';
import { type PlanIndex, removes } from '../plan-index.js';
import type { Refusal } from '../verification.js';
import { refuseAction, refusePlan } from './refuse.js';

/** What the bill becomes, in nano-dollars per hour: the least and the most that the listed offerings allow. */
interface Change {
  readonly least: bigint;
  readonly most: bigint;
}

/** Half a nano-dollar a node is lost in rounding at most; a millionth of a dollar an hour is nobody's saving. */
const toleranceNano = 1000n;

/**
 * The plan's figures against the bill recomputed from state and market. A node without a price is in neither total; a launch
 * without one is refused, since it would be bought blind. Every estimate must hold between the cheapest and the dearest of
 * the offerings that a launch lists.
 */
export function moneyRefusals(index: PlanIndex, state: ClusterState, market: Market | undefined): Refusal[] {
  const { plan } = index;
  const prices = createPriceBook(market);
  const found: Refusal[] = [];
  const figures = [
    plan.currentUsdPerHour,
    ...estimates(plan).flatMap(({ point, lower, upper }) => [point, lower, upper]),
  ];
  if (!figures.every(Number.isFinite))
    return [refusePlan('money-not-finite', 'A figure of the plan is not a finite number.')];
  for (const { point, lower, upper } of estimates(plan))
    if (!(lower <= point && point <= upper))
      found.push(
        refusePlan('estimate-disordered', `An estimate says ${lower} ≤ ${point} ≤ ${upper}, which does not hold.`),
      );
  found.push(...launchRefusals(index, prices));
  const current = sum(state.nodes.map((node) => prices.nodeUsdPerHour(node) ?? 0));
  if (differs(plan.currentUsdPerHour, current))
    found.push(mismatch('currentUsdPerHour', plan.currentUsdPerHour, fromNanoUsd(current)));
  let groupPoints = 0n;
  let [least, most] = [0n, 0n];
  for (const group of plan.groups) {
    const change = changeOf(group.actions, index, state, prices);
    least += change.least;
    most += change.most;
    groupPoints += toNanoUsd(group.savingsUsdPerHour.point);
    found.push(
      ...savingOutside(`the savings of group ${group.id}`, group.savingsUsdPerHour, -change.most, -change.least),
    );
  }
  found.push(...savingOutside('savingsUsdPerHour', plan.savingsUsdPerHour, -most, -least));
  found.push(...billOutside('projectedUsdPerHour', plan.projectedUsdPerHour, current + least, current + most));
  if (differs(plan.savingsUsdPerHour.point, groupPoints))
    found.push(mismatch('the sum of the groups’ savings', plan.savingsUsdPerHour.point, fromNanoUsd(groupPoints)));
  const projected = toNanoUsd(plan.currentUsdPerHour) - toNanoUsd(plan.projectedUsdPerHour.point);
  if (differs(plan.savingsUsdPerHour.point, projected))
    found.push(mismatch('current less projected', plan.savingsUsdPerHour.point, fromNanoUsd(projected)));
  return found;
}

function estimates(plan: Plan): Estimate[] {
  return [plan.projectedUsdPerHour, plan.savingsUsdPerHour, ...plan.groups.map((group) => group.savingsUsdPerHour)];
}

function changeOf(actions: readonly Action[], index: PlanIndex, state: ClusterState, prices: PriceBook): Change {
  let [least, most] = [0n, 0n];
  for (const action of actions) {
    const launch = action.kind === 'launch-node' ? action : removes(action) ? launchOf(action.node, index) : undefined;
    if (launch !== undefined) {
      const listed = launch.offerings.flatMap((offering) => prices.usdPerHour(offering) ?? []);
      if (listed.length === 0) continue;
      const [cheapest, dearest] = [toNanoUsd(Math.min(...listed)), toNanoUsd(Math.max(...listed))];
      // A node that the plan launches and removes again costs nothing in the end, whichever offering it was.
      least += action === launch ? cheapest : -dearest;
      most += action === launch ? dearest : -cheapest;
    } else if (removes(action)) {
      const node = index.nodeIndex(action.node);
      const object = node === undefined ? undefined : state.nodes[node];
      const price = toNanoUsd((object === undefined ? undefined : prices.nodeUsdPerHour(object)) ?? 0);
      least -= price;
      most -= price;
    }
  }
  return { least, most };
}

function launchOf(node: NodeRef, { actions }: PlanIndex) {
  // Nearly all removals are of nodes that are there.
  if (!('launch' in node)) return undefined;
  for (const { action } of actions) if (action.kind === 'launch-node' && action.key === node.launch) return action;
  return undefined;
}

function launchRefusals(index: PlanIndex, prices: PriceBook): Refusal[] {
  return index.actions.flatMap((entry) => {
    if (entry.action.kind !== 'launch-node') return [];
    return entry.action.offerings.flatMap((offering) => {
      const price = prices.usdPerHour(offering);
      const pool = {
        kind: 'pool' as const,
        offering: { instanceType: offering.instanceType, zone: offering.zone, capacityType: offering.capacityType },
      };
      if (price === undefined)
        return [
          refuseAction(
            index,
            entry,
            'unpriced-launch',
            `${offeringKey(offering)} has no known price, so it cannot be bought.`,
            pool,
          ),
        ];
      if (!(offering.priceCapUsdPerHour >= price))
        return [
          refuseAction(
            index,
            entry,
            'price-above-cap',
            `${offeringKey(offering)} costs more than the cap that the launch sets.`,
            pool,
            { usdPerHour: price, capUsdPerHour: offering.priceCapUsdPerHour },
          ),
        ];
      return [];
    });
  });
}

/** A saving between the least and the most that is possible; its lower end may be careful, never bold. */
function savingOutside(what: string, { point, lower, upper }: Estimate, least: bigint, most: bigint): Refusal[] {
  if (toNanoUsd(lower) > least + toleranceNano) return [bold(what, lower, upper)];
  return pointOutside(what, point, least, most);
}

/** A bill, the same the other way round: its upper end must cover the dearest offering. */
function billOutside(what: string, { point, lower, upper }: Estimate, least: bigint, most: bigint): Refusal[] {
  if (toNanoUsd(upper) + toleranceNano < most) return [bold(what, lower, upper)];
  return pointOutside(what, point, least, most);
}

function pointOutside(what: string, point: number, least: bigint, most: bigint): Refusal[] {
  const nano = toNanoUsd(point);
  if (nano + toleranceNano >= least && nano <= most + toleranceNano) return [];
  return [mismatch(what, point, fromNanoUsd(nano < least ? least : most))];
}

function bold(what: string, lower: number, upper: number): Refusal {
  const message = `The interval of ${what} leaves out what the dearest of its offerings would cost.`;
  return refusePlan('estimate-bold', message, { lower, upper });
}

function sum(usd: readonly number[]): bigint {
  return usd.reduce((total, amount) => total + toNanoUsd(amount), 0n);
}

function differs(usd: number, nano: bigint): boolean {
  const difference = toNanoUsd(usd) - nano;
  return difference > toleranceNano || difference < -toleranceNano;
}

function mismatch(what: string, said: number, found: number): Refusal {
  return refusePlan('money-differs', `The plan says ${said} USD/h for ${what}; state and market give ${found}.`, {
    said,
    found,
  });
}
