import { drainWhatIf, type Move } from './drain-what-if.js';
import { type Model, placePending } from './model.js';
import { launchInto } from './replace-nodes.js';
import type { Step } from './search.js';

/** A plan's steps carried out in order, as the cluster would: where each evicted pod goes. */
export interface Replay {
  /** By step: the moves out of its nodes, in drain order. */
  readonly moves: readonly (readonly Move[])[];
  /** By step: index of the node that it launches, where it launches one. */
  readonly launched: readonly (number | undefined)[];
}

/**
 * Carries the steps out from today's state, all nodes that go cordoned before the first eviction. The search took them away
 * one by one, so pods may land elsewhere now. Returns the position of the first step that fails, or what happens; the working
 * cluster is then left as it would be, and the caller rolls it back.
 */
export function replay(model: Model, steps: readonly Step[]): Replay | { readonly failedStep: number } {
  const { cluster, chooser } = model;
  for (const { remove } of steps) for (const node of remove) cluster.close(node);
  placePending(model);
  const moves: Move[][] = [];
  const launched: (number | undefined)[] = [];
  for (const [position, { remove, launch }] of steps.entries()) {
    const before = cluster.placement.nodeCount;
    if (launch !== undefined && launchInto(model, launch) !== undefined) return { failedStep: position };
    launched.push(launch === undefined ? undefined : before);
    const stepMoves: Move[] = [];
    for (const node of remove) {
      if (drainWhatIf(cluster, chooser, node, (move) => stepMoves.push(move)) !== undefined)
        return { failedStep: position };
      cluster.removeNode(node);
    }
    moves.push(stepMoves);
  }
  return { moves, launched };
}
