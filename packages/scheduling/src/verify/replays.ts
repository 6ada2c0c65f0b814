import type { ClusterState, Market, Plan, Policy } from '@cloudoptim/core';
import type { PlacedAction } from '../plan-index.js';
import { drawOf } from '../random.js';
import { bindWaiting } from '../run/bind-waiting.js';
import { carryOut } from '../run/carry-out.js';
import { type Choose, chooseAsPlanned } from '../run/choose.js';
import { PlanRun, type Problem, type RunOptions } from '../run/plan-run.js';
import { preemptorsOf } from '../run/preemption.js';
import type { PreparedState } from '../run/prepared-state.js';
import { type Step, stepsOf } from '../run/steps.js';
import type { TwoHalves } from '../run/two-halves.js';
import { waitingPods } from '../run/waiting-pods.js';
import type { Turns } from '../turns.js';
import type { Refusal, Verification } from '../verification.js';
import type { VerifyOptions } from '../verify-plan.js';
import { anyOrderProblems, type WorstCases, worstCases } from './any-order/any-order.js';
import { endIsCertain } from './any-order/certain-end.js';
import { expectationsAtFault, isWithoutPlace } from './expectations-at-fault.js';
import { checkFacts } from './facts.js';
import { outcomeRefusals } from './outcome.js';
import { type LeftOut, leftOut, pendingPlaces, reportLeftOut } from './pending-pods.js';
import { refusePlan } from './refuse.js';

/** Draws of the scheduler's ties, each of which must end well. */
const scoringReplays = 4;
/** Draws where the whole profile is scored: which order a drain's evictions come in decides more there than ties do. */
const wholeProfileReplays = 12;
/** Nodes looked at in all replays by the whole profile, at most: some 1.5 µs each. */
const mostScored = 200_000;
/** Small plans are drawn more often, while that is no more to look at: what one draw in twenty shows is overlooked by twelve. */
const manyReplays = 60;
const quicklyScored = 50_000;
/** Choices and orders made against the plan; the share that ends well is its robustness. */
const adversarialReplays = 20;
/** Chance that a group fails on the way in an adversarial replay. */
const failureChance = 0.2;

type Prepare = (planned: ClusterState) => PreparedState<TwoHalves>;

interface ReplayOptions extends Required<Pick<VerifyOptions, 'seed' | 'robustness' | 'draws'>> {
  readonly market: Market | undefined;
  readonly policy: Policy;
}

interface ReplayResult extends Pick<Verification, 'robustness' | 'checked'> {
  readonly refusals: readonly Refusal[];
}

/**
 * Carries the plan out on paper in the ways that can happen: as planned; in every order and with every failure (by argument,
 * see `any-order`); with the scheduler's own scoring and several draws of its ties; and against the plan. Draws are left out
 * where they can only end alike (see `certain-end`). All nodes that the plan removes are cordoned first.
 */
export function* replay(
  state: ClusterState,
  plan: Plan,
  prepare: Prepare,
  { market, policy, seed, robustness: wanted, draws }: ReplayOptions,
): Turns<ReplayResult> {
  const replays = new Replays(state, plan, prepare, market);
  const { run, steps } = replays;
  const { index, placement } = run;
  yield;
  const start = run.mark();
  yield* replays.asPlanned(policy.freeze);
  let problems = [...run.problems];
  const outcome = outcomeRefusals(run, policy);
  const { evictions } = run;
  const moves = placement.podCount > placement.state.pods.count || run.state.pending.length > 0 || evictions > 0;
  run.rollback(start);

  let robustness: number | undefined;
  if (moves) {
    yield;
    // The plan's own order first, so that what fails even there is not blamed on another one.
    if (problems.length === 0) problems = yield* replays.asScored(0, seed);
    else if (problems.some(isWithoutPlace)) {
      const asScored = yield* replays.asScored(0, seed);
      if (!asScored.some(({ reason }) => reason.code === 'not-robust')) problems = expectationsAtFault(problems);
    }
    const worst = problems.length === 0 ? yield* worstCases(run, steps, replays.inFlight) : undefined;
    if (worst !== undefined && endIsCertain(run, steps, worst)) robustness = 1;
    else {
      if (worst !== undefined) problems.push(...(yield* replays.inAnyOrder(worst, policy.freeze)));
      if (problems.length === 0) problems.push(...(yield* replays.drawn(draws, seed)));
      const decides = problems.length === 0 && policy.minRobustness > 0;
      if (decides || wanted === 'always') robustness = yield* replays.againstThePlan(seed);
    }
    outcome.push(...tooFragile(robustness, policy));
  }
  replays.end();
  return {
    refusals: [...problems, ...outcome],
    ...(robustness === undefined ? {} : { robustness }),
    checked: {
      groups: plan.groups.length,
      actions: index.actions.length,
      evictions,
      replays: replays.count,
      placements: replays.placements,
    },
  };
}

