import type { Node, Policy, Reason, Subject } from '@cloudoptim/core';
import type { Budgets } from '../budgets.js';
import { budgetsForbid, canRemoveNode, ownerKey, type RemoveOptions } from '../can-remove-node.js';
import { automaticTolerations } from '../daemon-sets.js';
import { type Obstacle, obstaclesByNode, podObstacles } from '../node-obstacles.js';
import type { Placement } from '../placement.js';
import { type PlacedAction, type PlanIndex, removes } from '../plan-index.js';
import { workloadIndex } from '../resized-templates.js';
import { autoscalersByWorkload, busyReason } from '../rollout-reason.js';
import { poolAmount } from '../run/accounts-after.js';
import type { PreparedState } from '../run/prepared-state.js';
import { tolerates } from '../tolerations.js';
import type { Turns } from '../turns.js';
import type { Refusal } from '../verification.js';
import { refuseAction } from './refuse.js';
import { type Removals, removalsOf } from './removals.js';

/** Actions in one turn. */
const actionsInTurn = 50;

/** What forbids an action on a node, a pod or a workload in the state as it is, whoever made the plan. */
export function* obstacleRefusals(
  index: PlanIndex,
  { placement, budgets, criticalSets }: PreparedState,
  policy: Policy,
  now: number,
): Turns<Refusal[]> {
  const disturbs = index.actions.some(({ action }) => removes(action) || action.kind === 'drain-node');
  const obstaclesOf = disturbs ? obstaclesByNode(placement, policy, now, budgets, criticalSets) : () => [];
  const told = new Set<number>();
  const surged = surgedWorkloads(index);
  const removals = removalsOf(index, placement.state);
  const found: Refusal[] = [];
  for (const [position, entry] of index.actions.entries()) {
    if (position % actionsInTurn === 0) yield;
    const { action } = entry;
    if (removes(action) || action.kind === 'drain-node') {
      const at = index.nodeIndex(action.node);
      if (at === undefined) continue;
      // One refusal an obstacle, although cordon, drain and removal all meet it.
      if (!told.has(at))
        for (const { reason, subject } of obstaclesOf(at))
          if (!isSurged(reason, subject, placement, at, surged.get(at)))
            found.push(refuseAction(index, entry, reason.code, reason.message, subject, reason.numbers));
      told.add(at);
      found.push(...departure(index, entry, at, removals, placement, policy, now));
    } else if (action.kind === 'evict-pod') {
      const at = index.nodeIndex(action.node);
      if (at === undefined) continue;
      found.push(...eviction(index, entry, at, placement, budgets, policy, now));
      found.push(...departure(index, entry, at, removals, placement, policy, now));
    } else if (action.kind === 'launch-node') found.push(...launch(index, entry, placement));
    else found.push(...workloadObstacles(index, entry, placement));
  }
  return found;
}

/** By node index: workloads that the plan surges before the node is drained. */
function surgedWorkloads(index: PlanIndex): ReadonlyMap<number, ReadonlySet<string>> {
  const surged = new Map<number, Set<string>>();
  for (const entry of index.actions) {
    if (entry.action.kind !== 'surge-workload') continue;
    const { node, workload } = entry.action;
    const at = index.nodeIndex(node);
    const drained = index.actions.some(
      (other) =>
        other.action.kind === 'drain-node' && index.nodeIndex(other.action.node) === at && index.precedes(entry, other),
    );
    const removed = index.actions.some(
      (other) => removes(other.action) && index.nodeIndex(other.action.node) === at && index.precedes(entry, other),
    );
    if (at === undefined || !(drained || removed)) continue;
    const names = surged.get(at) ?? new Set();
    surged.set(at, names.add(`${workload.kind}/${workload.namespace}/${workload.name}`));
  }
  return surged;
}

/** A surged pod is not evicted: neither being the only one nor a budget stands in its way any more. */
function isSurged(
  reason: Reason,
  subject: Subject,
  placement: Placement,
  node: number,
  surged: ReadonlySet<string> | undefined,
): boolean {
  if (surged === undefined || subject.kind !== 'pod') return false;
  if (reason.code !== 'single-replica-without-surge' && reason.code !== 'pod-disruption-budget') return false;
  const pod = placement.podsOn(node).find((at) => placement.nameOf(at) === subject.name);
  const owner = pod === undefined ? undefined : placement.state.workloads[placement.workloadOf(pod)];
  return owner !== undefined && surged.has(`${owner.kind}/${owner.namespace}/${owner.name}`);
}

