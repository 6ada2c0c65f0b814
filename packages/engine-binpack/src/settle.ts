import { type Reason, sumUsd } from '@cloudoptim/core';
import type { Step } from './changes.js';
import { failuresDrawn } from './drawn-replays.js';
import { type Loosening, loosened } from './loosen.js';
import type { Model } from './model.js';
import { podSize } from './moving-pods.js';
import type { Evictions } from './phases.js';
import { evictedWith } from './remove-node.js';
import { type Replay, replay } from './replay.js';
import { expectedSavings, stepSavings } from './search.js';

/** Steps that hold when carried out in order with every node cordoned first, and why others were dropped. */
export interface Settled {
  readonly steps: readonly Step[];
  readonly replay: Replay;
  readonly savedUsdPerHour: number;
  /** The same with launches paid at their cheapest offering. */
  readonly expectedUsdPerHour: number;
  /** Whether the steps hold only one after the other. */
  readonly inOrder: boolean;
  /** By node of the state. */
  readonly dropped: ReadonlyMap<number, Reason>;
  readonly style: SettleStyle;
}

/** How steps that fail together are dealt with. No style is better than the others everywhere. */
export interface SettleStyle extends Loosening {
  /** With more of it fewer of those that fail together are judged at once, since one may be the cause of the others. */
  readonly patience: number;
  /** Whether those that fail are loosened where they are, and not tried first of all: before the launches nothing has room. */
  readonly inPlace: boolean;
  /** Once a proof refuses what drains in any order come to, pods are evicted by name. */
  readonly evictions: Evictions;
}

/** The quickest. */
export const plainStyle: SettleStyle = {
  patience: 1,
  inPlace: false,
  evictions: 'by-drains',
  adds: 'one-alike',
  replaces: false,
};

const forPods: SettleStyle = { ...plainStyle, adds: 'one-for-pod', replaces: true };

/** What differs most from the plain style. */
export const unlikeStyle: SettleStyle = { ...forPods, inPlace: true };

/** With all that is launched there from the start: what exchanges most of a cluster holds best so. */
export const launchesFirst: SettleStyle = {
  ...plainStyle,
  adds: 'one-for-pod',
  patience: 4,
  evictions: 'launches-first',
};

/** Worth a try where that is quick. */
export const settleStyles: readonly SettleStyle[] = [
  plainStyle,
  { ...plainStyle, adds: 'one-for-pod', patience: 4 },
  forPods,
  unlikeStyle,
  launchesFirst,
];

/** The two that differ most in which clusters they are good at. */
export const quickStyles: readonly SettleStyle[] = [plainStyle, launchesFirst];

/**
 * Keeps of the steps what holds in order. A step that fails is tried once more first of all, while there is most room; failing
 * again, or in a draw, it is loosened as long as that is worth it, and else dropped; so this ends. The working cluster is left as
 * found.
 */
export async function settle(
  model: Model,
  found: readonly Step[],
  style: SettleStyle = plainStyle,
  draws: 'few' | 'many' = 'few',
): Promise<Settled> {
  let steps = inDrainOrder(model, found);
  const hadFirstTurn = new Set<Step>();
  const dropped = new Map<number, Reason>();
  const next = (step: Step, looser: Step | undefined): readonly Step[] => {
    for (const node of leftOut(step, looser)) dropped.set(node, notRobust);
    return looser === undefined ? [] : [looser];
  };
  const loosen = (judged: ReadonlyMap<number, number | undefined>) =>
    steps.flatMap((step, position) =>
      judged.has(position) ? next(step, loosened(model, step, style, judged.get(position))) : [step],
    );
  for (;;) {
    const outcome = await replayed(model, steps, style);
    if (!('failed' in outcome)) {
      const unlucky = await failuresDrawn(model, steps, style.evictions, draws);
      if (unlucky.size === 0)
        return { steps, replay: outcome, ...savingsOf(model, steps), inOrder: false, dropped, style };
      steps = loosen(unlucky);
      continue;
    }
    if (style.inPlace) {
      // The second half may hold once the first one does.
      steps = loosen(new Map([...outcome.failed].slice(0, Math.ceil(outcome.failed.size / 2))));
      continue;
    }
    const failed = [...outcome.failed].map(([position, pod]) => ({ step: steps[position] as Step, pod }));
    const held = steps.filter((_, position) => !outcome.failed.has(position));
    const again: Step[] = [];
    // Steps fail one another, so only the first of them are judged: the others may hold once those are settled.
    for (const [position, { step, pod }] of failed.entries()) {
      if (position > 0 && hadFirstTurn.has(step) && position >= failed.length / style.patience) {
        again.push(step);
        continue;
      }
      const looser = next(step, hadFirstTurn.has(step) ? loosened(model, step, style, pod) : step);
      again.push(...looser);
      for (const one of looser) hadFirstTurn.add(one);
    }
    steps = [...again, ...held];
  }
}

