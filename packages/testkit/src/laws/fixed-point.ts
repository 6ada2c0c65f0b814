import {
  type Action,
  type ClusterState,
  createPriceBook,
  type Draft,
  type Market,
  sealPlan,
  sumUsd,
} from '@cloudoptim/core';
import { applyPlan, verifyPlan } from '@cloudoptim/scheduling';
import { ask, errorText, reworded } from './ask.js';
import type { Answer, BehaviourLaw, Question } from './law.js';
import { marketAfter } from './market-after.js';
import { asOneWith, isOnOneOf, launchesOf } from './one-plan-of-two.js';
import { removedNode } from './plan-effects.js';

/**
 * Asked about the state that its plan leads to, the engine proposes nothing more that it could have proposed at once. Where
 * budgets or limits held it back it may go on, and so it may where both together would be refused as one plan (a plan cordons
 * all its nodes first, so pods that moved in the first step cannot be counted on in the second). But repetition ends, the bill
 * falls with every plan that changes nodes, and no state comes back: or a host that follows it would move pods for ever.
 */
export const reachesFixedPoint: BehaviourLaw = async (question, { answer: first }) => {
  let answer = first;
  let state = question.request.cluster;
  let { market } = question.request;
  const seen = new Set([keyOf(state, question.request.memory)]);
  const most = state.nodes.length + state.workloads.length + 3;
  for (let round = 1; answer.response.plan.groups.length > 0; round++) {
    if (round > most) return `it still proposes something after ${most} plans, one applied after the other`;
    const next = applyPlan(state, answer.response.plan, { market });
    if (changesNodes(answer, state)) {
      const [before, after] = [billOf(state, market), billOf(next, market)];
      if (after >= before && !releasesUnpriced(answer, state)) {
        return `plan ${round} changes nodes and the bill goes from ${before} to ${after} USD per hour`;
      }
    }
    const { memory } = answer.response;
    // What the plan launched is no longer to be had, or the next would make up for the launch that the supply forbade.
    market = marketAfter(market, answer.response.plan);
    const key = keyOf(next, memory);
    if (seen.has(key)) return `after plan ${round} the cluster is as it was before`;
    seen.add(key);
    const asked = await ask(reworded(question, { cluster: next, market, ...(memory !== undefined && { memory }) }));
    if (asked.answer === undefined)
      return `asked about the state after plan ${round}, it throws ${errorText(asked.error)}`;
    const previous = answer;
    answer = asked.answer;
    const [more] = answer.response.plan.groups;
    if (
      more !== undefined &&
      isUnlimited(question, state, first) &&
      (await wouldBeOnePlan(question, state, previous, answer))
    ) {
      const what = more.actions.map((action) => `${action.kind}${nameOf(next, action)}`).join(', ');
      return `nothing limited the plan, and after it the engine proposes more: ${what}`;
    }
    state = next;
  }
  return undefined;
};

/** Whether nothing may rightly have kept a part of the plan for later: no budget, no limit, no pod still to settle. */
function isUnlimited({ policy }: Question, state: ClusterState, { response }: Answer): boolean {
  const { maxDisruption, minSavings } = policy;
  return (
    !response.plan.truncated &&
    maxDisruption.evictions === null &&
    maxDisruption.nodes === null &&
    minSavings.usdPerHour === 0 &&
    minSavings.usdPerHourPerEviction === 0 &&
    policy.disruptionBudgets.length === 0 &&
    state.podDisruptionBudgets.length === 0 &&
    state.nodeGroups.length === 0 &&
    state.pods.node.every((node) => node >= 0) &&
    Object.values(state.pods.extra).every((extra) => extra.ready !== false && extra.deletionAtMs === undefined) &&
    state.nodePools.every(
      ({ budgets }) => budgets?.every(({ nodes, schedule }) => nodes === '100%' && schedule === undefined) === true,
    )
  );
}

/** Whether the second plan's groups could have stood in the first: sealed together, they are not refused. */
async function wouldBeOnePlan(
  { engine, request, policy, now, seed }: Question,
  cluster: ClusterState,
  first: Answer,
  second: Answer,
) {
  const launched = launchesOf(first.response.plan);
  // To replace what the first plan launched is to walk down the ladder.
  if (second.response.plan.groups.some(({ actions }) => actions.some((action) => isOnOneOf(action, launched))))
    return true;
  const both = [first.response.plan.groups, asOneWith(launched, second.response.plan.groups)].flat();
  const groups = both.map(({ actions }) => ({ actions: actions.map(draftOf) }));
  const decision = { groups, rejections: [] };
  const { options, market } = { options: undefined, ...request };
  const plan = await sealPlan({
    ...{ engine, decision, context: { now, seed } },
    request: { contractVersion: 'v1', policy, options, cluster, market },
  });
  return verifyPlan(cluster, market, policy, plan, { now, seed }).verdict !== 'refused';
}

function draftOf({
  id: _id,
  dependsOn: _after,
  expect: _facts,
  deadlineSeconds: _d,
  onFailure: _f,
  undo: _u,
  ...draft
}: Action): Draft {
  return draft as Draft;
}

function changesNodes({ response }: Answer, state: ClusterState): boolean {
  return response.plan.groups.some((group) =>
    group.actions.some((action) => action.kind === 'launch-node' || removedNode(state, action) !== undefined),
  );
}

/** Taking away a node of unknown price lowers a bill that nobody can state. */
function releasesUnpriced({ response, inputs }: Answer, state: ClusterState): boolean {
  const prices = createPriceBook(inputs.market);
  return response.plan.groups.some((group) =>
    group.actions.some((action) => {
      const node = state.nodes[removedNode(state, action) ?? -1];
      return node !== undefined && prices.nodeUsdPerHour(node) === undefined;
    }),
  );
}

function billOf(state: ClusterState, market: Market): number {
  const prices = createPriceBook(market);
  return sumUsd(state.nodes.map((node) => prices.nodeUsdPerHour(node) ?? 0));
}

function keyOf(
  { nodes, pods, podTemplates, workloads, horizontalPodAutoscalers }: ClusterState,
  memory: unknown,
): string {
  return JSON.stringify([
    nodes,
    pods.node,
    pods.template,
    pods.name,
    podTemplates,
    workloads,
    horizontalPodAutoscalers,
    memory,
  ]);
}

function nameOf(state: ClusterState, action: Answer['response']['plan']['groups'][number]['actions'][number]): string {
  if ('workload' in action) return ` ${action.workload.namespace}/${action.workload.name}`;
  if (!('node' in action)) return '';
  const { node } = action;
  return 'uid' in node ? ` ${state.nodes.find(({ uid }) => uid === node.uid)?.name ?? node.uid}` : ` ${node.launch}`;
}
