import { createPriceBook, type Node, sumUsd } from '@cloudoptim/core';
import { createPlacement, type IncomingPod, nodeObstacles } from '@cloudoptim/scheduling';
import { packingPolicy } from '../generators/packing-fixture.js';
import type { Baseline } from './baseline.js';
import { createFirstFit } from './first-fit.js';
import { createClaims } from './karpenter-claims.js';
import { nodeOf, type Offer, offersOf } from './offerings.js';

/** As many nodes at most does Karpenter look at together. */
const mostCandidates = 100;

/** What a probe found: pods that move, and the node that is bought for them if they do not fit on those that stay. */
interface Command {
  readonly nodes: readonly number[];
  readonly replacement?: Offer;
}

/**
 * Karpenter's consolidation to its fixed point (designs/consolidation.md; pkg/controllers/disruption, v1.14): empty nodes; then
 * the longest prefix of at most 100 candidates, found by binary search, whose pods fit on the rest and on at most one new,
 * cheaper node; then single nodes. Candidates by what they cost for each pod moved, dearest first. No timeouts, no 15 s of
 * validation and no budgets: what the rule comes to when it is given all the time it wants.
 */
export const karpenterConsolidation: Baseline = (state, market) => consolidated(state, market, 'as-simulated');

/**
 * The same with pods placed where kube-scheduler puts them: Karpenter's simulation packs them tightly, the scheduler spreads them
 * by room, and for those that then wait Karpenter launches again. The cheapest that the cluster is on the way counts, since
 * commands may go in circles.
 */
export const karpenterAsScheduled: Baseline = (state, market) => consolidated(state, market, 'as-scheduled');

/** Commands after which nobody waits for more. */
const mostCommands = 300;

function consolidated(
  state: Parameters<Baseline>[0],
  market: Parameters<Baseline>[1],
  pods: 'as-simulated' | 'as-scheduled',
): ReturnType<Baseline> {
  const firstFit = createFirstFit(state);
  const { placement } = firstFit;
  const offers = offersOf(state, market);
  const book = createPriceBook(market);
  const prices = new Map<number, number>();
  for (const [index, node] of state.nodes.entries()) prices.set(index, book.nodeUsdPerHour(node) ?? 0);
  const blocked = nodeObstacles(createPlacement(state), packingPolicy, state.takenAtMs).map((list) => list.length > 0);
  let [evictions, launched, unplaced] = [0, 0, 0];

  const podsOf = (node: number) =>
    placement.podsOn(node).filter((pod) => state.workloads[placement.workloadOf(pod)]?.kind !== 'DaemonSet');
  const moving = (nodes: readonly number[]) =>
    nodes.flatMap((node) =>
      podsOf(node).map((pod) => ({ template: placement.templateOf(pod), workload: placement.workloadOf(pod) })),
    );

  /** Carries the command out on the placement; undefined, and nothing changed, when it is not worth it or not possible. */
  const attempt = (nodes: readonly number[]): Command | undefined => {
    const mark = firstFit.mark();
    const price = sumUsd(nodes.map((node) => prices.get(node) ?? 0));
    const pods = inOrder(state, moving(nodes));
    const removed = nodes.map((node) => ({
      type: placement.node(node)?.instanceType,
      usdPerHour: prices.get(node) ?? 0,
    }));
    for (const node of nodes) placement.removeNode(node);
    const cheaper = belowOwnTypes(
      offers.filter(({ usdPerHour }) => usdPerHour < price),
      removed,
    );
    const claims = createClaims(state, cheaper);
    // One new node at most: the first pod that asks for a second decides.
    const rest: IncomingPod[] = [];
    const allPlaced = pods.every((pod) => {
      if (firstFit.place(pod) !== -1) return true;
      rest.push(pod);
      return claims.place(pod) && claims.claims.length <= 1;
    });
    if (allPlaced) {
      const replacement = claims.claims[0]?.offers[0];
      if (replacement === undefined) return { nodes };
      const index = firstFit.addNode(nodeOf(state, replacement, `replacement-${launched}`));
      prices.set(index, replacement.usdPerHour);
      if (rest.every((pod) => firstFit.placeOn(pod, index))) {
        launched++;
        return { nodes, replacement };
      }
    }
    firstFit.rollback(mark);
    return undefined;
  };

  /** What the command found by its simulation really comes to. */
  const carriedOut = (nodes: readonly number[]): Command | undefined => {
    const mark = firstFit.mark();
    const command = attempt(nodes);
    if (command === undefined || pods === 'as-simulated') return command;
    firstFit.rollback(mark);
    const evicted = moving(nodes);
    for (const node of nodes) placement.removeNode(node);
    if (command.replacement !== undefined) launch(command.replacement);
    const waiting = evicted.filter((pod) => firstFit.schedule(pod) === -1);
    const claims = createClaims(state, offers);
    for (const pod of inOrder(state, waiting)) claims.place(pod);
    for (const claim of claims.claims) launch(claim.offers[0] as Offer);
    unplaced += waiting.filter((pod) => firstFit.schedule(pod) === -1).length;
    return command;
  };
  const launch = (offer: Offer) => {
    prices.set(firstFit.addNode(nodeOf(state, offer, `launched-${launched++}`)), offer.usdPerHour);
  };
  const standing = () =>
    Array.from({ length: placement.nodeCount }, (_, node) => node).filter(
      (node) => (placement.node(node) as Node | undefined) !== undefined,
    );
  const bill = () => {
    const nodes = standing();
    return { nodes: nodes.length, usdPerHour: sumUsd(nodes.map((node) => prices.get(node) ?? 0)) };
  };

  const candidates = () =>
    Array.from({ length: placement.nodeCount }, (_, node) => node)
      .filter((node) => placement.node(node) !== undefined && blocked[node] !== true)
      .map((node) => ({ node, pods: podsOf(node).length, worth: (prices.get(node) ?? 0) / (1 + podsOf(node).length) }))
      .sort((a, b) => b.worth - a.worth || a.node - b.node);

  const step = (): Command | undefined => {
    const all = candidates();
    const empty = all.filter(({ pods }) => pods === 0).map(({ node }) => node);
    if (empty.length > 0) {
      for (const node of empty) placement.removeNode(node);
      return { nodes: empty };
    }
    const several = longestPrefix(
      all.slice(0, mostCandidates).map(({ node }) => node),
      (nodes) => {
        const mark = firstFit.mark();
        const moved = moving(nodes).length;
        const found = attempt(nodes);
        firstFit.rollback(mark);
        return found === undefined ? undefined : moved;
      },
    );
    if (several.length > 1) return count(several);
    for (const { node } of all) {
      const moved = moving([node]).length;
      const found = carriedOut([node]);
      if (found !== undefined) {
        evictions += moved;
        return found;
      }
    }
    return undefined;
  };
  const count = (nodes: readonly number[]): Command | undefined => {
    evictions += moving(nodes).length;
    return carriedOut(nodes);
  };

  let best = bill();
  for (let commands = 0; commands < mostCommands && step() !== undefined; commands++) {
    const now = bill();
    if (now.usdPerHour < best.usdPerHour) best = now;
  }
  const waited = state.pods.node.filter((node) => node === -1).length;
  return { ...best, evictions, unplaced: waited + unplaced };
}

