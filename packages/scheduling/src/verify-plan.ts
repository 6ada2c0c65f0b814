import type { ClusterState, Market, Plan, Policy } from '@cloudoptim/core';
import { planIndex } from './plan-index.js';
import { withClaimsToCome } from './run/claims-to-come.js';
import { LentHalves } from './run/prepared-state.js';
import { finish, finishWithPauses, type Turns } from './turns.js';
import type { Refusal, Unknown, Verification } from './verification.js';
import { coverageUnknowns } from './verify/coverage.js';
import { deadlineRefusals } from './verify/deadlines.js';
import { launchRefusals } from './verify/launches.js';
import { karpenterRefusals, karpenterUnknowns } from './verify/left-to-karpenter.js';
import { moneyRefusals } from './verify/money.js';
import { obstacleRefusals } from './verify/obstacles.js';
import { policyRefusals } from './verify/policy.js';
import { redraw, replay } from './verify/replays.js';
import { removalRefusals, structureRefusals } from './verify/structure.js';

export interface VerifyOptions {
  /** Milliseconds since the epoch; for a snapshot, its `takenAtMs`. */
  readonly now: number;
  /** For ties of the scheduler and adversarial choices; the same seed gives the same answer. */
  readonly seed: number;
  /**
   * `if-it-decides`, for those who search, leaves out the replays against the plan where `policy.minRobustness` is zero or
   * another replay failed already: the refusals are the same, and robustness is unknown.
   */
  readonly robustness?: 'always' | 'if-it-decides';
  /**
   * Least number of draws of the scheduler's ties that must all end well; none where they can only end alike. Without it there are 12
   * to 60 in small clusters and 4 in large ones, where each takes a second, and one for each offering of a launch. More of them show
   * what happens more rarely.
   */
  readonly draws?: number;
}

/**
 * Whether a plan may be executed on a state, found from the state, the market and the policy alone and not from how the plan
 * was made: for every state that it reaches, with as many groups in flight as it allows, in any order that its dependencies
 * leave open, and with any action failing for good. The state is indexed once and kept: verifying more plans on it is cheaper.
 */
export function verifyPlan(
  state: ClusterState,
  market: Market | undefined,
  policy: Policy,
  plan: Plan,
  options: VerifyOptions,
): Verification {
  return finish(verification(state, market, policy, plan, options));
}

/**
 * The same for those who must not be held up: it waits for `pause` between turns. What that throws ends the verification
 * and is thrown. Indexing a state is one turn.
 */
export function verifyPlanInTurns(
  state: ClusterState,
  market: Market | undefined,
  policy: Policy,
  plan: Plan,
  options: VerifyOptions,
  pause: () => Promise<void>,
): Promise<Verification> {
  return finishWithPauses(verification(state, market, policy, plan, options), pause);
}

/**
 * What draws with another seed show of a plan that `verifyPlan` did not refuse with one: `draws` of them at least, and the replays against
 * the plan where `policy.minRobustness` asks for them. Nothing else is asked again, so this alone says nothing of a plan, and of one that
 * was refused it may throw. Where `checked.replays` is two at most, all draws end alike and there is nothing to draw. Waits for
 * `pause` between turns, as above.
 */
export function redrawPlanInTurns(
  state: ClusterState,
  market: Market | undefined,
  policy: Policy,
  plan: Plan,
  options: Required<Pick<VerifyOptions, 'seed' | 'draws'>>,
  pause: () => Promise<void>,
): Promise<readonly Refusal[]> {
  return finishWithPauses(redrawn(state, market, policy, plan, options), pause);
}

function* redrawn(
  snapshot: ClusterState,
  market: Market | undefined,
  policy: Policy,
  plan: Plan,
  { seed, draws }: Required<Pick<VerifyOptions, 'seed' | 'draws'>>,
): Turns<readonly Refusal[]> {
  mustBeCount(draws);
  const state = withClaimsToCome(snapshot, plan);
  yield;
  const halves = new LentHalves();
  const refusals = yield* redraw(state, plan, (planned) => halves.of(planned), { market, policy, seed, draws });
  halves.giveBack();
  return withoutRepetition(refusals);
}

function mustBeCount(draws: number): void {
  if (!(Number.isSafeInteger(draws) && draws >= 0))
    throw new RangeError(`options.draws is ${draws}; it must be a whole number, or be left out.`);
}

function* verification(
  snapshot: ClusterState,
  market: Market | undefined,
  policy: Policy,
  plan: Plan,
  { now, seed, robustness = 'always', draws = 0 }: VerifyOptions,
): Turns<Verification> {
  mustBeCount(draws);
  const state = withClaimsToCome(snapshot, plan);
  yield;
  // Kept for all that ask for it later: made here, it is a turn of its own.
  planIndex(plan, state);
  yield;
  const structure = structureRefusals(state, plan);
  // Nothing sensible can be said of a plan that names what is not there or that never ends.
  if (structure.length > 0) return answer(structure, [], nothingChecked(plan));
  yield;
  const index = planIndex(plan, state);
  const money = market === undefined ? [] : moneyRefusals(index, state, market);
  if (index.actions.length === 0) return answer(money, [], nothingChecked(plan));
  yield;
  const halves = new LentHalves();
  const prepared = halves.of(state);
  yield;
  const options = { market, policy, seed, robustness, draws };
  const replayed = yield* replay(state, plan, (planned) => halves.of(planned), options);
  yield;
  const refusals = [...removalRefusals(index, state), ...karpenterRefusals(index, state)];
  yield;
  refusals.push(...policyRefusals(index, state, market, policy, now), ...money);
  yield;
  if (market !== undefined) refusals.push(...launchRefusals(index, state, market));
  refusals.push(...(yield* obstacleRefusals(index, prepared, policy, now)));
  yield;
  refusals.push(...deadlineRefusals(index, prepared, policy), ...replayed.refusals);
  halves.giveBack();
  const unknowns = [...coverageUnknowns(index, state), ...karpenterUnknowns(index)];
  if (market === undefined) unknowns.push(noMarket);
  return { ...answer(refusals, unknowns, replayed.checked), ...robustnessOf(replayed) };
}

const noMarket: Unknown = {
  reason: { code: 'prices-unknown', message: 'Without prices the plan’s figures cannot be checked.' },
  remedy: 'cloudoptim verify --prices FILE',
};

function answer(
  refusals: readonly Refusal[],
  unknowns: readonly Unknown[],
  checked: Verification['checked'],
): Verification {
  const verdict = refusals.length > 0 ? 'refused' : unknowns.length > 0 ? 'conditional' : 'verified';
  return { verdict, refusals: withoutRepetition(refusals), unknowns, checked };
}

/** The same refusal met in several replays or by several rules is said once. */
function withoutRepetition(refusals: readonly Refusal[]): Refusal[] {
  const seen = new Set<string>();
  return refusals.filter(({ reason, subject, action }) => {
    const key = JSON.stringify([reason.code, subject, subject.kind === 'cluster' ? (action ?? reason.message) : '']);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function nothingChecked(plan: Plan): Verification['checked'] {
  return {
    groups: plan.groups.length,
    actions: plan.groups.reduce((sum, group) => sum + group.actions.length, 0),
    evictions: 0,
    replays: 0,
    placements: 0,
  };
}

function robustnessOf({ robustness }: Pick<Verification, 'robustness'>): Pick<Verification, 'robustness'> {
  return robustness === undefined ? {} : { robustness };
}
