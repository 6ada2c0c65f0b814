import type { Issue } from '../errors/issue.js';
import type { Estimate } from '../estimate.js';
import { fromNanoUsd, toNanoUsd } from '../money.js';
import type { Node } from '../node.js';
import type { Draft } from '../plan.js';
import { nodeOffering, type PriceBook } from '../price-book.js';
import type { Reason, Rejection, Subject } from '../reason.js';
import { nodeSubject } from '../subject.js';
import type { CheckedGroup, Launch } from './check-drafts.js';

/** What the priced nodes cost now, and what each group changes about it. */
export interface Bill {
  readonly currentUsdPerHour: number;
  readonly projectedUsdPerHour: Estimate;
  readonly savingsUsdPerHour: Estimate;
  readonly groups: readonly Estimate[];
  readonly unpriced: readonly Rejection[];
}

/** An amount and how far it may be off, in nano-dollars: sums are then exact in any order. */
interface NanoEstimate {
  readonly point: bigint;
  readonly lower: bigint;
  readonly upper: bigint;
  /** Whether prices of nodes still to be launched are part of it. */
  readonly launches: boolean;
  /** Whether part of it is left to Karpenter, which may do nothing. */
  readonly entrusted?: boolean;
}

/**
 * How sure the interval is once a launch is in it: prices of spot move between analysis and launch, and a fallback beyond
 * the listed ones is refused by its cap. Arithmetic on known prices alone is certain.
 */
const launchConfidence = 0.95;

/**
 * Savings of a plan: prices of the nodes it removes, less the price of those it launches. A launch costs what its first
 * offering costs; at worst the dearest cap, at best its cheapest offering. A node without a known price is in no total and is
 * listed, and removing it saves nothing that anyone could vouch for. What is left to Karpenter may also stay undone: at
 * worst it saves nothing.
 */
export function planSavings(
  groups: readonly CheckedGroup[],
  nodes: readonly Node[],
  prices: PriceBook,
  issues: Issue[],
): Bill {
  const { current, byUid, unpriced } = billOf(nodes, prices);
  const launches = launchCosts(groups, prices, issues);
  const removed = new Map<string, string>();
  const savings = groups.map(({ actions, executor }, group) => {
    const parts = actions.map((draft, index) =>
      savingsOf(draft, `groups[${group}].actions[${index}]`, { byUid, launches, removed, issues }),
    );
    return executor === undefined ? sum(parts) : leftToKarpenter(sum(parts));
  });
  const total = sum(savings);
  const sizes = groups.flatMap(({ actions }) => actions.flatMap(unpricedSize));
  return {
    currentUsdPerHour: fromNanoUsd(current),
    projectedUsdPerHour: estimate({
      point: current - total.point,
      lower: current - total.upper,
      upper: current - total.lower,
      launches: total.launches,
      entrusted: total.entrusted === true,
    }),
    savingsUsdPerHour: estimate(total),
    groups: savings.map(estimate),
    unpriced: [...unpriced, ...sizes],
  };
}

interface Ledger {
  readonly byUid: ReadonlyMap<string, bigint>;
  readonly launches: ReadonlyMap<string, NanoEstimate>;
  /** Where each node is removed first: counting it again would save the same dollar twice. */
  readonly removed: Map<string, string>;
  readonly issues: Issue[];
}

const nothing: NanoEstimate = { point: 0n, lower: 0n, upper: 0n, launches: false };

function savingsOf(draft: Draft, path: string, ledger: Ledger): NanoEstimate {
  if (draft.kind === 'launch-node') return negated(ledger.launches.get(draft.key) ?? nothing);
  if (draft.kind !== 'terminate-node' && draft.kind !== 'delete-nodeclaim') return nothing;
  const { node } = draft;
  const key = 'uid' in node ? `uid ${node.uid}` : `launch ${node.launch}`;
  const earlier = ledger.removed.get(key);
  if (earlier !== undefined) {
    ledger.issues.push({ path: `${path}.node`, message: `is removed by ${earlier} already; its price is saved once.` });
    return nothing;
  }
  ledger.removed.set(key, path);
  if ('launch' in node) return ledger.launches.get(node.launch) ?? nothing;
  const price = ledger.byUid.get(node.uid) ?? 0n;
  return { point: price, lower: price, upper: price, launches: false };
}

