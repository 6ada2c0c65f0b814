import {
  type ClusterState,
  createPriceBook,
  type DecisionContext,
  type Market,
  type Node,
  type Policy,
  podsByNode,
  sumUsd,
} from '@cloudoptim/core';
import { type BoundProblem, drawOf } from '@cloudoptim/scheduling';
import { nodeDisruption, type PoolTotals, poolKey } from './balanced-score.js';
import { allowedCandidates, type Candidate, undominated } from './choose-offerings.js';
import type { EngineMemory } from './engine-memory.js';
import { ExchangeProblems } from './exchange-problem.js';
import { type LaunchPool, launchPools } from './launch-pool.js';
import type { Launchable } from './launchable.js';
import { createOnDemandFloor, type OnDemandFloor } from './limits.js';
import { isEvictable } from './moving-pods.js';
import { type Observed, observedAllocatable } from './observed-allocatable.js';
import type { BinpackOptions } from './options.js';
import { packClasses } from './pack/pack-classes.js';
import type { Packing } from './pack/packing.js';
import { createWorkingCluster, type WorkingCluster } from './working-cluster.js';

/** What the engine knows throughout one decision. */
export interface Model {
  readonly state: ClusterState;
  readonly market: Market;
  readonly policy: Policy;
  readonly options: BinpackOptions;
  readonly nowMs: number;
  readonly cluster: WorkingCluster<Launchable>;
  readonly floor: OnDemandFloor;
  /** By node of the state, undefined where unknown. */
  readonly prices: readonly (number | undefined)[];
  readonly pools: ReadonlyMap<string, PoolTotals>;
  readonly launchPools: ReadonlyMap<string, LaunchPool>;
  readonly observed: Observed;
  readonly memory: EngineMemory;
  /** Pods of the state by node that a drain evicts. */
  readonly evictable: readonly (readonly number[])[];
  /** What a pool may launch: all of it, and what is worth a try. */
  candidates(pool: LaunchPool): { readonly all: readonly Candidate[]; readonly useful: readonly Candidate[] };
  /** Price of any node of the working cluster, launched ones by their cheapest offering. */
  usdPerHour(node: number): number | undefined;
  poolTotals(node: number): PoolTotals;
  /** What new nodes could take pods of the state, stated when first asked for. */
  problems(): ExchangeProblems;
  /** The same for exchanges of several nodes for several; undefined where no pool may launch. */
  exchanges(): ExchangeProblems | undefined;
  /**
   * Packs for an exchange: greedily, since the scheduler does not place pods as a tighter packing would have them. The packer is
   * content with what it has at the limit of work; the search must end there, so it is told.
   */
  pack(problem: BoundProblem): Promise<Packing>;
  /** Charges the pods that a place was asked for since the last call to the work budget. */
  settle(): Promise<void>;
  /** A stream for ties and orders, another one each time. */
  nextDraw(): () => number;
  /** Lets others have their turn, and an abort be heard, where nothing is left to charge. */
  breathe(): Promise<void>;
}

export interface ModelRequest {
  readonly state: ClusterState;
  readonly market: Market;
  readonly policy: Policy;
  readonly options: BinpackOptions;
  readonly memory: EngineMemory;
  readonly context: DecisionContext;
}

const nothing: PoolTotals = { usdPerHour: 0, disruption: 1 };

export function createModel({ state, market, policy, options, memory, context }: ModelRequest): Model {
  const cluster = createWorkingCluster<Launchable>(state);
  const book = createPriceBook(market);
  const prices = state.nodes.map((node) => book.nodeUsdPerHour(node));
  const evictable = podsByNode(state).map((pods) => pods.filter((pod) => isEvictable(state, pod)));
  const pools = totalsByPool(state, prices, evictable);
  const observed = observedAllocatable(state, memory.observed);
  const offered = new Map<LaunchPool, { all: readonly Candidate[]; useful: readonly Candidate[] }>();
  const usdPerHour = (node: number) =>
    node < state.nodes.length ? prices[node] : cluster.launches.get(node)?.usdPerHour;
  let settled = 0;
  let draws = 0;
  let problems: ExchangeProblems | undefined;
  const model: Model = {
    state,
    market,
    policy,
    options,
    nowMs: context.now,
    cluster,
    floor: createOnDemandFloor(cluster, policy.onDemandFloor),
    prices,
    pools,
    launchPools: launchPools(state),
    observed,
    memory,
    evictable,
    candidates(pool) {
      let known = offered.get(pool);
      if (known === undefined) {
        const all = allowedCandidates(market, policy, pool, observed);
        known = { all, useful: undominated(all) };
        offered.set(pool, known);
      }
      return known;
    },
    usdPerHour,
    poolTotals(node) {
      const owner = cluster.placement.node(node) ?? (state.nodes[node] as Node);
      return pools.get(poolKey(owner)) ?? nothing;
    },
    async pack(problem) {
      let limit: unknown;
      const spend = (units: number) =>
        context.spend(units).catch((error: unknown) => {
          limit = error;
          throw error;
        });
      const packing = await packClasses(problem, { spend, seed: context.seed, work: 0 });
      if (limit !== undefined) throw limit;
      return packing;
    },
    async settle() {
      const units = cluster.asked - settled;
      settled += units;
      await context.spend(Math.max(1, units));
    },
    nextDraw: () => drawOf(~context.seed, draws++),
    breathe: () => context.spend(0),
    problems() {
      problems ??= new ExchangeProblems(model);
      return problems;
    },
    exchanges() {
      return model.launchPools.size === 0 ? undefined : model.problems();
    },
  };
  return model;
}

function totalsByPool(
  state: ClusterState,
  prices: readonly (number | undefined)[],
  evictable: readonly (readonly number[])[],
): ReadonlyMap<string, PoolTotals> {
  const bills = new Map<string, number[]>();
  const disruption = new Map<string, number>();
  state.nodes.forEach((node, index) => {
    const key = poolKey(node);
    const bill = bills.get(key);
    if (bill === undefined) bills.set(key, [prices[index] ?? 0]);
    else bill.push(prices[index] ?? 0);
    disruption.set(key, (disruption.get(key) ?? 0) + nodeDisruption(state, evictable[index] ?? []));
  });
  return new Map(
    [...bills].map(([key, bill]) => [key, { usdPerHour: sumUsd(bill), disruption: disruption.get(key) ?? 1 }]),
  );
}
