import type { Reason, Subject } from '@cloudoptim/core';
import { type PlacedAction, removes } from '../plan-index.js';
import { bindWaiting } from '../run/bind-waiting.js';
import type { PlanRun } from '../run/plan-run.js';
import type { WaitingPod } from '../run/waiting-pods.js';

/** By position among the pods that wait, the node where each would go. */
type PendingPlaces = ReadonlyMap<number, number>;

/**
 * Where pods that wait, or are yet to be made, would go if the plan were not carried out. A state is often read in the moment before
 * kube-scheduler comes to a new pod, and what a plan takes for empty is that pod's place. Asked before the plan closes any node.
 */
export function pendingPlaces(run: PlanRun): PendingPlaces {
  const places = new Map<number, number>();
  if (run.waitingCount === 0 || run.index.removedNodes.size === 0) return places;
  const { placement } = run;
  const mark = run.mark();
  let pod = placement.podCount;
  bindWaiting(run, { made: 'room', untilRest: true });
  // In the order in which they were bound.
  for (const position of run.state.arrived) places.set(position, placement.nodeOf(pod++));
  run.rollback(mark);
  // A DaemonSet's pod has one node, and goes with it.
  for (const [position, waiting] of run.waiting.entries())
    if (places.has(position) && placement.facts(waiting).pinnedNode !== undefined) places.delete(position);
  return places;
}

/** A pod that has lost its place, and the action that took it. */
export interface LeftOut {
  readonly position: number;
  readonly node: number;
  readonly entry: PlacedAction;
}

/** Those of them that find no other place once the plan has closed its nodes, and wait for what it does. */
export function leftOut(run: PlanRun, places: PendingPlaces): readonly LeftOut[] {
  const mark = run.mark();
  bindWaiting(run, { made: 'room', untilRest: true });
  const left = [...places].filter(([position]) => run.stillWaits(position));
  run.rollback(mark);
  if (left.length === 0) return [];
  const takers = takersByNode(run);
  const any = [...places.values()].map((node) => takers.get(node)).find((entry) => entry !== undefined);
  return left.flatMap(([position, node]) => {
    // Where that node stays, another one that waits has been sent there.
    const entry = takers.get(node) ?? any;
    return entry === undefined ? [] : [{ position, node, entry }];
  });
}

/** Reports those that find none now that the plan is carried out. */
export function reportLeftOut(run: PlanRun, left: readonly LeftOut[]): void {
  for (const { position, node, entry } of left)
    if (run.stillWaits(position)) run.report(entry, ...reasonOf(run, position, node));
}

function reasonOf({ placement, waiting }: PlanRun, position: number, node: number): [Reason, Subject] {
  const pod = waiting[position] as WaitingPod;
  const owner = placement.state.workloads[pod.workload];
  const { namespace } = placement.facts(pod);
  const name = owner?.name ?? pod.name ?? '';
  const what = owner === undefined ? 'Pod' : `A pod of ${owner.kind}`;
  const message = `${what} ${namespace}/${name} has no node yet and would get one now (${placement.state.nodes[node]?.name}); once the plan is carried out none would take it. Look again when it runs.`;
  return [
    { code: 'pending-pod-without-a-place', message },
    owner === undefined
      ? { kind: 'pod', namespace, name }
      : { kind: 'workload', workload: { kind: owner.kind, namespace, name } },
  ];
}

/** The actions that take nodes away. */
function takersByNode({ index }: PlanRun): ReadonlyMap<number, PlacedAction> {
  const takers = new Map<number, PlacedAction>();
  for (const entry of index.actions) {
    const node = removes(entry.action) ? index.nodeIndex(entry.action.node) : undefined;
    if (node !== undefined && !takers.has(node)) takers.set(node, entry);
  }
  return takers;
}