/** What the owner and the budgets say where a node goes, and the budgets also where it begins to. */
function departure(
  index: PlanIndex,
  entry: PlacedAction,
  node: number,
  removals: Removals,
  placement: Placement,
  policy: Policy,
  now: number,
): Refusal[] {
  const begins = removals.begins(entry, node);
  const refuse = (obstacles: readonly Obstacle[]) =>
    obstacles.map(({ reason, subject }) =>
      refuseAction(index, entry, reason.code, reason.message, subject, reason.numbers),
    );
  const worst = begins ? removals.worstBeside(entry, node) : [[]];
  if (!removes(entry.action))
    return begins ? worst.flatMap((inFlight) => refuse(budgetsForbid(placement, node, policy, now, inFlight))) : [];
  return worst.flatMap((inFlight) => {
    const options: RemoveOptions = {
      // In any order that dependencies allow any other removal may have been before this one: a long list in a large plan,
      // looked at only where the owner keeps a least number of nodes.
      get alsoRemoved() {
        return removals.perhapsBefore(entry);
      },
      inFlight,
      get launched() {
        return launchedBefore(index, entry);
      },
    };
    return refuse(canRemoveNode(placement, node, policy, now, options));
  });
}

/** Nodes that surely came before, by owner. */
function launchedBefore(index: PlanIndex, entry: PlacedAction): Readonly<Record<string, number>> {
  const launched: Record<string, number> = Object.create(null);
  for (const other of index.actions) {
    if (other.action.kind !== 'launch-node' || !index.precedes(other, entry)) continue;
    const key = ownerKey({ owner: other.action.via });
    launched[key] = (launched[key] ?? 0) + 1;
  }
  return launched;
}

function eviction(
  index: PlanIndex,
  entry: PlacedAction,
  node: number,
  placement: Placement,
  budgets: Budgets,
  policy: Policy,
  now: number,
): Refusal[] {
  const { action } = entry;
  if (action.kind !== 'evict-pod') return [];
  const pod = placement.podsOn(node).find((at) => placement.nameOf(at) === action.name);
  if (pod === undefined) return [];
  return podObstacles(placement, pod, policy, now, budgets).map(({ reason, subject }) =>
    refuseAction(index, entry, reason.code, reason.message, subject, reason.numbers),
  );
}

function launch(index: PlanIndex, entry: PlacedAction, placement: Placement): Refusal[] {
  const { action } = entry;
  if (action.kind !== 'launch-node') return [];
  const found: Refusal[] = [];
  const { state } = placement;
  for (const taint of action.template.startupTaints) {
    const tolerated = state.workloads.some((workload) => {
      const template = workload.kind === 'DaemonSet' ? state.podTemplates[workload.successorTemplate] : undefined;
      if (template === undefined) return false;
      return tolerates([...(template.tolerations ?? []), ...automaticTolerations(template.hostNetwork)], taint, false);
    });
    if (!tolerated)
      found.push(
        refuseAction(
          index,
          entry,
          'startup-taint',
          `New nodes start with the taint ${taint.key}, and no DaemonSet that could remove it tolerates it: pods would never get there.`,
        ),
      );
  }
  if (action.via.kind === 'unknown')
    found.push(refuseAction(index, entry, 'unknown-owner', 'Who would own the new node is not stated.'));
  return [...found, ...ownerLimits(index, entry, placement)];
}

