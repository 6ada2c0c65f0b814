import { objectFilters } from '../../filters/order.js';
import type { PlanRun } from '../../run/plan-run.js';
import { toleratesCordon } from '../../tolerates-cordon.js';
import type { Mover } from './movers.js';

/**
 * A mover that tolerates the cordon, and that some node which goes would let in: evicted there, it may be bound there again, and
 * the node is not empty when it is removed. Going through the states does not show that it stays away, since which of the
 * best nodes the scheduler takes is not known. Room is not asked: nodes that are drained have it.
 */
export function returningMover({ placement, index }: PlanRun, movers: readonly Mover[]): Mover | undefined {
  return movers.find(
    ({ facts }) =>
      toleratesCordon(facts, placement) &&
      [...index.removedNodes].some((node) =>
        objectFilters.every(([, filter]) => filter(facts, node, placement) === undefined),
      ),
  );
}
