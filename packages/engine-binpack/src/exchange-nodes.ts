import type { Candidate } from './choose-offerings.js';
import type { ExchangeProblems } from './exchange-problem.js';
import { type Launchable, launchable } from './launchable.js';
import type { Model } from './model.js';
import { podSize } from './moving-pods.js';
import type { ExchangeSet } from './propose-exchanges.js';
import { attempt, evictedWith, type Refused } from './remove-node.js';
import { launchInto } from './replace-nodes.js';

/** Share of cpu and memory left free, since the scheduler does not pack as tightly. */
const slack = 0.02;

/** A node that is added where a pod finds no room costs this share of the others at the least: less would hardly be noticed. */
const leastAdded = 0.02;

/** Most nodes added to one exchange, one after the other. */
const mostAdded = 8;

/** Saving less of what nodes cost is not worth moving all their pods. */
const leastShareSaved = 0.02;

/** The share of what is saved that the choice between several offerings may cost. */
const shareForChoice = 0.25;

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
  const problem = problems.of(nodes, kind, slack);
  if (problem === undefined) return { reason: noClass };
  const packing = await model.pack(problem);
  if (packing.unplaced.length > 0) return { reason: noOffering };
  const order = largestFirst(model, nodes);
  const wanted = packing.nodes.flatMap(({ column, times }) =>
    Array.from({ length: times }, () => problem.candidates[column] as Candidate),
  );
  for (let added = 0; ; added++) {
    const cost = wanted.reduce((sum, { usdPerHour }) => sum + usdPerHour, 0);
    if (price - cost < leastShareSaved * price) return { reason: savesNothing };
    const launches = decided(model, kind, wanted, 1 + (shareForChoice * (price - cost)) / cost);
    if (launches === undefined) return { reason: noOffering };
    const dearest = launches.reduce((sum, { dearestUsdPerHour }) => sum + dearestUsdPerHour, 0);
    const first = model.cluster.placement.nodeCount;
    await model.settle();
    const refused = attempt(model, { nodes: order, savedUsdPerHour: price - dearest }, () => {
      for (const launch of launches) {
        const reason = launchInto(model, launch);
        if (reason !== undefined) return reason;
      }
      return undefined;
    });
    if (refused === undefined) return launches.map((_, position) => first + position);
    if (!('noRoomFor' in refused)) return refused;
    const more = problems.cheapestFor(refused.noRoomFor.pod ?? -1, kind, leastAdded * packing.usdPerHour);
    if (more === undefined || added === mostAdded) return refused;
    wanted.push(more);
  }
}

/** Launches with alternatives to each offering packed, as far as they cost no more than `premium` times its price. */
function decided(
  model: Model,
  { pool }: ExchangeSet['kind'],
  wanted: readonly Candidate[],
  premium: number,
): readonly Launchable[] | undefined {
  const { all } = model.candidates(pool);
  const launches: Launchable[] = [];
  for (const candidate of wanted) {
    const limits = {
      policy: model.policy,
      maxOfferings: model.options.maxReplacementOfferings,
      belowUsdPerHour: candidate.usdPerHour * premium,
    };
    const choice = launchable(model.state, pool, candidate, all, limits);
    if (choice === undefined) return undefined;
    launches.push(choice);
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
