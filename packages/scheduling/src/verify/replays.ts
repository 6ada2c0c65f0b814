import type { ClusterState, Market, Plan, Policy } from '@cloudoptim/core';
import type { PlacedAction } from '../plan-index.js';
import { randomNumbers, shuffled } from '../random.js';
import { type Choose, chooseAnyhow, chooseAsPlanned, chooseByScore } from '../run/choose.js';
import { PlanRun, type Problem, type RunOptions } from '../run/plan-run.js';
import type { Refusal, Unknown, Verification } from '../verification.js';
import { checkFacts } from './facts.js';
import { barePaths, randomOrder } from './orders.js';
import { outcomeRefusals } from './outcome.js';
import { refusePlan } from './refuse.js';

/** Draws of the scheduler's ties, each of which must end well. */
const scoringReplays = 3;
/** Choices and orders made against the plan; the share that ends well is its robustness. */
const adversarialReplays = 20;
/** Chance that a group fails on the way in an adversarial replay. */
const failureChance = 0.2;
/** Most groups carried out for states in which all but a group's ancestors failed: 300 groups in any order stay below it. */
const barePathLimit = 60_000;

interface ReplayResult extends Pick<Verification, 'robustness' | 'checked'> {
  readonly refusals: readonly Refusal[];
  readonly unknowns: readonly Unknown[];
}

/**
 * Carries the plan out on paper, one group after another, in the ways that can happen: as planned; each group with only its
 * ancestors done; with the scheduler's own scoring and several draws of its ties; and against the plan. All nodes that the
 * plan removes are cordoned first.
 */
export function replay(
  state: ClusterState,
  plan: Plan,
  market: Market | undefined,
  policy: Policy,
  seed: number,
): ReplayResult {
  const base = market === undefined ? {} : { market };
  let entry: PlacedAction | undefined;
  const run: PlanRun = new PlanRun(state, plan, {
    ...base,
    before(next) {
      entry = next;
      checkFacts(run, next, policy.freeze);
    },
    choose: chooseAsPlanned('leastAllocated', (node) => {
      if (entry === undefined) return;
      const name = run.placement.node(node)?.name ?? 'a node that is gone';
      run.report(
        entry,
        {
          code: 'expected-placement-infeasible',
          message: `The plan expects a pod on ${name}, which would not take it.`,
        },
        { kind: 'cluster' },
      );
    }),
  });
  const { index } = run;
  run.start();
  const start = run.mark();
  const order = index.order ?? [];
  const counts = { replays: 0, placements: 0 };
  const carryOut = (groups: readonly number[], options?: RunOptions) => {
    if (options !== undefined) run.options = options;
    for (const group of groups) run.group(group);
    counts.replays++;
    counts.placements += run.placement.podCount - state.pods.count;
  };

  carryOut(order);
  const problems = [...run.problems];
  const outcome = outcomeRefusals(run, policy);
  const { evictions } = run.state;
  const moves = run.placement.podCount > state.pods.count || run.state.pending.length > 0 || evictions > 0;
  run.rollback(start);

  const unknowns: Unknown[] = [];
  let robustness: number | undefined;
  if (moves) {
    problems.push(...alone(run, start, carryOut, unknowns));
    if (problems.length === 0) problems.push(...asScored(run, start, carryOut, seed));
    robustness = againstThePlan(run, start, counts, seed);
    if (robustness < policy.minRobustness)
      outcome.push(
        refusePlan(
          'not-robust',
          `Of ${adversarialReplays} replays against the plan a share of ${robustness} ends with every pod placed; policy.minRobustness asks for ${policy.minRobustness}.`,
          { robustness, minRobustness: policy.minRobustness },
        ),
      );
  }
  return {
    refusals: [...problems, ...outcome],
    unknowns,
    ...(robustness === undefined ? {} : { robustness }),
    checked: { groups: plan.groups.length, actions: index.actions.length, evictions, ...counts },
  };
}

type CarryOut = (groups: readonly number[], options?: RunOptions) => void;

