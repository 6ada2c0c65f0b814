import type { Candidate } from './choose-offerings.js';
import type { ExchangeProblem, ExchangeProblems } from './exchange-problem.js';
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
  let refused: Refused = { reason: noClass };
  for (const slack of slacks) {
    const problem = problems.of(nodes, kind, slack);
    if (problem === undefined) return refused;
    const packing = await model.pack(problem);
    if (packing.unplaced.length > 0) return { reason: noOffering };
    const cost = packing.usdPerHour;
    if (price - cost < leastShareSaved * price) return slack === slacks[0] ? { reason: savesNothing } : refused;
    const launches = decided(model, kind, problem, packing, 1 + (shareForChoice * (price - cost)) / cost);
    if (launches === undefined) return { reason: noOffering };
    const dearest = launches.reduce((sum, { dearestUsdPerHour }) => sum + dearestUsdPerHour, 0);
    const first = model.cluster.placement.nodeCount;
    await model.settle();
    const answer = attempt(model, { nodes: order, savedUsdPerHour: price - dearest }, () => {
      for (const launch of launches) {
        const reason = launchInto(model, launch);
        if (reason !== undefined) return reason;
      }
      return undefined;
    });
    if (answer === undefined) return launches.map((_, position) => first + position);
    refused = answer;
    if (!('noRoomFor' in answer)) return refused;
  }
  return refused;
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
