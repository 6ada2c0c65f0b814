import { WorkLimitReached } from '@cloudoptim/core';
import { type CandidateOrder, firstOrder, withoutExchanges } from './candidate-orders.js';
import { Changes, type Step, stepKey } from './changes.js';
import { quickDraws, surelyDraws } from './drawn-replays.js';
import { areMany, areVeryMany, isQuick } from './effort.js';
import { draftGroups } from './groups.js';
import type { Model } from './model.js';
import { prove, type Question, refusedSteps } from './prove.js';
import { replay } from './replay.js';
import { type Found, removedBy, search } from './search.js';
import { notRobust, type Settled, type SettleStyle, settle, settleMore } from './settle.js';
import { tightened } from './tighten.js';
import { waysSettled } from './ways-settled.js';
import { mostSaved, worth } from './worth.js';

/** The most times that a proven plan is searched further: what changed when it was carried out in order may allow more. */
const maxRounds = 4;

/** A proof that keeps this much of what was settled is all that a quick plan has time for. */
const wellProven = 0.9;

/**
 * Puts what was found in order, goes on from there until nothing more is found (else the next analysis would find it), and
 * proves the whole: once for each way to put it in order, since what is left after the proof is not known beforehand.
 */
export async function proveAndGoOn(
  model: Model,
  question: Question,
  candidates: readonly number[],
  found: readonly Found[],
): Promise<Proven> {
  const { onProgress } = question.context;
  onProgress({ share: 0.7, message: 'putting the plan in order' });
  const settled = await waysSettled(model, candidates, found);
  onProgress({ share: 0.8, message: 'proving the plan' });
  const cutShort = found.some(({ truncated }) => truncated);
  const order = found[0]?.order.exchanges === 'none' ? withoutExchanges(firstOrder) : firstOrder;
  const open = { candidates, order };
  if (isQuick(model) && !areMany(model, candidates)) return quicklyProven(model, question, open, settled, cutShort);
  const [first, ...others] = settled;
  if (first === undefined) throw new RangeError('There is at least one order.');
  let best = await proveFrom(model, question, open, first, cutShort);
  let { truncated } = best;
  const ways = [best.proven];
  for (const other of others) {
    // Once the work limit is met, no work is asked for any more.
    if (truncated) break;
    const next = await proveFrom(model, question, open, other, truncated, worth(best.proven));
    truncated = next.truncated;
    ways.push(next.proven);
    if (worth(next.proven) > worth(best.proven)) best = next;
  }
  if (truncated || areVeryMany(model, candidates) || isQuick(model)) return { proven: best.proven, truncated };
  ways.sort(mostSaved);
  if (areMany(model, candidates)) return surelyBest(ways, (proven) => surelyProven(model, question, proven));
  const drawn = { ...question, draws: surelyDraws(model, ways[0]?.steps ?? []) };
  const sure = await surelyBest(ways, (proven) => provenEitherWay(model, drawn, open, { proven, truncated: false }));
  return sure.truncated ? sure : tightProven(model, drawn, sure.proven);
}

/**
 * What the first of the ways comes to, or the best of them until one keeps most of what the first was to save. Of each, only what it
 * ends with is drawn many times: proofs in between are many.
 */
async function quicklyProven(
  model: Model,
  question: Question,
  open: Open,
  ways: readonly Settled[],
  cutShort: boolean,
): Promise<Proven> {
  const [first] = ways;
  if (first === undefined) throw new RangeError('There is at least one way.');
  const drawn = { ...question, draws: quickDraws(model, first.steps) };
  let best: Settled | undefined;
  let [known, truncated] = [Number.NEGATIVE_INFINITY, cutShort];
  for (const way of ways) {
    if (best !== undefined && (truncated || known > wellProven * worth(first))) break;
    const next = await proveFrom(model, question, open, way, truncated, known);
    truncated = next.truncated;
    if (worth(next.proven) <= known) continue;
    // Once the work limit is met, no work is asked for any more.
    const proven = truncated ? next.proven : await prove(model, drawn, next.proven);
    if (worth(proven) > known) [best, known] = [proven, worth(proven)];
  }
  // The first one is better than none.
  return { proven: best as Settled, truncated };
}

