import { attachersOf } from '../../attachers.js';
import { bringNode } from '../../run/launch.js';
import type { PlanRun, Problem } from '../../run/plan-run.js';
import { hasVolumes, mayCome } from './interference.js';
import type { Movers } from './movers.js';

/** Pods with volumes that may go to a node to come whose attach slots the launch does not state. */
export function slotsUnstated(run: PlanRun, { movers }: Movers): Problem[] {
  const { placement, index } = run;
  const withVolumes = movers.filter(({ facts }) => hasVolumes(facts));
  if (withVolumes.length === 0) return [];
  return index.actions.flatMap((launch) => {
    const { action } = launch;
    if (action.kind !== 'launch-node') return [];
    const stated = new Set(action.template.csiDrivers?.map(({ name }) => name));
    const mark = run.mark();
    const nodes = action.offerings.map((offering) => bringNode(run, launch, action, offering));
    const unstated = withVolumes.find((mover) => {
      // What a group brings after its pods have moved is not there for them.
      if (index.precedes(mover.entry, launch)) return false;
      const missing = [...attachersOf(mover.facts, placement)].some((driver) => !stated.has(driver));
      return missing && nodes.some((node) => mayCome(mover.facts, node, placement));
    });
    run.rollback(mark);
    if (unstated === undefined) return [];
    const message = `How many volumes the new node of launch ${action.key} can attach is not stated, and a pod with one may go there. State csiDrivers in the launch's template.`;
    return [run.problem(unstated.entry, { code: 'attach-slots-on-new-node', message }, { kind: 'cluster' })];
  });
}
