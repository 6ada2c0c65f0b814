import {
  type ActionGroup,
  type DecisionContext,
  type DecisionRequest,
  type DraftGroup,
  type Plan,
  sealPlan,
} from '@cloudoptim/core';
import { type Refusal, redrawPlanInTurns, verifyPlanInTurns } from '@cloudoptim/scheduling';
import { mayHoldInAnyOrder } from './any-order.js';
import type { Step } from './changes.js';
import { podName } from './drain-what-if.js';
import { draftGroups } from './groups.js';
import { loosened } from './loosen.js';
import type { Model } from './model.js';
import type { BinpackOptions } from './options.js';
import { type Evictions, phasesOf, stepOf } from './phases.js';
import { removedBy } from './search.js';
import { leftOut, type Settled, settle } from './settle.js';

/** What a plan is sealed for: the engine and the question. */
export interface Question {
  readonly engine: { readonly id: string; readonly version: string; readonly considers: readonly ['nodes'] };
  readonly request: DecisionRequest<BinpackOptions, 'cluster' | 'market'>;
  readonly context: DecisionContext;
  /** What the verifier said of plans so far, by groups: ways of settling often end at the same plan. */
  readonly answers: Map<string, Answer>;
  /** Least number of draws that a plan must hold in. */
  readonly draws?: number;
  /** How many proofs had a number of draws asked for: each has draws of its own. */
  readonly count: { drawn: number };
}

interface Answer {
  readonly plan: Plan;
  readonly refusals: readonly Refusal[];
  /** Whether it was shown that the plan ends alike whatever is drawn. */
  readonly isCertain: boolean;
  /** By number of draws, what those showed that were asked for beside. */
  readonly drawn: Map<number, readonly Refusal[]>;
}

/**
 * Keeps of settled steps what the verifier does not refuse. It lets the scheduler choose, by its scoring and its ties, so a
 * step that holds only when pods land where we wish is dropped here. Groups that hold in any order are free; else each waits
 * for the one before, and stays so: what was not free with all steps hardly is with some. What is not robust is carried out in the
 * next of the ways to evict first. From there each round loosens or drops at least one step, so this ends.
 */
export async function prove(
  model: Model,
  question: Question,
  settled: Settled,
  ways: readonly Evictions[] = ['by-drains', 'hardest-first'],
): Promise<Settled> {
  let proven: Settled = { ...settled, inOrder: settled.inOrder || !mayHoldInAnyOrder(model, settled) };
  const dropped = new Map(settled.dropped);
  const again = async (steps: readonly Step[], evictions: Evictions) => {
    proven = { ...(await settle(model, steps, { ...proven.style, evictions })), inOrder: true };
    for (const [node, reason] of proven.dropped) dropped.set(node, reason);
  };
  const at = ways.indexOf(settled.style.evictions);
  let next = at === -1 ? ways.length : at + 1;
  while (proven.steps.length > 0) {
    const { steps, inOrder, style } = proven;
    const { ofSteps, ofNone } = await refusedSteps(model, question, proven, draftGroups(model, proven, inOrder));
    if (ofSteps.size === 0 && ofNone.length === 0) break;
    if (!inOrder) {
      proven = { ...proven, inOrder: true };
      continue;
    }
    const evictions = ways[next];
    if (evictions !== undefined && [...ofSteps.values()].some(({ reason }) => reason.code === 'not-robust')) {
      next++;
      await again(steps, evictions);
      continue;
    }
    const kept = steps.flatMap((step) => {
      const refusal = ofSteps.get(step);
      if (refusal === undefined) return [step];
      const { reason } = refusal;
      const looser =
        reason.code === 'not-robust' ? loosened(model, step, style, podNamed(model, [step], refusal)) : undefined;
      for (const node of leftOut(step, looser)) dropped.set(node, reason);
      return looser === undefined ? [] : [looser];
    });
    // What is refused of no step's own is that pods are evicted by name.
    if (ofNone.length > 0) next = ways.length;
    await again(kept, ofNone.length > 0 ? 'by-drains' : style.evictions);
  }
  return { ...proven, dropped };
}

/** What the verifier refuses: steps, and what is none of theirs. */
interface Refused {
  readonly ofSteps: ReadonlyMap<Step, Refusal>;
  readonly ofNone: readonly Refusal[];
}

/**
 * Steps that the verifier refuses, and why. Each phase of the steps has one of the groups, in order, beside others that are not
 * `isOfStep`. Where the refusal is of none of them, the last step has to go.
 */
export async function refusedSteps(
  model: Model,
  question: Question,
  { steps, style }: Pick<Settled, 'steps' | 'style'>,
  groups: readonly DraftGroup[],
  isOfStep: (group: ActionGroup) => boolean = () => true,
): Promise<Refused> {
  // By the question's own seed too, whatever is drawn beside that: who asks with the same one gets the same answer.
  const own = await judged(model, question, groups);
  const { plan } = own;
  const refusals = own.refusals.length > 0 ? own.refusals : await drawnBeside(model, question, own);
  const phases = phasesOf(model, steps, style.evictions);
  const byGroup = new Map(plan.groups.filter(isOfStep).map(({ id }, position) => [id, phases[position]]));
  const ofSteps = new Map<Step, Refusal>();
  const ofNone: Refusal[] = [];
  for (const refusal of refusals) {
    const phase = byGroup.get(refusal.group ?? '');
    const at = stepOf(model, steps, phase, podNamed(model, steps, refusal));
    const step = steps[at ?? steps.length - 1] as Step;
    if (phase !== undefined && at === undefined) ofNone.push(refusal);
    else if (!ofSteps.has(step)) ofSteps.set(step, refusal);
  }
  return { ofSteps, ofNone };
}

/** What the verifier says of the groups as a plan, by the question's own seed. */
async function judged(
  model: Model,
  { engine, request, context, answers }: Question,
  groups: readonly DraftGroup[],
): Promise<Answer> {
  const key = JSON.stringify(groups);
  const known = answers.get(key);
  if (known !== undefined) return known;
  const plan = await sealPlan({ engine, request, decision: { groups, rejections: [] }, context });
  const { now, seed } = context;
  const options = { now, seed, robustness: 'if-it-decides' } as const;
  const { state, market, policy } = model;
  const { refusals, checked } = await verifyPlanInTurns(state, market, policy, plan, options, model.breathe);
  const answer: Answer = { plan, refusals, isCertain: checked.replays <= 2, drawn: new Map() };
  answers.set(key, answer);
  return answer;
}

/** What the draws show that the question asks for beside its own, of a plan that holds in those. */
async function drawnBeside(
  { state, market, policy, breathe }: Model,
  { draws, context, count }: Question,
  { plan, isCertain, drawn }: Answer,
): Promise<readonly Refusal[]> {
  if (draws === undefined || draws === 0) return [];
  const known = drawn.get(draws);
  if (known !== undefined) return known;
  // Plans are changed until they hold: in the same draws each time, they would hold in those and in few others.
  const seed = context.seed + ++count.drawn;
  const refusals = isCertain ? [] : await redrawPlanInTurns(state, market, policy, plan, { draws, seed }, breathe);
  drawn.set(draws, refusals);
  return refusals;
}

/** The pod that the refusal is about, where it is one of the steps. */
function podNamed({ state, evictable }: Model, steps: readonly Step[], { subject }: Refusal): number | undefined {
  if (subject.kind !== 'pod') return undefined;
  const name = `${subject.namespace}/${subject.name}`;
  return removedBy(steps)
    .flatMap((node) => evictable[node] ?? [])
    .find((pod) => podName(state, pod) === name);
}
