import type { Step } from './changes.js';
import { areMany } from './effort.js';
import type { Model } from './model.js';
import type { Evictions } from './phases.js';
import { evictedWith } from './remove-node.js';
import { type FailedSteps, replay } from './replay.js';

/** Whether steps are drawn here: smaller clusters are proven in more draws instead, and by all that the scheduler scores. */
function isDrawn(model: Model): boolean {
  return areMany(model, [...model.state.nodes.keys()]);
}

/** Draws in a row that must place every pod, while a plan is made and once it is proven. */
const mostDraws = { few: 12, many: 50 } as const;
/** There are fewer where more pods than these would be moved in them, but so many in any case. */
const mostMoved = 300_000;
const fewestDraws = 8;

/** Draws after which those that failed are dealt with: what one draw shows, the next ones mostly show too. */
const drawsAtOnce = 4;

/**
 * Steps, by position, that do not hold when ties of the scheduler and the order of each drain's evictions are drawn, each with the
 * pod of the state that found no room. Steps that hold in one order may fail in every third one, and a large plan has many of
 * them: who verifies it with other draws would refuse it.
 */
export async function failuresDrawn(
  model: Model,
  steps: readonly Step[],
  evictions: Evictions,
  extent: keyof typeof mostDraws,
): Promise<FailedSteps> {
  if (!isDrawn(model)) return new Map();
  const moved = podsMoved(model, steps);
  const affordable = Math.max(fewestDraws, Math.floor(mostMoved / Math.max(1, moved)));
  const draws = moved === 0 ? 0 : Math.min(mostDraws[extent], affordable);
  const failed = new Map<number, number | undefined>();
  for (let draw = 0; draw < draws && (failed.size === 0 || draw % drawsAtOnce !== 0); draw++) {
    const mark = model.cluster.mark();
    const outcome = await replay(model, steps, evictions, model.nextDraw());
    model.cluster.rollback(mark);
    if ('failed' in outcome) for (const [position, pod] of outcome.failed) failed.set(position, pod);
  }
  return failed;
}

/** Pods moved in all draws of one proof, at most: 6 to 30 µs each, by how much of the profile is scored. */
const mostProven = 300_000;
const mostQuicklyProven = 100_000;

/**
 * Draws that the verifier's proof of few candidates must have, which is more than others ask for: more where few pods move, since
 * one node too full decides there and a draw takes a millisecond, and fewer where steps are drawn here or a draw moves thousands.
 */
export function surelyDraws(model: Model, steps: readonly Step[]): number {
  const moved = Math.max(1, podsMoved(model, steps));
  const wanted = isDrawn(model) ? 40 : Math.min(600, Math.max(240, Math.floor(60_000 / moved)));
  return Math.max(40, Math.min(wanted, Math.floor(mostProven / moved)));
}

/** Draws of a proof of a quick plan, 100 where few pods move: with those that a verifier has by itself, others with other seeds refused 15 times of 210. */
export function quickDraws(model: Model, steps: readonly Step[]): number {
  const moved = Math.max(1, podsMoved(model, steps));
  return Math.max(12, Math.min(100, Math.floor(mostQuicklyProven / moved)));
}

function podsMoved(model: Model, steps: readonly Step[]): number {
  return steps.flatMap(({ remove }) => remove).reduce((sum, node) => sum + evictedWith(model, node).length, 0);
}