/** Nodes of a step that are not in what is made of it. */
export function leftOut(step: Step, next: Step | undefined): readonly number[] {
  return step.remove.filter((node) => next?.remove.includes(node) !== true);
}

/** The most times that a set of extra steps is replayed, in whole and in parts: enough to try each of a few by itself. */
const mostReplays = 24;

/** Adds as many of the extra steps as hold beside those that are settled: all, or else each half in turn. */
export function settleMore(model: Model, settled: Settled, extras: readonly Step[]): Promise<Settled> {
  let replays = 0;
  const add = async (base: Settled, more: readonly Step[]): Promise<Settled> => {
    if (more.length === 0 || replays >= mostReplays) return base;
    const union = [...base.steps, ...more];
    for (const steps of [union, inDrainOrder(model, union)]) {
      replays++;
      const outcome = await replayed(model, steps, base.style);
      if (!('failed' in outcome) && (await failuresDrawn(model, steps, base.style.evictions, 'few')).size === 0) {
        return { ...base, steps, replay: outcome, ...savingsOf(model, steps) };
      }
    }
    if (more.length === 1) return base;
    const half = Math.ceil(more.length / 2);
    return add(await add(base, more.slice(0, half)), more.slice(half));
  };
  return add(settled, extras);
}

/** What steps save together. */
export function savingsOf(model: Model, steps: readonly Step[]) {
  return {
    savedUsdPerHour: sumUsd(steps.map((step) => stepSavings(model, step))),
    expectedUsdPerHour: sumUsd(steps.map((step) => expectedSavings(model, step))),
  };
}

/** What the steps come to; the working cluster is left as found. */
export async function replayed(model: Model, steps: readonly Step[], { evictions }: Pick<SettleStyle, 'evictions'>) {
  const mark = model.cluster.mark();
  const outcome = await replay(model, steps, evictions);
  model.cluster.rollback(mark);
  return outcome;
}

/**
 * Empty nodes first, which disturb nobody; then launches, whose room others may need; then nodes with large pods, while large
 * gaps are left.
 */
function inDrainOrder(model: Model, steps: readonly Step[]): Step[] {
  const { pods } = model.state;
  const largest = ({ remove }: Step) => {
    const sizes = remove.flatMap((node) =>
      evictedWith(model, node).map((pod) => podSize(model.state, pods.template[pod] as number)),
    );
    return sizes.length === 0 ? -1 : Math.max(...sizes);
  };
  return steps
    .map((step, position) => ({ step, position, size: largest(step), stage: step.launches.length === 0 ? 1 : 0 }))
    .sort((a, b) => {
      const empty = Number(b.size < 0) - Number(a.size < 0);
      return empty || a.stage - b.stage || b.size - a.size || a.position - b.position;
    })
    .map(({ step }) => step);
}

export const notRobust: Reason = {
  code: 'not-robust',
  message:
    'Its pods fit elsewhere only if the scheduler places them just so, and placements cannot be commanded; another scoring (MostAllocated) would help.',
};
