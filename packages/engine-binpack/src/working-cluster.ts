import type { ClusterState, Node } from '@cloudoptim/core';
import { type Budgets, createBudgets, createPlacement, type IncomingPod, type Placement } from '@cloudoptim/scheduling';
import { createRooms, type Rooms } from './rooms.js';

/** What is decided about a launch before its node exists; see choose-offerings.ts. */
export interface LaunchChoice {
  readonly usdPerHour: number;
}

/**
 * The cluster as it would be after what was decided so far, with exact undo. Nodes that go are closed first: they take no
 * pod, as cordoned nodes do not, but stay spread domains until they are removed.
 */
export interface WorkingCluster<L extends LaunchChoice = LaunchChoice> {
  readonly state: ClusterState;
  readonly placement: Placement;
  readonly budgets: Budgets;
  readonly rooms: Rooms;
  /** Original nodes that were removed, in order of removal. */
  readonly removed: readonly number[];
  /** Launched nodes that still stand, by node index. */
  readonly launches: ReadonlyMap<number, L>;
  /** Pods of the state that are evicted. */
  readonly evictions: number;
  isOpen(node: number): boolean;
  /** The pod of the state that this one succeeds; itself when it is one. */
  originOf(pod: number): number;
  /** What was placed, for pods that this working copy placed. */
  incoming(pod: number): IncomingPod | undefined;
  close(node: number): void;
  /** Takes a closed node away, and with it the pods that nobody replaces (DaemonSet and static pods). */
  removeNode(node: number): void;
  launch(node: Node, choice: L): number;
  /** Evicts a pod of the state: its budget pays until `place` says that the successor is Ready. */
  evict(pod: number): void;
  /** Takes a pod back off its node that this working copy placed. */
  unplace(pod: number): void;
  /** `origin` is the pod of the state that it succeeds, -1 for pods that nobody precedes (DaemonSet pods of a new node). */
  place(pod: IncomingPod, node: number, origin: number): number;
  mark(): number;
  rollback(mark: number): void;
}

export function createWorkingCluster<L extends LaunchChoice>(state: ClusterState): WorkingCluster<L> {
  const placement = createPlacement(state);
  const budgets = createBudgets(placement);
  const rooms = createRooms(placement);
  const removed: number[] = [];
  const launches = new Map<number, L>();
  const origins = new Map<number, number>();
  const placed = new Map<number, IncomingPod>();
  let evictions = 0;
  const undo: (() => void)[] = [];
  const marks: { readonly placement: number; readonly budgets: number; readonly undo: number }[] = [];

  const touch = (node: number) => {
    rooms.refresh(node);
    undo.push(() => rooms.refresh(node));
  };

  return {
    state,
    placement,
    budgets,
    rooms,
    removed,
    launches,
    get evictions() {
      return evictions;
    },
    isOpen: rooms.isOpen,
    originOf: (pod) => (pod < state.pods.count ? pod : (origins.get(pod) ?? -1)),
    incoming: (pod) => placed.get(pod),
    close(node) {
      placement.cordon(node);
      rooms.setOpen(node, false);
      undo.push(() => rooms.setOpen(node, true));
    },
    removeNode(node) {
      const launch = launches.get(node);
      placement.removeNode(node);
      if (launch === undefined) {
        removed.push(node);
        undo.push(() => removed.pop());
      } else {
        launches.delete(node);
        undo.push(() => launches.set(node, launch));
      }
      touch(node);
    },
    launch(node, choice) {
      const index = placement.addNode(node);
      rooms.refresh(index);
      rooms.setOpen(index, true);
      launches.set(index, choice);
      undo.push(() => {
        rooms.setOpen(index, false);
        launches.delete(index);
      });
      return index;
    },
    evict(pod) {
      const node = placement.nodeOf(pod);
      budgets.evict(pod);
      placement.remove(pod);
      evictions++;
      undo.push(() => evictions--);
      touch(node);
    },
    unplace(pod) {
      const node = placement.nodeOf(pod);
      placement.remove(pod);
      touch(node);
    },
    place(pod, node, origin) {
      const index = placement.place(pod, node);
      // Indices are used again after a rollback, so stale entries are simply overwritten.
      origins.set(index, origin);
      placed.set(index, pod);
      touch(node);
      return index;
    },
    mark() {
      marks.push({ placement: placement.mark(), budgets: budgets.mark(), undo: undo.length });
      return marks.length - 1;
    },
    rollback(mark) {
      const point = marks[mark];
      if (point === undefined) throw new RangeError(`There is no mark ${mark} to go back to.`);
      marks.length = mark;
      placement.rollback(point.placement);
      budgets.rollback(point.budgets);
      // Newest first, once the placement is back: what is refreshed reads the restored placement.
      for (const step of undo.splice(point.undo).reverse()) step();
    },
  };
}