/** Ways that the last proof, which takes a while, is asked about. */
const mostSurelyProven = 6;

/** What is left of the best way after the last proof, or of the next best one where that is less than it seems to save. */
async function surelyBest(ways: readonly Settled[], lastProof: (proven: Settled) => Promise<Proven>): Promise<Proven> {
  let best: Proven | undefined;
  for (const proven of ways.slice(0, mostSurelyProven)) {
    if (best !== undefined && (best.truncated || worth(proven) <= worth(best.proven))) break;
    const next = await lastProof(proven);
    if (best === undefined || worth(next.proven) > worth(best.proven)) best = next;
    else best = { proven: best.proven, truncated: next.truncated };
  }
  if (best === undefined) throw new RangeError('There is at least one way.');
  return best;
}

/** The cheapest of what tightening makes of the plan that is seen to hold in as many draws as the plan itself. */
async function tightProven(model: Model, question: Question, proven: Settled): Promise<Proven> {
  const holds = async (settled: Settled, draws?: number) => {
    const groups = draftGroups(model, settled, settled.inOrder);
    const asked = { ...question, ...(draws === undefined ? {} : { draws }) };
    const { ofSteps, ofNone } = await refusedSteps(model, asked, settled, groups);
    return ofSteps.size === 0 && ofNone.length === 0;
  };
  try {
    const found = await tightened(model, proven, (one) => holds(one, 0));
    // Each was made from the one before and holds as often or less, so the tightest that holds is found by halves.
    let [failing, holding] = [-1, found.length - 1];
    for (let at = 0; holding - failing > 1; at = Math.floor((failing + holding) / 2))
      if (await holds(found[at] as Settled)) holding = at;
      else failing = at;
    return { proven: found[holding] as Settled, truncated: false };
  } catch (error) {
    if (!WorkLimitReached.isInstance(error)) throw error;
    return { proven, truncated: true };
  }
}

/**
 * Drawn many times more, in drain order: what fails now and then is loosened, and what that makes of the plan is proven again. Steps
 * of which none fails stay in the order that was proven, which may be another: to prove them in drain order instead was refused more
 * often with other seeds (3 of 120 verifications, not 0).
 */
async function surelyProven(model: Model, question: Question, proven: Settled): Promise<Proven> {
  const sure = await settle(model, proven.steps, proven.style, 'many');
  const isSame = sure.steps.length === proven.steps.length && sure.steps.every((step) => proven.steps.includes(step));
  if (isSame) return { proven, truncated: false };
  const dropped = new Map([...proven.dropped, ...sure.dropped]);
  return { proven: await prove(model, question, { ...sure, dropped, inOrder: proven.inOrder }), truncated: false };
}

/** What saves no more than `known` before the proof is not proven. */
async function proveFrom(
  model: Model,
  question: Question,
  open: Open,
  start: Settled,
  cutShort: boolean,
  known = Number.NEGATIVE_INFINITY,
): Promise<Proven> {
  const { settled, truncated } = await goOn(model, open, start, cutShort);
  if (worth(settled) <= known) return { proven: settled, truncated };
  return provenEitherWay(model, question, open, { proven: settled, truncated });
}

/** The better of two proofs of what is settled: loosened as it was settled, or with new nodes for what does not hold. */
async function provenEitherWay(
  model: Model,
  question: Question,
  open: Open,
  { proven: settled, truncated }: Proven,
): Promise<Proven> {
  const proven = await prove(model, question, settled);
  const first = await furtherProven(model, question, open, { settled, proven, truncated });
  const { adds, replaces } = settled.style;
  const isNew = adds !== 'one-for-pod' || !replaces;
  const lost = proven.expectedUsdPerHour < settled.expectedUsdPerHour;
  if (!isNew || !lost || first.truncated || areMany(model, open.candidates)) return first;
  // Neither is better everywhere.
  const style: SettleStyle = { ...settled.style, adds: 'one-for-pod', replaces: true };
  const other = await prove(model, question, { ...settled, style });
  const second = await furtherProven(model, question, open, {
    settled,
    proven: other,
    truncated: first.truncated,
  });
  const better = second.proven.expectedUsdPerHour > first.proven.expectedUsdPerHour ? second : first;
  return { ...better, truncated: second.truncated };
}

