import type { ClusterState, DrainedPods, Intent, Plan, PodDisruptionBudget } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { budgetSelects, budgetStatus } from '../src/budget-status.js';
import { createPlacement } from '../src/index.js';
import { randomNumbers } from '../src/random.js';
import { carryOut } from '../src/run/carry-out.js';
import { stepsOf } from '../src/run/steps.js';
import { finish } from '../src/turns.js';
import { worstCases } from '../src/verify/any-order/any-order.js';
import { endIsCertain } from '../src/verify/any-order/certain-end.js';
import { atRest, clusters } from './support/clusters.js';
import { enumerate } from './support/enumerate.js';
import { codesOf, launchOf, planOf, policy, removalOf, verify } from './support/plan.js';
import { runOf } from './support/run.js';

/** Nobody's wishes stand in the way: what is left to judge is whether pods find their places and limits are kept. */
const allowed = policy({
  disruptionBudgets: [],
  maxGroupsInFlight: 3,
  pins: { barePods: false, jobs: false, hostPath: false, emptyDir: false, singleReplica: false },
});
/** Refusals that say that something goes wrong on the way, in some order. */
const onTheWay = new Set([
  'pod-without-a-place',
  'not-robust',
  'pod-disruption-budget',
  'last-CNI-or-DNS-replica',
  'quota-refuses-successor',
  'node-not-drained',
]);
const mostStates = 4_000;

