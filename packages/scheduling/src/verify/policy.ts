import { type ClusterState, createPriceBook, type Market, type Policy, type RankedOffering } from '@cloudoptim/core';
import { type PlacedAction, type PlanIndex, removes } from '../plan-index.js';
import type { Refusal } from '../verification.js';
import { refuseAction, refusePlan } from './refuse.js';

/** What the user does not allow, whatever the cluster would bear. */
export function policyRefusals(
  index: PlanIndex,
  state: ClusterState,
  market: Market | undefined,
  policy: Policy,
  now: number,
): Refusal[] {
  const { plan, actions } = index;
  if (actions.length === 0) return [];
  const found: Refusal[] = [];
  if (policy.freeze)
    found.push(refusePlan('frozen', 'policy.freeze stops everything; set it to false to let plans act.'));
  if (plan.validUntilMs < now)
    found.push(
      refusePlan('plan-expired', 'The plan is no longer valid; analyse again.', {
        validUntilMs: plan.validUntilMs,
        now,
      }),
    );
  if (plan.maxGroupsInFlight > policy.maxGroupsInFlight)
    found.push(
      refusePlan(
        'too-many-groups-in-flight',
        `The plan runs ${plan.maxGroupsInFlight} groups at once; policy.maxGroupsInFlight is ${policy.maxGroupsInFlight}.`,
      ),
    );
  found.push(...disruption(index, policy), ...savings(index, policy));
  for (const entry of actions) found.push(...actionRefusals(index, entry, state, market, policy));
  return found;
}

function disruption(index: PlanIndex, { maxDisruption }: Policy): Refusal[] {
  const evictions = index.plan.groups.reduce((sum, _, at) => sum + evictionsOf(index, at), 0);
  const found: Refusal[] = [];
  if (maxDisruption.evictions !== null && evictions > maxDisruption.evictions)
    found.push(
      refusePlan(
        'max-disruption',
        `The plan evicts ${evictions} pods; policy.maxDisruption.evictions is ${maxDisruption.evictions}.`,
      ),
    );
  if (maxDisruption.nodes !== null && index.removedNodes.size > maxDisruption.nodes)
    found.push(
      refusePlan(
        'max-disruption',
        `The plan removes ${index.removedNodes.size} nodes; policy.maxDisruption.nodes is ${maxDisruption.nodes}.`,
      ),
    );
  return found;
}

const disturbing = new Set(['launch-node', 'drain-node', 'evict-pod', 'terminate-node', 'delete-nodeclaim']);

/**
 * Less than this is not worth a disruption; a millionth of a dollar makes up for rounding. A plan that leaves all nodes as they
 * are (replicas, requests) saves nothing by itself, and is not measured by it.
 */
function savings(index: PlanIndex, { minSavings }: Policy): Refusal[] {
  const { plan } = index;
  if (!index.actions.some(({ action }) => disturbing.has(action.kind))) return [];
  const found: Refusal[] = [];
  const total = plan.savingsUsdPerHour.point;
  if (minSavings.usdPerHour > 0 && total + 1e-6 < minSavings.usdPerHour)
    found.push(
      refusePlan(
        'min-savings',
        `The plan saves ${total} USD/h; policy.minSavings.usdPerHour is ${minSavings.usdPerHour}.`,
      ),
    );
  for (const [at, group] of plan.groups.entries()) {
    const least = minSavings.usdPerHourPerEviction * evictionsOf(index, at);
    if (least > 0 && group.savingsUsdPerHour.point + 1e-6 < least)
      found.push({
        ...refusePlan(
          'min-savings',
          `Group ${group.id} saves ${group.savingsUsdPerHour.point} USD/h for its evictions; policy.minSavings asks for ${least}.`,
        ),
        group: group.id,
      });
  }
  return found;
}

/** Pods that the actions of a group evict. */
function evictionsOf(index: PlanIndex, group: number): number {
  return (index.byGroup[group] ?? []).reduce((sum, { action }) => {
    if (action.kind === 'drain-node') return sum + action.pods.reduce((count, entry) => count + entry.count, 0);
    return action.kind === 'evict-pod' ? sum + 1 : sum;
  }, 0);
}

