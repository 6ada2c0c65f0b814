import type { ClusterState, Node } from '@cloudoptim/core';
import {
  type Budgets,
  createBudgets,
  createFastPlacement,
  type EvictionAnswer,
  type FastPlacement,
  type IncomingPod,
  type ScoringRule,
} from '@cloudoptim/scheduling';
import { waitingPods } from './waiting-pods.js';

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
  readonly placement: FastPlacement;
  readonly budgets: Budgets;
  /** Original nodes that were removed, in order of removal. */
  readonly removed: readonly number[];
  /** Launched nodes that still stand, by node index. */
  readonly launches: ReadonlyMap<number, L>;
  /** Pods of the state that are evicted. */
  readonly evictions: number;
  /** Pods that were asked a place for so far; callers charge the difference to the work budget. */
  readonly asked: number;
  /** Pods of the state that wait for a node, in the order of the scheduling queue. */
  readonly waiting: readonly number[];
  /** Whether a pod that waited has a place by now. */
  isSeated(pod: number): boolean;
  /** Whether the node stands and was not closed. */
  isOpen(node: number): boolean;
  /**
   * The node that the scoring in force prefers among those that take the pod; -1 when none does. Equals are drawn from `random`, or
   * else the lowest index is taken.
   */
  choose(pod: IncomingPod, random?: () => number): number;
  /** The pod of the state that this one succeeds; itself when it is one. */
  originOf(pod: number): number;
  /** What was placed, for pods that this working copy placed. */
  incoming(pod: number): IncomingPod | undefined;
  close(node: number): void;
  /** Takes back that the node was closed, where it was. */
  open(node: number): void;
  /** Takes a closed node away, and with it the pods that nobody replaces (DaemonSet and static pods). */
  removeNode(node: number): void;
  launch(node: Node, choice: L): number;
  /** Evicts a pod of the state: its budget pays until the successor is Ready. `answer` is what the budgets said of it. */
  evict(pod: number, answer: EvictionAnswer): void;
  /** Takes a pod back off its node that this working copy placed. */
  unplace(pod: number): void;
  /** `origin` is the pod of the state that it succeeds, -1 for pods that nobody precedes (DaemonSet pods of a new node). */
  place(pod: IncomingPod, node: number, origin: number): number;
  mark(): number;
  rollback(mark: number): void;
}

export function createWorkingCluster<L extends LaunchChoice>(state: ClusterState): WorkingCluster<L> {
  const placement = createFastPlacement(state);
  const budgets = createBudgets(placement);
  const rules = scoringRules(state);
  /** By closed node: what it was before. */
  const closed = new Map<number, Node>();
  const removed: number[] = [];
  const launches = new Map<number, L>();
  /** By pod placed here, counted from the first: what it is, and whom it succeeds. */
  const origins: number[] = [];
  const placed: IncomingPod[] = [];
  const waiting = waitingPods(state);
  const seated = new Set<number>();
  let evictions = 0;
  let asked = 0;
  const undo: (() => void)[] = [];
  const marks: { readonly placement: number; readonly budgets: number; readonly undo: number }[] = [];

  return {
    state,
    placement,
    budgets,
    removed,
    launches,
    get evictions() {
      return evictions;
    },
    get asked() {
      return asked;
    },
    waiting,
    isSeated: (pod) => seated.has(pod),
    isOpen: (node) => placement.node(node) !== undefined && !closed.has(node),
    choose(pod, random) {
      asked++;
      const rule = rules[pod.template] as ScoringRule;
      if (random === undefined) return placement.choose(pod, rule);
      return placement.chooseByScore(pod, rule === 'mostAllocated' ? 'MostAllocated' : 'LeastAllocated', random);
    },
    originOf: (pod) => (pod < state.pods.count ? pod : (origins[pod - state.pods.count] as number)),
    // An index below zero is looked up as a name, which takes longer than to place a pod.
    incoming: (pod) => (pod < state.pods.count ? undefined : placed[pod - state.pods.count]),
    close(node) {
      const before = placement.node(node);
      if (closed.has(node) || before === undefined) return;
      placement.cordon(node);
      closed.set(node, before);
      undo.push(() => closed.delete(node));
    },
    open(node) {
      const before = closed.get(node);
      if (before === undefined) return;
      // Not uncordoned: people may have cordoned it before.
      placement.updateNode(node, before);
      closed.delete(node);
      undo.push(() => closed.set(node, before));
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
    },
    launch(node, choice) {
      const index = placement.addNode(node);
      launches.set(index, choice);
      undo.push(() => launches.delete(index));
      return index;
    },
    evict(pod, answer) {
      budgets.evict(pod, answer);
      placement.remove(pod);
      evictions++;
    },
    unplace(pod) {
      placement.remove(pod);
    },
    place(pod, node, origin) {
      const index = placement.place(pod, node);
      // Indices are used again after a rollback, so stale entries are simply overwritten.
      origins[index - state.pods.count] = origin;
      placed[index - state.pods.count] = pod;
      if (origin >= 0 && state.pods.node[origin] === -1 && !seated.has(origin)) {
        seated.add(origin);
        undo.push(() => seated.delete(origin));
      }
      return index;
    },
    mark() {
      const before = evictions;
      // Evictions are many: their count is kept by mark, not by eviction.
      undo.push(() => {
        evictions = before;
      });
      marks.push({ placement: placement.mark(), budgets: budgets.mark(), undo: undo.length - 1 });
      return marks.length - 1;
    },
    rollback(mark) {
      const point = marks[mark];
      if (point === undefined) throw new RangeError(`There is no mark ${mark} to go back to.`);
      marks.length = mark;
      placement.rollback(point.placement);
      budgets.rollback(point.budgets);
      for (const step of undo.splice(point.undo).reverse()) step();
    },
  };
}

/** By template, how the scheduler of its pods scores nodes. */
function scoringRules({ podTemplates, scheduler }: ClusterState): ScoringRule[] {
  return podTemplates.map(({ schedulerName = 'default-scheduler' }) => {
    const profile = scheduler.profiles.find((entry) => entry.schedulerName === schedulerName);
    return profile?.scoringStrategy === 'MostAllocated' ? 'mostAllocated' : 'leastAllocated';
  });
}
