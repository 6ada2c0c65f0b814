import type { Step } from './changes.js';
import { drainWhatIf, type Move } from './drain-what-if.js';
import { type Model, placePending } from './model.js';
import { launchInto } from './replace-nodes.js';

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
 * be replayed again, since their nodes would not be cordoned. The working cluster is left as it would be; the caller rolls it
 * back.
 */
export function replay(model: Model, steps: readonly Step[]): Replay | { readonly failed: ReadonlySet<number> } {
  const { cluster } = model;
  for (const { remove } of steps) for (const node of remove) cluster.close(node);
  placePending(model);
  const moves: Move[][] = [];
  const launched: number[][] = [];
  const failed = new Set<number>();
  for (const [position, step] of steps.entries()) {
    const mark = cluster.mark();
    const node = cluster.placement.nodeCount;
    const stepMoves = replayStep(model, step);
    if (stepMoves === undefined) {
      cluster.rollback(mark);
      failed.add(position);
    }
    moves.push(stepMoves ?? []);
    launched.push(step.launches.map((_, position) => node + position));
  }
  return failed.size > 0 ? { failed } : { moves, launched };
}

function replayStep(model: Model, { remove, launches }: Step): Move[] | undefined {
  const { cluster } = model;
  const moves: Move[] = [];
  for (const launch of launches) if (launchInto(model, launch) !== undefined) return undefined;
  for (const node of remove) {
    if (drainWhatIf(cluster, node, (move) => moves.push(move)) !== undefined) return undefined;
    cluster.removeNode(node);
  }
  return moves;
}