function actionRefusals(
  index: PlanIndex,
  entry: PlacedAction,
  state: ClusterState,
  market: Market | undefined,
  policy: Policy,
): Refusal[] {
  const { action } = entry;
  if (action.kind === 'launch-node') return launchRefusals(index, entry, market, policy);
  if (action.kind === 'extension' && !policy.extensions.includes(action.name))
    return [
      refuseAction(
        index,
        entry,
        'extension-not-allowed',
        `policy.extensions does not name ${action.name}.`,
        action.subject,
      ),
    ];
  if (action.kind === 'set-node-group-size' && action.to < action.from)
    return [
      refuseAction(
        index,
        entry,
        'names-no-victim',
        `A smaller size of ${action.group.name ?? ''} leaves it to AWS which nodes go; terminate nodes by name instead.`,
      ),
    ];
  if (action.kind === 'resume-workload' && action.replicas === 0)
    return [
      refuseAction(index, entry, 'resumes-nothing', 'Resuming never restores zero replicas.', {
        kind: 'workload',
        workload: action.workload,
      }),
    ];
  if ('workload' in action && !actsIn(policy, action.workload.namespace))
    return [
      refuseAction(index, entry, 'namespace-excluded', `policy.namespaces leaves ${action.workload.namespace} alone.`, {
        kind: 'workload',
        workload: action.workload,
      }),
    ];
  if (removes(action)) {
    const at = index.nodeIndex(action.node);
    if (at !== undefined && state.nodes[at]?.owner.kind === 'unknown')
      return [
        refuseAction(
          index,
          entry,
          'unknown-owner',
          'Who owns the node is not known; it may be replaced as soon as it goes.',
          {
            kind: 'node',
            uid: state.nodes[at].uid,
            name: state.nodes[at].name,
          },
        ),
      ];
  }
  return [];
}

function actsIn({ namespaces: { include, exclude } }: Policy, namespace: string): boolean {
  return !exclude.includes(namespace) && (include.length === 0 || include.includes(namespace));
}

function launchRefusals(
  index: PlanIndex,
  entry: PlacedAction,
  market: Market | undefined,
  { allowedOfferings, pricePremiumCap }: Policy,
): Refusal[] {
  const { action } = entry;
  if (action.kind !== 'launch-node') return [];
  const prices = createPriceBook(market);
  const cheapest = Math.min(
    ...action.offerings.map((offering) => prices.usdPerHour(offering) ?? Number.POSITIVE_INFINITY),
  );
  const found: Refusal[] = [];
  const say = (offering: RankedOffering, code: string, why: string, numbers?: Readonly<Record<string, number>>) =>
    found.push(
      refuseAction(
        index,
        entry,
        code,
        `${offering.instanceType} in ${offering.zone}, ${offering.capacityType}, ${why}.`,
        {
          kind: 'pool',
          offering: {
            instanceType: offering.instanceType,
            zone: offering.zone,
            capacityType: offering.capacityType,
          },
        },
        numbers,
      ),
    );
  const { capacityTypes, instanceTypes, excludeInstanceTypes, zones, architectures } = allowedOfferings;
  if (architectures.length > 0 && !architectures.includes(action.template.architecture))
    say(
      action.offerings[0],
      'offering-not-allowed',
      `is ${action.template.architecture}, which policy.allowedOfferings leaves out`,
    );
  for (const offering of action.offerings) {
    if (capacityTypes.length > 0 && !capacityTypes.includes(offering.capacityType))
      say(offering, 'offering-not-allowed', 'has a capacity type that policy.allowedOfferings leaves out');
    if (zones.length > 0 && !zones.includes(offering.zone))
      say(offering, 'offering-not-allowed', 'is in a zone that policy.allowedOfferings leaves out');
    if (!action.template.zones.includes(offering.zone))
      say(offering, 'offering-not-allowed', 'is in a zone that the launch’s template does not list');
    if (instanceTypes.length > 0 && !instanceTypes.some((pattern) => matches(offering.instanceType, pattern)))
      say(offering, 'offering-not-allowed', 'is of a type that policy.allowedOfferings does not list');
    if (excludeInstanceTypes.some((pattern) => matches(offering.instanceType, pattern)))
      say(offering, 'offering-not-allowed', 'is of a type that policy.allowedOfferings excludes');
    if (prices.find(offering)?.supply === 0) say(offering, 'no-supply', 'is not to be had');
    const price = prices.usdPerHour(offering);
    // A little room for arithmetic: 1.2 times a price is rarely a round number.
    if (price !== undefined && price > cheapest * (1 + pricePremiumCap) * (1 + 1e-9))
      say(offering, 'price-premium', 'is dearer than policy.pricePremiumCap allows beside the cheapest', {
        usdPerHour: price,
        cheapestUsdPerHour: cheapest,
        pricePremiumCap,
      });
  }
  return found;
}

/** An exact type, or a family followed by `.*`. */
function matches(instanceType: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? instanceType.startsWith(pattern.slice(0, -1)) : instanceType === pattern;
}
