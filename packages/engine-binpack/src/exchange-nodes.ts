import type { Candidate } from './choose-offerings.js';
import type { ExchangeProblem, ExchangeProblems } from './exchange-problem.js';
import type { LaunchKind } from './launch-kind.js';
import { type Launchable, launchable } from './launchable.js';
import type { Model } from './model.js';
import { podSize } from './moving-pods.js';
import type { Packing } from './pack/packing.js';
import type { ExchangeSet } from './propose-exchanges.js';
import { attempt, evictedWith, type Refused } from './remove-node.js';
import { launchInto } from './replace-nodes.js';

/** Shares of cpu and memory left free, the next one where the scheduler does not pack as tightly as the one before asks. */
const slacks: readonly number[] = [0.02, 0.04, 0.08, 0.12];

/** Saving less of what nodes cost is not worth moving all their pods. */
const leastShareSaved = 0.02;

/** The share of what is saved that the choice between several offerings may cost. */
const shareForChoice = 0.25;

/** In clusters up to this size an exchange that does not hold is mended, and what each share of free room comes to is compared. */
const fewNodes = 300;

/** Most nodes added to a packing, one after the other. */
const mostAdded = 8;

/** What is added costs this share of the packing at the least: pods are spread, so a tiny node is soon full of others. */
const leastAdded = 0.02;

/** New nodes that hold all pods of an exchange, by the scheduler's own scoring. */
interface Exchange {
  readonly launches: readonly Launchable[];
  readonly usdPerHour: number;
}

/**
 * Packs the pods of some nodes into the cheapest new ones, and carries the exchange out on the working cluster where the
 * scheduler places all pods and it saves something. Returns the nodes launched; else the cluster is as before.
 */
export async function tryExchange(
  model: Model,
  problems: ExchangeProblems,
  { nodes, kind }: ExchangeSet,
): Promise<readonly number[] | Refused> {
  const price = nodes.reduce((sum, node) => sum + (model.prices[node] ?? 0), 0);
  const order = largestFirst(model, nodes);
  const first = model.cluster.placement.nodeCount;
  const thorough = model.state.nodes.length <= fewNodes;
  let refused: Refused = { reason: noClass };
  let best: Exchange | undefined;
  for (const slack of slacks) {
    const problem = problems.of(nodes, kind, slack);
    if (problem === undefined) break;
    const packing = await model.pack(problem);
    if (packing.unplaced.length > 0) {
      refused = { reason: noOffering };
      break;
    }
    const belowUsdPerHour = Math.min(best?.usdPerHour ?? price, price * (1 - leastShareSaved));
    if (packing.usdPerHour >= belowUsdPerHour) {
      if (slack === slacks[0]) return { reason: savesNothing };
      continue;
    }
    const premium = 1 + (shareForChoice * (price - packing.usdPerHour)) / packing.usdPerHour;
    const launches = decided(model, kind, problem, packing, premium);
    if (launches === undefined) {
      refused = { reason: noOffering };
      break;
    }
    const packed = { launches, usdPerHour: packing.usdPerHour };
    const mark = model.cluster.mark();
    const found = await mended(
      model,
      { problems, kind, order, price, belowUsdPerHour, most: thorough ? mostAdded : 0 },
      packed,
    );
    if (!('launches' in found)) {
      refused = found;
      if (!('noRoomFor' in found)) break;
      continue;
    }
    best = found;
    if (!thorough) return launched(first, best);
    model.cluster.rollback(mark);
  }
  if (best === undefined) return refused;
  carriedOut(model, order, price, best);
  return launched(first, best);
}

function launched(first: number, { launches }: Exchange): readonly number[] {
  return launches.map((_, position) => first + position);
}

interface Mending {
  readonly problems: ExchangeProblems;
  readonly kind: LaunchKind;
  /** Nodes that go, in the order in which they are drained. */
  readonly order: readonly number[];
  /** What they cost together. */
  readonly price: number;
  readonly belowUsdPerHour: number;
  /** Most nodes added. */
  readonly most: number;
}

/** The exchange with the cheapest node more for each pod that finds no room, as long as that is worth it. It is carried out. */
async function mended(
  model: Model,
  { problems, kind, order, price, belowUsdPerHour, most }: Mending,
  packed: Exchange,
): Promise<Exchange | Refused> {
  let exchange = packed;
  for (let added = 0; ; added++) {
    await model.settle();
    const refused = carriedOut(model, order, price, exchange);
    if (refused === undefined) return exchange;
    if (!('noRoomFor' in refused) || refused.noRoomFor.pod === undefined || added >= most) return refused;
    const one = problems.cheapestFor(refused.noRoomFor.pod, kind, leastAdded * packed.usdPerHour);
    if (one === undefined || exchange.usdPerHour + one.usdPerHour >= belowUsdPerHour) return refused;
    exchange = { launches: [...exchange.launches, one], usdPerHour: exchange.usdPerHour + one.usdPerHour };
  }
}

function carriedOut(
  model: Model,
  nodes: readonly number[],
  price: number,
  { launches }: Exchange,
): Refused | undefined {
  const dearest = launches.reduce((sum, { dearestUsdPerHour }) => sum + dearestUsdPerHour, 0);
  return attempt(model, { nodes, savedUsdPerHour: price - dearest }, () => {
    for (const launch of launches) {
      const reason = launchInto(model, launch);
      if (reason !== undefined) return reason;
    }
    return undefined;
  });
}

/** Launches with alternatives to each offering packed, as far as they cost no more than `premium` times its price. */
function decided(
  model: Model,
  { pool }: ExchangeSet['kind'],
  { candidates }: ExchangeProblem,
  packing: Packing,
  premium: number,
): readonly Launchable[] | undefined {
  const { all } = model.candidates(pool);
  const launches: Launchable[] = [];
  for (const { column, times } of packing.nodes) {
    const candidate = candidates[column] as Candidate;
    const limits = {
      policy: model.policy,
      maxOfferings: model.options.maxReplacementOfferings,
      belowUsdPerHour: candidate.usdPerHour * premium,
    };
    const choice = launchable(model.state, pool, candidate, all, limits);
    if (choice === undefined) return undefined;
    for (let copy = 0; copy < times; copy++) launches.push(choice);
  }
  return launches;
}

/** Nodes with large pods are drained first, while large gaps are left. */
function largestFirst(model: Model, nodes: readonly number[]): number[] {
  const { pods } = model.state;
  const largest = new Map(
    nodes.map((node) => [
      node,
      Math.max(0, ...evictedWith(model, node).map((pod) => podSize(model.state, pods.template[pod] as number))),
    ]),
  );
  return [...nodes].sort((a, b) => (largest.get(b) as number) - (largest.get(a) as number) || a - b);
}

const noClass = { code: 'no-class', message: 'A pod of these nodes has nobody who would replace it.' };
const noOffering = { code: 'no-offering', message: 'No offering that may be launched holds all pods of these nodes.' };
const savesNothing = { code: 'saves-nothing', message: 'New nodes for these pods would cost as much.' };
