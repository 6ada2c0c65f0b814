import { isFeasible } from '../../fits.js';
import type { PlacedAction } from '../../plan-index.js';
import type { PodFacts } from '../../pod-facts.js';
import { mindsMoreThanRoom } from '../../run/bind-waiting.js';
import { bringNode } from '../../run/launch.js';
import type { PlanRun } from '../../run/plan-run.js';
import { toleratesCordon } from '../../tolerates-cordon.js';

/**
 * Whether some pod that waits may find a node in some state that the plan reaches: then it takes room from those that the plan moves, in
 * ways that no worst case sums up. Nodes that stay only fill up where a plan just closes others and launches some, so whoever fits none
 * today, nor a launched one while it is empty, never does, unless more than room keeps it waiting.
 */
export function isContested(run: PlanRun): boolean {
  if (run.waitingCount === 0) return false;
  if (run.preemptors.size > 0 || run.index.actions.some((entry) => opensRoom(run, entry))) return true;
  const kinds = [...kindsThatWait(run)];
  const emptied = emptiedNodes(run);
  return kinds.some((facts) => mayChange(run, facts, emptied)) || someFitLaunched(run, kinds);
}

/** Of those that are modelled at all. */
function kindsThatWait(run: PlanRun): ReadonlySet<PodFacts> {
  const kinds = new Set<PodFacts>();
  for (const [position, pod] of run.waiting.entries()) {
    const facts = run.placement.facts(pod);
    if (run.stillWaits(position) && facts.unsupported === undefined) kinds.add(facts);
  }
  return kinds;
}

/** Whether a pod may find a place though no room is made for it: more than room keeps it waiting, or it may use what a closed node has left. */
function mayChange({ placement }: PlanRun, facts: PodFacts, emptied: ReadonlySet<string | undefined>): boolean {
  if (mindsMoreThanRoom(facts, placement)) return true;
  // Pods of DaemonSets tolerate every cordon, and have one node each.
  return toleratesCordon(facts, placement) && (facts.pinnedNode === undefined || emptied.has(facts.pinnedNode));
}

/** Names of the nodes that pods leave before they go or stay. */
function emptiedNodes({ index, placement }: PlanRun): ReadonlySet<string | undefined> {
  return new Set(
    index.actions.flatMap(({ action }) => {
      if (action.kind !== 'drain-node' && action.kind !== 'evict-pod') return [];
      const node = 'uid' in action.node ? index.nodeIndex(action.node) : undefined;
      return node === undefined ? [] : [placement.node(node)?.name];
    }),
  );
}

/** Whether the action may make room on a node that others may use. What is on a node to come depends on the scheduler. */
function opensRoom({ index, placement }: PlanRun, { action }: PlacedAction): boolean {
  switch (action.kind) {
    case 'launch-node':
    case 'cordon-node':
    case 'terminate-node':
    case 'delete-nodeclaim':
    case 'annotate-node':
    case 'set-node-group-size':
    case 'configure-nodepool':
    case 'configure-nodeoverlay':
    case 'extension':
      return false;
    case 'drain-node':
    case 'evict-pod': {
      const node = 'uid' in action.node ? index.nodeIndex(action.node) : undefined;
      return node === undefined || placement.node(node)?.unschedulable !== true;
    }
    default:
      return true;
  }
}

function someFitLaunched(run: PlanRun, kinds: readonly PodFacts[]): boolean {
  const mark = run.mark();
  const some = run.index.actions.some((entry) => {
    const { action } = entry;
    if (action.kind !== 'launch-node') return false;
    return action.offerings.some((offering) => {
      const node = bringNode(run, entry, action, offering);
      // Those of DaemonSets may come later.
      for (const pod of [...run.placement.podsOn(node)]) run.placement.remove(pod);
      return kinds.some((facts) => isFeasible(facts, node, run.placement));
    });
  });
  run.rollback(mark);
  return some;
}