/** As filterOutSameInstanceType: what has the type of one that goes must be cheaper than that one, and so must all else. */
function belowOwnTypes(
  offers: readonly Offer[],
  removed: readonly { readonly type: string | undefined; readonly usdPerHour: number }[],
): Offer[] {
  if (removed.length < 2) return [...offers];
  const offered = new Set(offers.map(({ offering }) => offering.instanceType));
  const own = removed.filter(({ type }) => type !== undefined && offered.has(type)).map(({ usdPerHour }) => usdPerHour);
  return offers.filter(({ usdPerHour }) => own.every((price) => usdPerHour < price));
}

/** Binary search as in multinodeconsolidation.go: longer while it works, shorter when it does not; at least two nodes. */
function longestPrefix(
  nodes: readonly number[],
  works: (nodes: readonly number[]) => number | undefined,
): readonly number[] {
  let [least, most] = [1, nodes.length - 1];
  let best: readonly number[] = [];
  while (least <= most) {
    const middle = (least + most) >> 1;
    const prefix = nodes.slice(0, middle + 1);
    if (works(prefix) === undefined) most = middle - 1;
    else {
      best = prefix;
      least = middle + 1;
    }
  }
  return best;
}

function inOrder(
  state: Parameters<Baseline>[0],
  pods: readonly { readonly template: number; readonly workload: number }[],
) {
  const needs = (template: number) => state.podTemplates[template]?.needs;
  return [...pods].sort(
    (a, b) =>
      (needs(b.template)?.cpuMillicores ?? 0) - (needs(a.template)?.cpuMillicores ?? 0) ||
      (needs(b.template)?.memoryBytes ?? 0) - (needs(a.template)?.memoryBytes ?? 0),
  );
}