/** Every group with only its ancestors done. */
function alone(run: PlanRun, start: ReturnType<PlanRun['mark']>, carryOut: CarryOut, unknowns: Unknown[]): Problem[] {
  const paths = barePaths(run.index);
  const problems: Problem[] = [];
  const options: RunOptions = { ...marketOf(run), choose: chooseAsPlanned('leastAllocated') };
  let groups = 0;
  for (const path of paths) {
    groups += path.length;
    if (groups > barePathLimit) {
      unknowns.push({
        reason: {
          code: 'too-many-orders',
          message: `Only some of the ${paths.length} states in which other groups have failed were looked at.`,
        },
        remedy: 'cloudoptim analyze   # with policy.maxDisruption.nodes set, for a shorter plan',
      });
      break;
    }
    carryOut(path, options);
    problems.push(...run.problems);
    run.rollback(start);
  }
  return problems;
}

/** The scheduler's scoring in force, with draws of its ties, orders of unordered groups, and each listed offering. */
function asScored(run: PlanRun, start: ReturnType<PlanRun['mark']>, carryOut: CarryOut, seed: number): Problem[] {
  const { index } = run;
  const offerings = Math.max(
    1,
    ...index.actions.map(({ action }) => (action.kind === 'launch-node' ? action.offerings.length : 1)),
  );
  const problems: Problem[] = [];
  for (let draw = 0; draw < Math.max(scoringReplays, offerings); draw++) {
    const random = randomNumbers(seed + draw);
    const order = draw === 0 ? (index.order ?? []) : randomOrder(index, random);
    carryOut(order, {
      ...marketOf(run),
      choose: byProfile(run, random, draw),
      offering: (count) => Math.min(draw, count - 1),
    });
    for (const problem of run.problems)
      problems.push(problem.reason.code === 'pod-without-a-place' ? notRobust(problem) : problem);
    run.rollback(start);
    if (problems.length > 0) break;
  }
  return problems;
}

/** The scoring of each pod's own profile, as the plan may have set it by then. A ratio's shape is unknown: both ends are tried. */
function byProfile(run: PlanRun, random: () => number, draw: number): Choose {
  const least = chooseByScore('LeastAllocated', random);
  const most = chooseByScore('MostAllocated', random);
  const { profiles } = run.placement.state.scheduler;
  return (view, facts, preferred) => {
    const name = facts.template.schedulerName ?? 'default-scheduler';
    const strategy =
      run.state.scoring.get(name) ?? profiles.find((profile) => profile.schedulerName === name)?.scoringStrategy;
    const packs = strategy === 'MostAllocated' || (strategy === 'RequestedToCapacityRatio' && draw % 2 === 1);
    return (packs ? most : least)(view, facts, preferred);
  };
}

function notRobust(problem: Problem): Problem {
  const message = `With the scheduler's own scoring, ${problem.reason.message} The plan is too tight for it.`;
  return { ...problem, reason: { code: 'not-robust', message } };
}

/** Any feasible node, any order, any offering, and groups that fail on the way: the share of replays with no pod left over. */
function againstThePlan(
  run: PlanRun,
  start: ReturnType<PlanRun['mark']>,
  counts: { replays: number; placements: number },
  seed: number,
): number {
  const { index, placement } = run;
  let whole = 0;
  for (let draw = 0; draw < adversarialReplays; draw++) {
    const random = randomNumbers(seed ^ (0x9e3779b9 + draw));
    run.options = {
      ...marketOf(run),
      choose: chooseAnyhow(random),
      offering: (count) => Math.floor(random() * count),
      order: (items) => shuffled(items, random),
    };
    const failed = new Set<number>();
    for (const group of randomOrder(index, random)) {
      // What depends on a group that failed never starts.
      if ([...(index.groupAncestors[group] ?? [])].some((ancestor) => failed.has(ancestor))) failed.add(group);
      else if (random() < failureChance) {
        failed.add(group);
        run.group(group, Math.floor(random() * (index.byGroup[group]?.length ?? 0)));
      } else run.group(group);
      if (run.state.pending.length > 0) break;
    }
    if (run.state.pending.length === 0) whole++;
    counts.replays++;
    counts.placements += placement.podCount - placement.state.pods.count;
    run.rollback(start);
  }
  return whole / adversarialReplays;
}

function marketOf(run: PlanRun): Pick<RunOptions, 'market'> {
  return run.options.market === undefined ? {} : { market: run.options.market };
}