/** What depends on the seed, and nothing else: for a plan that holds with another one. */
export function* redraw(
  state: ClusterState,
  plan: Plan,
  prepare: Prepare,
  { market, policy, seed, draws }: Omit<ReplayOptions, 'robustness'>,
): Turns<readonly Refusal[]> {
  const replays = new Replays(state, plan, prepare, market);
  yield;
  const problems: Refusal[] = yield* replays.drawn(draws, seed);
  if (problems.length === 0 && policy.minRobustness > 0)
    problems.push(...tooFragile(yield* replays.againstThePlan(seed), policy));
  replays.end();
  return problems;
}

function tooFragile(robustness: number | undefined, { minRobustness }: Policy): Refusal[] {
  if (robustness === undefined || robustness >= minRobustness) return [];
  const message = `Of ${adversarialReplays} replays against the plan a share of ${robustness} ends with every pod placed; policy.minRobustness asks for ${minRobustness}.`;
  return [refusePlan('not-robust', message, { robustness, minRobustness })];
}

/** Replays of one plan, each from the start, with counts of them. */
class Replays {
  count = 0;
  placements = 0;
  readonly run: PlanRun<TwoHalves>;
  readonly steps: readonly (readonly Step[])[];
  readonly inFlight: number;
  readonly #base: Pick<RunOptions, 'market'>;
  readonly #offerings: number;
  readonly #leftOut: readonly LeftOut[];
  /** Draws of the scheduler's scoring by the whole profile; 0 where cluster or plan are too large for that. */
  readonly #whole: number;
  /** Sets what the placement and the budgets were lent for back to what they were. */
  readonly end: () => void;

