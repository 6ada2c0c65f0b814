import type { Action, ClusterState, Market, Node, NodeRef, OfferingRef, Plan, Reason, Subject } from '@cloudoptim/core';
import type { Budgets } from '../budgets.js';
import type { CriticalSet } from '../critical-backends.js';
import { daemonSetPods } from '../daemon-sets.js';
import type { IncomingPod } from '../incoming-pod.js';
import { launchedNode } from '../launched-node.js';
import { type PlacedAction, type PlanIndex, planIndex, topologicalOrder } from '../plan-index.js';
import type { PodFacts } from '../pod-facts.js';
import { successorIn } from '../pod-obstacles.js';
import { type PlannedTemplates, withPlannedTemplates, workloadIndex } from '../resized-templates.js';
import type { Successor } from '../successor.js';
import type { WorkingPlacement } from '../working-placement.js';
import { bindWaiting } from './bind-waiting.js';
import type { Choose } from './choose.js';
import type { Preemptors } from './preemption.js';
import type { PreparedState } from './prepared-state.js';
import { runAction } from './run-action.js';
import { KeptState, type RunState } from './run-state.js';
import type { WaitingPod } from './waiting-pods.js';

/** Something that went wrong while a plan was carried out on paper. */
export interface Problem {
  readonly reason: Reason;
  readonly subject: Subject;
  readonly group: string;
  readonly action: string;
  /** Groups in the order in which they begin, where that is not the plan's own. */
  readonly order?: readonly string[];
}

type Launch = Extract<Action, { kind: 'launch-node' }>;

/** A new node, and the pods that DaemonSets put on it. */
interface LaunchedNode {
  readonly node: Node;
  readonly daemonSetPods: readonly IncomingPod[];
}

export interface RunOptions {
  readonly market?: Market;
  readonly choose: Choose;
  /** Hears of each action before it is carried out. */
  readonly before?: (entry: PlacedAction) => void;
  /** Which of the listed offerings a launch gets: a position in its list. The first when absent. */
  readonly offering?: (count: number) => number;
  /** Whether pods that wait miss this chance: kube-scheduler asks again only after a backoff of up to ten seconds. */
  readonly late?: () => boolean;
  /** Whether pods that wait take room on a new node before those of DaemonSets that stand in the queue behind them. */
  readonly daemonSetsQueue?: () => boolean;
}

/** A plan being carried out on paper, step by step, with exact return to a mark. */
export class PlanRun<P extends WorkingPlacement = WorkingPlacement> {
  readonly index: PlanIndex;
  readonly planned: PlannedTemplates;
  readonly placement: P;
  readonly budgets: Budgets;
  readonly workloads: ReadonlyMap<string, number>;
  readonly criticalSets: readonly CriticalSet[];
  /** Evictions so far. */
  evictions = 0;
  problems: Problem[] = [];
  /** Pods without a node, which compete with the plan's own for the room that it makes. */
  waiting: readonly WaitingPod[] = [];
  /** Those of them to whom the plan may give the chance to preempt. */
  preemptors: Preemptors = new Map();
  /** Kinds of waiting pods that found no node, each with the `mindedChanges` of then; none once room was made or taken back. */
  readonly hopeless = new Map<PodFacts, readonly number[]>();
  /** Pods that are bound and not Ready: their budgets have not got them back, and nobody can rely on them. */
  readonly starting = new Set<number>();
  options: RunOptions;
  readonly #state = new KeptState();
  readonly #successors = new Map<number, Successor>();
  readonly #launches = new Map<Launch, Map<OfferingRef, LaunchedNode>>();

  constructor(
    state: ClusterState,
    plan: Plan,
    prepare: (planned: ClusterState) => PreparedState<P>,
    options: (placement: P) => RunOptions,
  ) {
    const index = planIndex(plan, state);
    this.planned = withPlannedTemplates(state, plan, index.order ?? plan.groups.map((_, at) => at));
    this.index = index;
    const { placement, budgets, criticalSets } = prepare(this.planned.state);
    this.placement = placement;
    this.budgets = budgets;
    this.workloads = workloadIndex(state);
    this.criticalSets = criticalSets;
    this.options = options(placement);
  }

