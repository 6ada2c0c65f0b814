import { type Verification, verifyPlan } from '@cloudoptim/scheduling';
import type { ControlPlane } from '../rig/control-plane.js';
import { buildCluster, mendCluster, wipeCluster } from './cluster/build-cluster.js';
import { type ClusterSpec, clusterSpec } from './cluster/cluster-spec.js';
import { executePlan } from './execute/execute-plan.js';
import { troubles } from './judge/ended-well.js';
import type { Evidence } from './judge/evidence.js';
import { refusalShown, type Shown } from './judge/refusal-shown.js';
import { untilAtRest } from './live/at-rest.js';
import { BudgetWatch } from './live/budget-watch.js';
import { record } from './live/history.js';
import type { LiveCluster } from './live/live-cluster.js';
import { momentOf, observe } from './live/observer.js';
import { readState } from './live/read-state.js';
import { testMarket } from './plans/market.js';
import { drawPolicy, enginePlan, type PlanCase, type PlanSource, planCase } from './plans/plan-case.js';
import { type Random, seededRandom } from './random.js';

/** What became of one plan. */
export interface PlanResult {
  readonly cluster: number;
  /** Position in the cluster's sequence of plans. */
  readonly position: number;
  readonly source: PlanSource;
  readonly how: string;
  readonly verdict: Verification['verdict'];
  readonly unknowns: readonly string[];
  readonly groups: number;
  readonly inFlight: number;
  readonly evictions: number;
  /** Whether a pod that waited had come to a node before the plan closed it, and the plan left that one alone. */
  readonly stopped: boolean;
  /** Empty when it ended well. */
  readonly troubles: readonly string[];
  readonly refusals: readonly Shown[];
  /** Of an engine's plan that was executed to its end: what the engine proposes about the state it led to. */
  readonly groupsAfter?: number;
}

/** Hears of every plan with everything that is known of it, to keep what a difference needs to be studied. */
export type KeepCase = (result: PlanResult, evidence: Evidence) => void;

/** The order is drawn too, so that every source meets fresh clusters and used ones. */
const sources: readonly PlanSource[] = ['engine', 'random', 'mutated', 'mutated'];

/**
 * Builds the cluster of a seed, and has plans of all sources verified, executed and judged on it, one after another; between
 * two of them the cluster gets its nodes back. All that is drawn is drawn from the seed.
 */
export async function oneCluster(
  plane: ControlPlane,
  live: LiveCluster,
  seed: number,
  keep: KeepCase = () => undefined,
): Promise<PlanResult[]> {
  const { client } = plane;
  const spec = clusterSpec(seed);
  const results: PlanResult[] = [];
  try {
    await buildCluster(client, spec);
    for (const [position, source] of seededRandom(seed).shuffled(sources).entries()) {
      // A Job that lost pods waits longer and longer before it makes new ones; what is not at rest is no state to plan for.
      if (!(await untilAtRest(client, live))) break;
      const random = seededRandom(seed * 16 + position);
      const question = {
        ...{ state: await readState(client, spec), market: testMarket(), policy: drawPolicy(random) },
        seed: seed * 16 + position,
      };
      const made = await planCase(source, question, random);
      if (made === undefined) continue;
      const { result, evidence } = await onePlan(plane, live, spec, made, random, { cluster: seed, position });
      results.push(result);
      keep(result, evidence);
      await mendCluster(client, spec);
    }
    return results;
  } finally {
    await wipeCluster(client, spec);
  }
}

async function onePlan(
  { client }: ControlPlane,
  live: LiveCluster,
  spec: ClusterSpec,
  made: PlanCase,
  random: Random,
  place: Pick<PlanResult, 'cluster' | 'position'>,
): Promise<{ result: PlanResult; evidence: Evidence }> {
  const { state, market, policy, plan, source, how, seed } = made;
  const verification = verifyPlan(state, market, policy, plan, { now: state.takenAtMs, seed });
  const objects = [
    ...(await client.list('/apis/apps/v1/deployments')),
    ...(await client.list('/apis/apps/v1/statefulsets')),
    ...(await client.list('/api/v1/resourcequotas')),
  ];
  const before = { ...momentOf(live), objects };
  const budgets = new BudgetWatch(live);
  const stopObserving = observe(live);
  const stopRecording = record(live);
  // What goes wrong in one order of groups is to be seen in that one.
  const order = verification.refusals.find((refusal) => refusal.order !== undefined)?.order;
  const heedsWaiting = verification.verdict !== 'refused';
  const { results, launched } = await executePlan(client, live, plan, random, { order, heedsWaiting });
  const atRest = await untilAtRest(client, live);
  const evidence: Evidence = {
    ...{ spec, planCase: made, verification, before, results, launched },
    ...{
      observed: stopObserving(),
      history: stopRecording(),
      breaches: budgets.end(),
      after: { ...momentOf(live), atRest },
    },
  };
  const found = troubles(evidence);
  const stopped = results.some(({ outcome }) => outcome === 'stopped');
  const finished = source === 'engine' && verification.verdict !== 'refused' && found.length === 0 && !stopped;
  const result: PlanResult = {
    ...place,
    ...{ source, how, verdict: verification.verdict, troubles: found },
    unknowns: verification.unknowns.map(({ reason }) => reason.code),
    groups: plan.groups.length,
    inFlight: plan.maxGroupsInFlight,
    stopped,
    evictions: results.reduce((sum, { evictions }) => sum + evictions.length, 0),
    refusals: verification.refusals.map((refusal) => refusalShown(refusal, evidence)),
    ...(finished && {
      groupsAfter: (await enginePlan({ ...made, state: await readState(client, spec) })).groups.length,
    }),
  };
  return { result, evidence };
}
