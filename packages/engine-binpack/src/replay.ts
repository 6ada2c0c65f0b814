import type { Step } from './changes.js';
import { type DrainFailure, drainWhatIf, type Move } from './drain-what-if.js';
import type { Model } from './model.js';
import { launchInto } from './replace-nodes.js';
import { seatWaiting } from './waiting-pods.js';

/** A plan's steps carried out in order, as the cluster would: where each evicted pod goes. */
export interface Replay {
  /** By step: the moves out of its nodes, in drain order. */
  readonly moves: readonly (readonly Move[])[];
  /** By step: indices of the nodes that it launches. */
  readonly launched: readonly (readonly number[])[];
}

/**
 * Carries the steps out from today's state, all nodes that go cordoned before the first eviction. The search took them away
 * one by one, so pods may land elsewhere now. Steps that fail are left out and returned by position: then what is left has to
 * be replayed again, since their nodes would not be cordoned. With each comes the pod of the state that found no room, where that
 * was why. The working cluster is left as it would be; the caller rolls it back.
 */
export async function replay(
  model: Model,
  steps: readonly Step[],
  random?: () => number,
): Promise<Replay | { readonly failed: ReadonlyMap<number, number | undefined> }> {
  const { cluster } = model;
  for (const { remove } of steps) for (const node of remove) cluster.close(node);
  seatWaiting(model.cluster);
  const moves: Move[][] = [];
  const launched: number[][] = [];
  const failed = new Map<number, number | undefined>();
  for (const [position, step] of steps.entries()) {
    await model.breathe();
    const mark = cluster.mark();
    const node = cluster.placement.nodeCount;
    const outcome = replayStep(model, step, random);
    if (!('length' in outcome)) {
      cluster.rollback(mark);
      failed.set(position, outcome.pod);
    }
    moves.push('length' in outcome ? outcome : []);
    launched.push(step.launches.map((_, position) => node + position));
  }
  return failed.size > 0 ? { failed } : { moves, launched };
}

function replayStep(model: Model, { remove, launches }: Step, random?: () => number): Move[] | DrainFailure {
  const { cluster } = model;
  const moves: Move[] = [];
  for (const launch of launches) {
    const reason = launchInto(model, launch);
    if (reason !== undefined) return { reason };
  }
  for (const node of remove) {
    const failure = drainWhatIf(cluster, node, (move) => moves.push(move), random);
    if (failure !== undefined) return failure;
    cluster.removeNode(node);
  }
  return moves;
}