/** What is left to look at, and in which order. */
interface Open {
  readonly candidates: readonly number[];
  readonly order: CandidateOrder;
}

interface Proven {
  readonly proven: Settled;
  readonly truncated: boolean;
}

/**
 * Where the proof drops steps, what is left is searched further without their nodes: launches that were to hold their pods too may
 * now be smaller.
 */
async function furtherProven(
  model: Model,
  question: Question,
  { candidates, order }: Open,
  from: Proven & { readonly settled: Settled },
): Promise<Proven> {
  let { settled, proven, truncated } = from;
  let left = candidates;
  for (let round = 1; round < maxRounds && !truncated && removes(proven) < removes(settled); round++) {
    const { dropped } = proven;
    left = left.filter((node) => !dropped.has(node));
    ({ settled, truncated } = await goOn(model, { candidates: left, order }, proven, truncated));
    if (settled.expectedUsdPerHour <= proven.expectedUsdPerHour) break;
    const further = await prove(model, question, settled);
    if (further.expectedUsdPerHour <= proven.expectedUsdPerHour) break;
    proven = { ...further, dropped: new Map([...dropped, ...further.dropped]) };
  }
  return { proven, truncated };
}

function removes({ steps }: Settled): number {
  return removedBy(steps).length;
}

/**
 * Searches further from where the settled steps lead, until nothing more is found that holds beside them. Nodes that were found
 * and do not hold are left out of the next round: what is possible without them would else never be seen.
 */
async function goOn(
  model: Model,
  { candidates, order }: Open,
  start: Settled,
  wasTruncated: boolean,
): Promise<{ settled: Settled; truncated: boolean }> {
  let settled = start;
  let truncated = wasTruncated;
  const avoided = new Set<number>();
  const manyRounds = isQuick(model) || areVeryMany(model, candidates) ? 0 : 2;
  const rounds = areMany(model, candidates) ? manyRounds : 2 * maxRounds;
  for (let round = 0; round < rounds && !truncated; round++) {
    const mark = model.cluster.mark();
    const open = candidates.filter((node) => !avoided.has(node));
    const more = await search(model, open, order, await carryOut(model, settled));
    model.cluster.rollback(mark);
    truncated = more.truncated;
    if (more.expectedUsdPerHour <= settled.expectedUsdPerHour) break;
    const better = await furtherSettled(model, settled, more.steps);
    const gained = better.expectedUsdPerHour > settled.expectedUsdPerHour;
    const held = new Set(removedBy(gained ? better.steps : settled.steps));
    const failed = removedBy(more.steps).filter((node) => !held.has(node));
    const surely = failed.filter((node) => better.dropped.has(node));
    for (const node of surely.length > 0 ? surely : failed) avoided.add(node);
    if (gained) settled = better;
    else if (failed.length === 0) break;
  }
  const removed = new Set(removedBy(settled.steps));
  const dropped = new Map(settled.dropped);
  for (const node of avoided) if (!removed.has(node)) dropped.set(node, notRobust);
  return { settled: { ...settled, dropped }, truncated };
}

/** The better of two ways to take up what more was found: all anew, or in addition to what is settled. */
async function furtherSettled(model: Model, settled: Settled, steps: readonly Step[]): Promise<Settled> {
  const anew = await settle(model, steps, settled.style);
  const known = new Set(settled.steps.map(stepKey));
  const extras = steps.filter((step) => !known.has(stepKey(step)));
  // When a launch was taken back or merged, what is settled is no longer part of what was found.
  if (extras.length + settled.steps.length !== steps.length) return anew;
  const added = await settleMore(model, settled, extras);
  return added.expectedUsdPerHour > anew.expectedUsdPerHour ? added : anew;
}

/** Brings the working cluster to where the steps lead. */
export async function carryOut(model: Model, { steps, style }: Settled): Promise<Changes> {
  const outcome = await replay(model, steps, style.evictions);
  if ('failed' in outcome) throw new Error(`${outcome.failed.size} steps were proven and cannot be carried out.`);
  const changes = new Changes(model);
  for (const [position, { remove }] of steps.entries()) changes.record(remove, outcome.launched[position] ?? []);
  return changes;
}