  /** What actions changed beside the placement. */
  get state(): RunState {
    return this.#state.now;
  }

  /** The state to write to, at once. */
  get toWrite(): KeptState['toWrite'] {
    return this.#state.toWrite;
  }

  /** How many of the waiting pods wait still. */
  get waitingCount(): number {
    return this.waiting.length - this.state.arrived.size - this.state.dropped.size;
  }

  stillWaits(position: number): boolean {
    return !this.state.arrived.has(position) && !this.state.dropped.has(position);
  }

  /** Cordons every node that the plan removes, so that no eviction sends a pod to a node that goes later. */
  start(): void {
    for (const node of this.index.removedNodes) this.placement.cordon(node);
    bindWaiting(this, { made: 'room' });
  }

  /** The actions of a group in the order in which they are carried out. */
  entries(at: number): readonly PlacedAction[] {
    const entries = this.index.byGroup[at] ?? [];
    return actionOrder(entries, this.index).map((position) => entries[position] as PlacedAction);
  }

  /** Carries out a group. */
  group(at: number): void {
    for (const entry of this.entries(at)) {
      this.options.before?.(entry);
      runAction(this, entry);
    }
  }

  /** A pod that was bound is Ready: its budgets get one back. */
  ready(pod: number): void {
    this.starting.delete(pod);
    this.budgets.ready(pod);
  }

  /** What a launch brings when it gets this offering: worked out once, since replays ask again. */
  launched(action: Launch, offering: OfferingRef): LaunchedNode {
    const byOffering = this.#launches.get(action) ?? new Map<OfferingRef, LaunchedNode>();
    this.#launches.set(action, byOffering);
    let known = byOffering.get(offering);
    if (known === undefined) {
      const { takenAtMs } = this.placement.state;
      const node = launchedNode(this.index.plan.id, action, offering, takenAtMs, this.options.market);
      known = { node, daemonSetPods: daemonSetPods(this.placement, node) };
      byOffering.set(offering, known);
    }
    return known;
  }

  /** Who comes for a pod by the state's own templates: worked out once for pods of the state, since replays ask again. */
  successorOf(pod: number): Successor {
    if (pod >= this.placement.state.pods.count) return successorIn(this.placement, pod);
    let known = this.#successors.get(pod);
    if (known === undefined) {
      known = successorIn(this.placement, pod);
      this.#successors.set(pod, known);
    }
    return known;
  }

  resolve(ref: NodeRef): number | undefined {
    return 'uid' in ref ? this.index.nodeIndex(ref) : this.state.launched.get(ref.launch);
  }

  report(entry: PlacedAction, reason: Reason, subject: Subject): void {
    this.problems.push(this.problem(entry, reason, subject));
  }

  problem({ action, group }: PlacedAction, reason: Reason, subject: Subject): Problem {
    return { reason, subject, group: this.index.plan.groups[group]?.id ?? '', action: action.id };
  }

  mark(): RunMark {
    return {
      placement: this.placement.mark(),
      budgets: this.budgets.mark(),
      problems: this.problems.length,
      starting: [...this.starting],
      evictions: this.evictions,
      state: this.#state.mark(),
    };
  }

  rollback(mark: RunMark): void {
    this.placement.rollback(mark.placement);
    this.hopeless.clear();
    this.budgets.rollback(mark.budgets);
    this.problems.length = mark.problems;
    this.starting.clear();
    for (const pod of mark.starting) this.starting.add(pod);
    this.evictions = mark.evictions;
    this.#state.rollback(mark.state);
  }
}

export interface RunMark {
  readonly placement: number;
  readonly budgets: number;
  readonly problems: number;
  readonly starting: readonly number[];
  readonly evictions: number;
  readonly state: RunState;
}

/** Positions of a group's actions in an order that respects their dependencies among themselves. */
function actionOrder(entries: readonly PlacedAction[], { byId }: PlanIndex): readonly number[] {
  const parents = entries.map(
    ({ action, group }) =>
      new Set(
        action.dependsOn.flatMap((id) => {
          const parent = byId.get(id);
          return parent?.group === group ? [parent.position] : [];
        }),
      ),
  );
  return topologicalOrder(parents) ?? entries.map((_, position) => position);
}