const plans = fc.record({
  inFlight: fc.integer({ min: 1, max: 3 }),
  drains: fc.array(
    fc.record({
      node: fc.nat({ max: 5 }),
      /** A launch in the same group, in a group of its own that the drain waits for, or that it does not wait for. */
      launch: fc.constantFrom('none', 'none', 'none', 'first', 'awaited', 'beside'),
      after: fc.array(fc.nat({ max: 5 }), { maxLength: 1 }),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  /** A budget, DNS labels and a quota, each in some cases. */
  budget: fc.option(fc.constantFrom('web', 'api', 'db'), { nil: undefined }),
  minAvailable: fc.integer({ min: 0, max: 2 }),
  dns: fc.option(fc.constantFrom('web', 'api', 'db'), { nil: undefined }),
  /** Workloads (by index) whose next pods are larger and labelled otherwise. */
  upgraded: fc.subarray([0, 1, 2]),
  quota: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
});
type Drawn = typeof plans extends fc.Arbitrary<infer T> ? T : never;

function withLimits(drawnCluster: ClusterState, drawn: Drawn): ClusterState {
  // The enumeration knows no pods that wait for a node; what they take is waiting-pods.test.ts's to show.
  const cluster = atRest(drawnCluster);
  const templates = cluster.podTemplates.map((template) =>
    drawn.dns !== undefined && template.labels.app === drawn.dns
      ? { ...template, labels: { ...template.labels, 'k8s-app': 'kube-dns' } }
      : template,
  );
  // An upgraded DNS pod is one still: whoever takes over from it is known by its workload.
  const larger = drawn.upgraded.flatMap((workload): ClusterState['podTemplates'] => {
    const template = templates[workload];
    if (template === undefined) return [];
    const needs = { ...template.needs, cpuMillicores: template.needs.cpuMillicores + 300 };
    return [{ ...template, labels: { ...template.labels, app: 'api' }, needs }];
  });
  const podTemplates = [...templates, ...larger];
  const state: ClusterState = {
    ...cluster,
    podTemplates,
    workloads: cluster.workloads.map((workload, index) => {
      const upgrade = drawn.upgraded.indexOf(index);
      return upgrade === -1 ? workload : { ...workload, successorTemplate: cluster.podTemplates.length + upgrade };
    }),
    nodePools: [{ name: 'default', budgets: [{ nodes: '100%' }] }],
    resourceQuotas: drawn.quota === undefined ? [] : [quotaOf(cluster, drawn.quota)],
  };
  return drawn.budget === undefined ? state : { ...state, podDisruptionBudgets: [budgetOf(state, drawn)] };
}

function quotaOf(state: ClusterState, spare: number): ClusterState['resourceQuotas'][number] {
  let used = 0;
  for (let pod = 0; pod < state.pods.count; pod++) {
    const template = state.podTemplates[state.pods.template[pod] as number];
    const counts = (state.pods.node[pod] as number) >= 0 && state.pods.extra[pod]?.phase === undefined;
    if (counts && template?.namespace === 'default') used += template.needs.cpuMillicores;
  }
  return { namespace: 'default', name: 'q', hard: { 'requests.cpu': used + spare }, used: { 'requests.cpu': used } };
}

function budgetOf(state: ClusterState, { budget, minAvailable }: Drawn): PodDisruptionBudget {
  const own: PodDisruptionBudget = {
    namespace: 'default',
    name: 'one',
    selector: { matchLabels: { app: budget ?? '' } },
    minAvailable,
  };
  const placement = createPlacement(state);
  const pods = state.pods.node.flatMap((_, pod) => (budgetSelects(own, placement, pod) ? [pod] : []));
  const status = budgetStatus(own, pods, placement, state.takenAtMs);
  return status === undefined ? own : { ...own, status };
}

function planFrom(state: ClusterState, { drains, inFlight }: Drawn) {
  const placement = createPlacement(state);
  const groups: Intent[][] = [];
  const after: number[][] = [];
  const drainAt: number[] = [];
  const gone = new Set<number>();
  for (const [at, { node: wanted, launch, after: wishes }] of drains.entries()) {
    const index = wanted % state.nodes.length;
    const node = state.nodes[index];
    if (node === undefined || gone.has(index)) continue;
    gone.add(index);
    const own = launch === 'none' ? [] : [launchOf(`new-${at}`)];
    const waits = wishes.flatMap((wish) => (wish < drainAt.length ? [drainAt[wish] as number] : []));
    if (launch === 'awaited' || launch === 'beside') {
      groups.push(own);
      after.push([]);
      if (launch === 'awaited') waits.push(groups.length - 1);
    }
    groups.push([...(launch === 'first' ? own : []), ...removalOf(node, podsOn(placement, index))]);
    after.push(waits);
    drainAt.push(groups.length - 1);
  }
  return planOf(state, groups, { after, change: { maxGroupsInFlight: inFlight } });
}

function podsOn(placement: ReturnType<typeof createPlacement>, node: number): DrainedPods[] {
  const counts = new Map<number, number>();
  for (const pod of placement.podsOn(node))
    if (placement.extraOf(pod).deletionAtMs === undefined)
      counts.set(placement.templateOf(pod), (counts.get(placement.templateOf(pod)) ?? 0) + 1);
  return [...counts].map(([template, count]) => ({ template, count, expected: [] }));
}

describe('a plan whose groups come in any order', () => {
  it('is refused whenever some state that it can reach is broken', () => {
    const seen = { cases: 0, broken: 0, verified: 0, refusedOnTheWay: 0, unconfirmed: 0, tooMany: 0 };
    const how: Record<string, number> = {};
    fc.assert(
      fc.property(clusters, plans, (cluster, drawn) => {
        const state = withLimits(cluster, drawn);
        const plan = planFrom(state, drawn);
        const verification = verify(state, plan, allowed);
        const codes = codesOf(verification);
        const { broken, complete } = enumerate(state, plan, mostStates, 'profile');
        seen.cases++;
        if (broken !== undefined) how[broken] = (how[broken] ?? 0) + 1;
        if (!complete) seen.tooMany++;
        if (verification.verdict === 'verified') seen.verified++;
        if (broken !== undefined) seen.broken++;
        if (broken !== undefined && verification.verdict !== 'refused')
          throw new Error(`enumeration finds ${broken}, the plan is ${verification.verdict}`);
        if (codes.length === 0 || !codes.every((code) => onTheWay.has(code))) return;
        seen.refusedOnTheWay++;
        if (complete && broken === undefined) seen.unconfirmed++;
      }),
      lawParameters(),
    );
    process.stderr.write(`any order: ${JSON.stringify(seen)}, broken by ${JSON.stringify(how)}\n`);
    if (seen.broken === 0 || seen.verified === 0) throw new Error('the law has looked at nothing');
  });

  it('is sound by argument alone, wherever the scheduler puts the pods', () => {
    const seen = { cases: 0, shown: 0, unbroken: 0 };
    fc.assert(
      fc.property(clusters, plans, (cluster, drawn) => {
        const state = withLimits(cluster, drawn);
        const plan = planFrom(state, drawn);
        if (plan.groups.length < 2) return;
        const found = (['profile', 'leastAllocated', 'mostAllocated', 'firstFeasible'] as const).map(
          (rule) => enumerate(state, plan, mostStates, rule).broken,
        );
        seen.cases++;
        const broken = found.find((problem) => problem !== undefined);
        if (broken === undefined) seen.unbroken++;
        if (!shownByArgument(state, plan)) return;
        seen.shown++;
        if (broken !== undefined) throw new Error(`enumeration finds ${broken}, the argument shows that nothing can`);
      }),
      lawParameters(),
    );
    process.stderr.write(`any order, by argument: ${JSON.stringify(seen)}\n`);
    if (seen.shown === 0) throw new Error('the law has looked at nothing');
  });

  it('needs no replay where its end is certain: each one ends with all pods placed and no limit met', () => {
    const seen = { cases: 0, certain: 0 };
    fc.assert(
      fc.property(clusters, plans, fc.nat(), (cluster, drawn, seed) => {
        const state = withLimits(cluster, drawn);
        const plan = planFrom(state, drawn);
        seen.cases++;
        if (replaysOfCertain(state, plan, seed)) seen.certain++;
      }),
      lawParameters(),
    );
    process.stderr.write(`any order, without replays: ${JSON.stringify(seen)}\n`);
    if (seen.certain === 0) throw new Error('the law has looked at nothing');
  });
});

const replaysEach = 12;

/** Replays a plan whose end is certain, as draws may have it; false for any other plan. */
function replaysOfCertain(state: ClusterState, plan: Plan, seed: number): boolean {
  const run = runOf(state, plan);
  const { placement } = run;
  const found = run.mark();
  run.start();
  const steps = stepsOf(run);
  const start = run.mark();
  // What the plan's own order meets is found before the question is asked.
  finish(carryOut(run, steps, { inFlight: 1 }));
  const sound = run.problems.length === 0;
  run.rollback(start);
  const certain = sound && endIsCertain(run, steps, finish(worstCases(run, steps, plan.maxGroupsInFlight)));
  for (let draw = 0; certain && draw < replaysEach; draw++) {
    const random = randomNumbers(seed + draw);
    const fails = draw % 3 === 0;
    run.options = {
      choose: (pod) =>
        draw % 2 === 0 ? placement.chooseAnyhow(pod, random) : placement.chooseByScore(pod, 'MostAllocated', random),
      offering: (count) => Math.floor(random() * count),
    };
    const inFlight = Math.max(1, plan.maxGroupsInFlight);
    finish(carryOut(run, steps, { inFlight, random, shuffleDrains: true, ...(fails ? { failureChance: 0.3 } : {}) }));
    // A group that failed keeps its budgets and quota; its pods, and those of others, have places all the same.
    const problems = fails ? run.state.pending : run.problems;
    if (problems.length > 0) throw new Error(`draw ${draw} ends otherwise: ${JSON.stringify(problems[0])}`);
    run.rollback(start);
  }
  run.rollback(found);
  return certain;
}

/** Whether the worst cases alone show that no state is broken, without going through any. */
function shownByArgument(state: ClusterState, plan: Plan): boolean {
  const run = runOf(state, plan);
  const before = run.mark();
  run.start();
  const steps = stepsOf(run);
  const { problems, doubtful } = finish(worstCases(run, steps, plan.maxGroupsInFlight));
  // Limits that a group exceeds by itself are the replays' to find; a pod without a place would be the argument's fault.
  finish(carryOut(run, steps, { inFlight: 1 }));
  const byItself = run.problems.filter(({ reason }) => reason.code !== 'pod-without-a-place');
  run.rollback(before);
  return problems.length === 0 && doubtful === undefined && byItself.length === 0;
}