  constructor(state: ClusterState, plan: Plan, prepare: Prepare, market: Market | undefined) {
    const base = market === undefined ? {} : { market };
    const run = new PlanRun(state, plan, prepare, (placement) => ({ ...base, choose: byRule(placement) }));
    const { placement, budgets, index } = run;
    const [found, foundBudgets] = [placement.mark(), budgets.mark()];
    this.end = () => {
      placement.rollback(found);
      budgets.rollback(foundBudgets);
    };
    run.waiting = waitingPods(run);
    run.preemptors = preemptorsOf(placement, run.waiting);
    const places = pendingPlaces(run);
    run.start();
    this.#leftOut = leftOut(run, places);
    this.run = run;
    this.#base = base;
    this.steps = stepsOf(run);
    this.inFlight = Math.max(1, plan.maxGroupsInFlight);
    this.#offerings = Math.max(
      1,
      ...index.actions.map(({ action }) => (action.kind === 'launch-node' ? action.offerings.length : 1)),
    );
    this.#whole = wholeProfileDraws(
      this.steps.reduce((sum, own) => sum + own.length, run.waiting.length),
      placement.nodeCount,
    );
  }

  /**
   * In the plan's own order, each pod where the plan expects it if that takes it, else as the scheduler would choose; reports what the
   * plan says and is not so.
   */
  *asPlanned(freeze: boolean): Turns<void> {
    const run = this.run;
    const { placement } = run;
    let entry: PlacedAction | undefined;
    run.options = {
      ...this.#base,
      before(next) {
        entry = next;
        checkFacts(run, next, freeze);
      },
      choose: chooseAsPlanned(placement, this.#byProfile(0), (node) => {
        const name = placement.node(node)?.name ?? 'a node that is gone';
        const message = `The plan expects a pod on ${name}, which would not take it.`;
        if (entry !== undefined)
          run.report(entry, { code: 'expected-placement-infeasible', message }, { kind: 'cluster' });
      }),
    };
    for (const group of run.index.order ?? []) {
      run.group(group);
      yield;
    }
    this.#untilRest();
    reportLeftOut(run, this.#leftOut);
    this.#counted();
  }

  /** By argument, and where that does not tell by going through the states with the scoring in force, once an offering. */
  *inAnyOrder(worst: WorstCases, freeze: boolean): Turns<Problem[]> {
    const run = this.run;
    const rules = Array.from(
      { length: this.#offerings },
      (_, draw): RunOptions => ({
        ...this.#base,
        choose: this.#byProfile(draw),
        offering: (count) => Math.min(draw, count - 1),
        before: (entry) => checkFacts(run, entry, freeze),
      }),
    );
    return yield* anyOrderProblems(run, this.steps, this.inFlight, rules, worst);
  }

  /**
   * Draws of the scheduler's ties until one does not end well: enough for several, for each listed offering, and as many as are asked
   * for.
   */
  *drawn(least: number, seed: number): Turns<Problem[]> {
    const draws = Math.max(least, this.#whole > 0 ? this.#whole : scoringReplays, this.#offerings);
    for (let draw = 1; draw < draws; draw++) {
      const problems = yield* this.asScored(draw, seed);
      if (problems.length > 0) return problems;
    }
    return [];
  }

  /** The scheduler's scoring in force: first in the plan's own order and without draws, then ties and orders drawn. */
  *asScored(draw: number, seed: number): Turns<Problem[]> {
    const run = this.run;
    const start = run.mark();
    const random = draw === 0 ? undefined : drawOf(seed, draw);
    run.options = {
      ...this.#base,
      choose: this.#byProfile(draw, random),
      offering: (count) => Math.min(draw, count - 1),
      ...(random === undefined ? {} : this.#queue(random)),
    };
    // A drain asks for all its evictions at once, and which pod goes first is nobody's to say.
    yield* carryOut(run, this.steps, {
      inFlight: this.inFlight,
      ...(random === undefined ? {} : { random, shuffleDrains: true }),
    });
    this.#untilRest();
    reportLeftOut(run, this.#leftOut);
    const problems = run.problems.map((problem) => (isWithoutPlace(problem) ? notRobust(problem) : problem));
    this.#counted();
    run.rollback(start);
    return problems;
  }

  /** Who waits is asked again some day, may find a place that is left, and may preempt what came in its place. */
  #untilRest(): void {
    const { index, options, preemptors } = this.run;
    const entry = index.actions[index.actions.length - 1];
    const decides = this.#leftOut.length > 0 || (options.late !== undefined && preemptors.size > 0);
    if (entry === undefined || !decides) return;
    this.run.options = { ...options, late: () => false };
    bindWaiting(this.run, { made: 'room', entry, untilRest: true });
  }

  /** Any feasible node, any order, any offering, and groups that fail on the way: the share of replays with no pod left over. */
  *againstThePlan(seed: number): Turns<number> {
    const run = this.run;
    const start = run.mark();
    let whole = 0;
    for (let draw = 0; draw < adversarialReplays; draw++) {
      const random = drawOf(~seed, draw);
      run.options = {
        ...this.#base,
        choose: (pod) => run.placement.chooseAnyhow(pod, random),
        offering: (count) => Math.floor(random() * count),
        ...this.#queue(random),
      };
      yield* carryOut(run, this.steps, {
        inFlight: this.inFlight,
        random,
        failureChance,
        shuffleDrains: true,
        untilPending: true,
      });
      if (run.state.pending.length === 0) whole++;
      this.#counted();
      run.rollback(start);
    }
    return whole / adversarialReplays;
  }

  /** In which order pods that wait are asked, beside others. */
  #queue(random: () => number): Pick<RunOptions, 'late' | 'daemonSetsQueue'> {
    return this.run.waiting.length === 0 ? {} : { late: lateness(random), daemonSetsQueue: () => random() < 0.5 };
  }

  #counted(): void {
    const { placement } = this.run;
    this.count++;
    this.placements += placement.podCount - placement.state.pods.count;
  }

  /**
   * The scoring of each pod's own profile, as the plan may have set it by then: ties drawn, or without a stream the lowest
   * index. A ratio's shape is unknown, so both ends are tried. All score plugins count where that is quick enough; in large
   * clusters it is the room alone, as if pods were spread by it.
   */
  #byProfile(draw: number, random?: () => number): Choose {
    const { placement } = this.run;
    const { profiles } = placement.state.scheduler;
    return (pod) => {
      const { schedulerName: name = 'default-scheduler' } = placement.facts(pod).template;
      // The state of the run is looked at each time: a plan may set the scoring on its way.
      const strategy =
        this.run.state.scoring.get(name) ?? profiles.find((profile) => profile.schedulerName === name)?.scoringStrategy;
      const packs = strategy === 'MostAllocated' || (strategy === 'RequestedToCapacityRatio' && draw % 2 === 1);
      if (this.#whole > 0) return placement.chooseByProfile(pod, packs ? 'MostAllocated' : 'LeastAllocated', random);
      if (random === undefined) return placement.choose(pod, packs ? 'mostAllocated' : 'leastAllocated');
      return placement.chooseByScore(pod, packs ? 'MostAllocated' : 'LeastAllocated', random);
    };
  }
}

/** How often a plan of so many pods is drawn with all plugins scored, in a time that nobody minds; 0 where that takes too long. */
function wholeProfileDraws(pods: number, nodes: number): number {
  const looks = Math.max(1, pods * nodes);
  if (looks * wholeProfileReplays > mostScored) return 0;
  return Math.max(wholeProfileReplays, Math.min(manyReplays, Math.floor(quicklyScored / looks)));
}

/** How often pods that wait miss a chance in one replay: never, always, or in between. */
function lateness(random: () => number): () => boolean {
  const share = 1.5 * random() - 0.25;
  return () => random() < share;
}

function byRule(placement: TwoHalves): Choose {
  return (pod) => placement.choose(pod, 'leastAllocated');
}

function notRobust(problem: Problem): Problem {
  const message = `With the scheduler's own scoring, ${problem.reason.message} The plan is too tight for it.`;
  return { ...problem, reason: { code: 'not-robust', message } };
}