/** Before anything else, since a group may remove what a later one launches. */
function launchCosts(groups: readonly CheckedGroup[], prices: PriceBook, issues: Issue[]): Map<string, NanoEstimate> {
  const costs = new Map<string, NanoEstimate>();
  for (const [group, { actions }] of groups.entries()) {
    for (const [index, draft] of actions.entries()) {
      const path = `groups[${group}].actions[${index}]`;
      if (draft.kind === 'launch-node') costs.set(draft.key, launchCost(draft, path, prices, issues));
    }
  }
  return costs;
}

function launchCost({ offerings }: Launch, path: string, prices: PriceBook, issues: Issue[]): NanoEstimate {
  const costs: bigint[] = [];
  const caps: bigint[] = [];
  for (const [index, offering] of offerings.entries()) {
    const price = prices.usdPerHour(offering);
    const name = `${offering.instanceType} in ${offering.zone} as ${offering.capacityType}`;
    const at = `${path}.offerings[${index}]`;
    if (price === undefined) {
      issues.push({ path: at, message: `${name} has no known price; launch only what the market prices.` });
    } else if (offering.priceCapUsdPerHour < price) {
      const message = `${offering.priceCapUsdPerHour} is below the ${price} USD an hour that ${name} costs; it could never be bought.`;
      issues.push({ path: `${at}.priceCapUsdPerHour`, message });
    } else {
      costs.push(toNanoUsd(price));
      caps.push(toNanoUsd(offering.priceCapUsdPerHour));
    }
  }
  const [first] = costs;
  if (first === undefined) return nothing;
  return { point: first, lower: ascending(costs)[0] ?? first, upper: ascending(caps).at(-1) ?? first, launches: true };
}

function ascending(amounts: readonly bigint[]): bigint[] {
  return [...amounts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function billOf(nodes: readonly Node[], prices: PriceBook) {
  let current = 0n;
  const byUid = new Map<string, bigint>();
  const unpriced = new Map<string, { reason: Reason; subjects: Subject[] }>();
  for (const node of nodes) {
    const price = prices.nodeUsdPerHour(node);
    if (price !== undefined) {
      const nano = toNanoUsd(price);
      byUid.set(node.uid, nano);
      current += nano;
      continue;
    }
    const reason = whyUnpriced(node);
    const group = unpriced.get(reason.message);
    if (group === undefined) unpriced.set(reason.message, { reason, subjects: [nodeSubject(node)] });
    else group.subjects.push(nodeSubject(node));
  }
  return { current, byUid, unpriced: [...unpriced.values()] };
}

function whyUnpriced(node: Node): Reason {
  const offering = nodeOffering(node);
  const why =
    offering === undefined
      ? 'Its labels do not tell instance type, zone and capacity type, so that its price is not known.'
      : `The market has no price for ${offering.instanceType} in ${offering.zone} as ${offering.capacityType}.`;
  return { code: 'unpriced-node', message: `${why} It is in neither total.` };
}

/** A group's size names no node, so that nobody can tell what changing it costs. */
function unpricedSize(draft: Draft): Rejection[] {
  if (draft.kind !== 'set-node-group-size') return [];
  const message = `Changing the size of a node group from ${draft.from} to ${draft.to} names no node, so that it is in neither total.`;
  const reason = { code: 'unpriced-node-group-size', message, numbers: { from: draft.from, to: draft.to } };
  return [{ reason, subjects: [{ kind: 'object', objectKind: 'NodeGroup', name: draft.group.name ?? '' }] }];
}

function sum(parts: readonly NanoEstimate[]): NanoEstimate {
  let { point, lower, upper, launches } = nothing;
  let toKarpenter = false;
  for (const part of parts) {
    point += part.point;
    lower += part.lower;
    upper += part.upper;
    launches ||= part.launches;
    toKarpenter ||= part.entrusted === true;
  }
  return { point, lower, upper, launches, entrusted: toKarpenter };
}

function leftToKarpenter(estimate: NanoEstimate): NanoEstimate {
  return { ...estimate, lower: estimate.lower < 0n ? estimate.lower : 0n, entrusted: true };
}

function negated({ point, lower, upper, launches }: NanoEstimate): NanoEstimate {
  return { point: -point, lower: -upper, upper: -lower, launches };
}

function estimate({ point, lower, upper, launches, entrusted = false }: NanoEstimate): Estimate {
  return {
    point: fromNanoUsd(point),
    lower: fromNanoUsd(lower),
    upper: fromNanoUsd(upper),
    confidence: launches ? launchConfidence : 1,
    basis: [
      'prices of the market',
      ...(launches ? ['launches from the cheapest offering to the dearest cap'] : []),
      ...(entrusted ? ['nothing where Karpenter does not act'] : []),
    ].join('; '),
  };
}