/** The most that a NodePool or a group takes; both old and new nodes count until the old ones are gone. */
function ownerLimits(index: PlanIndex, entry: PlacedAction, { state }: Placement): Refusal[] {
  const { action } = entry;
  if (action.kind !== 'launch-node') return [];
  const { via } = action;
  const pool = state.nodePools.find((candidate) => candidate.name === via.name);
  const group = state.nodeGroups.find((candidate) => candidate.kind === via.kind && candidate.name === via.name);
  if (pool?.limits === undefined && group?.maxSize === undefined) return [];
  const sameOwner = index.actions.flatMap((other) =>
    other.action.kind === 'launch-node' &&
    other.action.via.kind === via.kind &&
    other.action.via.name === via.name &&
    (other === entry || !index.precedes(entry, other))
      ? [other.action]
      : [],
  );
  // Nodes that are surely gone by then make room.
  const gone = index.actions.flatMap((other): Node[] => {
    const at = removes(other.action) && index.precedes(other, entry) ? index.nodeIndex(other.action.node) : undefined;
    const node = at === undefined ? undefined : state.nodes[at];
    return node !== undefined && node.owner.kind === via.kind && node.owner.name === via.name ? [node] : [];
  });
  if ((via.kind === 'karpenter' || via.kind === 'eks-auto') && pool?.limits !== undefined) {
    for (const [resource, limit] of Object.entries(pool.limits)) {
      const before =
        pool.usage !== undefined && Object.hasOwn(pool.usage, resource) ? (pool.usage[resource] as number) : 0;
      const added = sameOwner.reduce((sum, other) => sum + poolAmount(other.assumedAllocatable, resource), 0);
      const freed = gone.reduce((sum, node) => sum + poolAmount(node.allocatable, resource), 0);
      if (before + added - freed > limit)
        return [
          refuseAction(
            index,
            entry,
            'nodepool-limits',
            `The NodePool ${pool.name} may not grow that far: ${resource} would be ${before + added - freed} of ${limit}.`,
            undefined,
            { before, added, freed, limit },
          ),
        ];
    }
  }
  if (group?.maxSize !== undefined && group.desiredSize !== undefined) {
    const size = group.desiredSize + sameOwner.length - gone.length;
    if (size > group.maxSize)
      return [
        refuseAction(
          index,
          entry,
          'node-group-max',
          `The group ${group.name} would have ${size} nodes of at most ${group.maxSize}.`,
        ),
      ];
  }
  return [];
}

/** What the controllers above a workload forbid. */
function workloadObstacles(index: PlanIndex, entry: PlacedAction, placement: Placement): Refusal[] {
  const { action } = entry;
  if (!('workload' in action)) return [];
  const { workloads } = placement.state;
  const at = workloadIndex(placement.state).get(
    `${action.workload.kind}/${action.workload.namespace}/${action.workload.name}`,
  );
  const workload = at === undefined ? undefined : workloads[at];
  if (at === undefined || workload === undefined) return [];
  const subject: Subject = { kind: 'workload', workload: action.workload };
  const autoscalers = autoscalersByWorkload(placement.state).get(at) ?? [];
  const name = `${workload.kind} ${workload.namespace}/${workload.name}`;
  const found: Refusal[] = [];
  const busy = busyReason(workload, autoscalers);
  if (busy !== undefined) found.push(refuseAction(index, entry, busy.code, busy.message, subject, busy.numbers));
  const [autoscaler] = autoscalers;
  // An autoscaler leaves a workload at zero alone; any other number it sets itself.
  const takesOver = action.kind === 'surge-workload' || (action.kind === 'scale-workload' && action.to !== 0);
  if (takesOver && autoscaler !== undefined)
    found.push(
      refuseAction(
        index,
        entry,
        'autoscaler-owns-replicas',
        `The HorizontalPodAutoscaler ${autoscaler.name} sets the replicas of ${name} and would set them back.`,
        subject,
      ),
    );
  if (action.kind !== 'surge-workload') return found;
  if (workload.gitOps !== undefined)
    found.push(
      refuseAction(
        index,
        entry,
        'gitops-reverts',
        `${workload.gitOps} manages ${name} and would revert the surge.`,
        subject,
      ),
    );
  if (workload.kind !== 'Deployment' && workload.kind !== 'ReplicaSet')
    found.push(
      refuseAction(
        index,
        entry,
        'cannot-surge',
        `Only pods of ReplicaSets can be told which goes first (pod-deletion-cost); ${name} is none.`,
        subject,
      ),
    );
  if (action.to <= action.from)
    found.push(refuseAction(index, entry, 'cannot-surge', 'A surge goes up before it comes back.', subject));
  return found;
}
