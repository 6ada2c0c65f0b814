import type { Action, ClusterState, Plan, PodTemplate } from '@cloudoptim/core';
import { isFeasible } from '../../src/fits.js';
import {
  createBudgets,
  type IncomingPod,
  type Placement,
  type ScoringRule,
  simulatePlain,
  successorOf,
} from '../../src/index.js';
import { launchedNode } from '../../src/launched-node.js';
import { schedulerChoices } from '../../src/scoring/scheduler-choices.js';
import { WorkingPlacement } from '../../src/working-placement.js';

/** What one group does, one uninterruptible thing after another. */
type Move =
  | { readonly kind: 'evict'; readonly pod: number }
  | { readonly kind: 'ready' }
  | { readonly kind: 'remove'; readonly node: number }
  | { readonly kind: 'launch'; readonly action: Extract<Action, { kind: 'launch-node' }> };

interface Progress {
  next: number;
  failed: boolean;
  /** Successor that is bound and not Ready. */
  unready: number;
}

export interface Enumeration {
  /** What goes wrong in some state, undefined when nothing does in any. */
  readonly broken: string | undefined;
  /** False when there were too many states to go through. */
  readonly complete: boolean;
  readonly states: number;
}

/**
 * Goes through everything that can happen while a plan of drains, removals and launches is carried out, with as many groups
 * in flight as it allows and each failing anywhere for good, when the scheduler takes the best node by the rule (`profile`: by
 * all of its default plugins) and the lowest index among equals. It is written for tests, from the plan's meaning, and shares
 * nothing with what verifies plans beyond filters, scores and budget arithmetic. Pods that wait for a node are not looked at.
 */
export function enumerate(state: ClusterState, plan: Plan, most: number, rule: ScoringRule | 'profile'): Enumeration {
  const placement = new WorkingPlacement(state);
  const budgets = createBudgets(placement);
  const nodeOf = (uid: string) => state.nodes.findIndex((node) => node.uid === uid);
  const moves = plan.groups.map((group) => group.actions.flatMap((action) => movesOf(action, placement, nodeOf)));
  for (const own of moves) for (const move of own) if (move.kind === 'remove') placement.cordon(move.node);
  const parents = plan.groups.map(({ dependsOn }) =>
    dependsOn.map((id) => plan.groups.findIndex((group) => group.id === id)),
  );
  const progress: Progress[] = plan.groups.map(() => ({ next: 0, failed: false, unready: -1 }));
  const seen = new Set<string>();
  let broken: string | undefined;

  const done = (group: number) => progress[group]?.next === moves[group]?.length;
  const inFlight = () => progress.filter(({ next, failed }, group) => next > 0 && !failed && !done(group)).length;
  const unready = () => new Set(progress.map((own) => own.unready));

  function step(group: number): void {
    const own = progress[group] as Progress;
    const move = moves[group]?.[own.next] as Move;
    const marks = [placement.mark(), budgets.mark()] as const;
    const before = { ...own };
    own.next++;
    const problem = take(own, move);
    if (problem === undefined) visit();
    else if (problem !== 'blocked') broken = problem;
    placement.rollback(marks[0]);
    budgets.rollback(marks[1]);
    Object.assign(own, before);
  }

  function take(own: Progress, move: Move): string | undefined {
    switch (move.kind) {
      case 'launch':
        placement.addNode(launchedNode('plan', move.action, move.action.offerings[0], state.takenAtMs));
        return undefined;
      case 'remove': {
        const left = placement.podsOn(move.node).filter((pod) => placement.extraOf(pod).deletionAtMs === undefined);
        if (left.length > 0) return 'node-not-drained';
        placement.removeNode(move.node);
        return undefined;
      }
      case 'ready':
        if (own.unready !== -1) budgets.ready(own.unready);
        own.unready = -1;
        return undefined;
      case 'evict': {
        const answer = budgets.allowed(move.pod);
        // A budget that a failed group has not given back only makes this one fail as well.
        if (!answer.allowed)
          return progress.some(({ failed, unready: held }) => failed && held !== -1) ? 'blocked' : 'budget';
        const successor = successorOf(state, move.pod);
        if (isDns(state.podTemplates[state.pods.template[move.pod] as number]) && dnsLeft(move.pod) === 0) return 'dns';
        budgets.evict(move.pod);
        const old = placement.templateOf(move.pod);
        placement.remove(move.pod);
        if (!('template' in successor)) return undefined;
        if (quotaRefuses(successor, old)) return 'quota';
        const node = chooseNode(placement, successor, rule);
        if (node === -1) return 'no-place';
        own.unready = placement.place(successor, node);
        return undefined;
      }
    }
  }

  function dnsLeft(without: number): number {
    let left = 0;
    const starting = unready();
    for (let pod = 0; pod < placement.podCount; pod++)
      if (
        pod !== without &&
        placement.nodeOf(pod) !== -1 &&
        !starting.has(pod) &&
        placement.extraOf(pod).deletionAtMs === undefined &&
        isDns(state.podTemplates[placement.templateOf(pod)])
      )
        left++;
    return left;
  }

  /** The first quota alone, on cpu: what is used, less what left, plus what came. */
  function quotaRefuses(pod: IncomingPod, old: number): boolean {
    const [quota] = state.resourceQuotas;
    const cpu = (template: number) => state.podTemplates[template]?.needs.cpuMillicores ?? 0;
    const isOf = (template: number) => state.podTemplates[template]?.namespace === quota?.namespace;
    const limit = quota?.hard['requests.cpu'];
    if (quota === undefined || limit === undefined || !isOf(pod.template) || cpu(pod.template) === 0) return false;
    let used = quota.used['requests.cpu'] ?? 0;
    for (let one = 0; one < placement.podCount; one++) {
      const template = placement.templateOf(one);
      if (!isOf(template)) continue;
      const was =
        one < state.pods.count && (state.pods.node[one] as number) >= 0 && placement.extraOf(one).phase === undefined;
      const is = placement.nodeOf(one) !== -1;
      if (was && !is) used -= cpu(template);
      if (!was && is) used += cpu(template);
    }
    return used + cpu(pod.template) > limit && !(used + cpu(old) <= limit && cpu(pod.template) <= cpu(old));
  }

  function visit(): void {
    if (broken !== undefined || seen.size > most) return;
    const key = stateKey(placement, progress, state.pods.count);
    if (seen.has(key)) return;
    seen.add(key);
    for (const [group, own] of progress.entries()) {
      if (own.failed || done(group)) continue;
      if (own.next > 0) {
        own.failed = true;
        visit();
        own.failed = false;
        step(group);
      } else if (inFlight() < plan.maxGroupsInFlight && parents[group]?.every(done) === true) step(group);
      if (broken !== undefined) return;
    }
  }

  visit();
  return { broken, complete: broken !== undefined || seen.size <= most, states: seen.size };
}

function chooseNode(placement: WorkingPlacement, pod: IncomingPod, rule: ScoringRule | 'profile'): number {
  if (rule !== 'profile') {
    const mark = placement.mark();
    const [node = -1] = simulatePlain(placement, [pod], { rule }).placed;
    placement.rollback(mark);
    return node;
  }
  const nodes = Array.from({ length: placement.nodeCount }, (_, node) => node);
  const feasible = nodes.filter((node) => isFeasible(placement.facts(pod), node, placement));
  return schedulerChoices(placement, pod, feasible, 'LeastAllocated')[0] ?? -1;
}

function movesOf(action: Action, placement: Placement, nodeOf: (uid: string) => number): Move[] {
  switch (action.kind) {
    case 'launch-node':
      return [{ kind: 'launch', action }];
    case 'drain-node': {
      const pods = placement
        .podsOn('uid' in action.node ? nodeOf(action.node.uid) : -1)
        .filter((pod) => placement.extraOf(pod).deletionAtMs === undefined);
      // A drain lists its pods by template, in the order in which they go.
      return action.pods
        .flatMap(({ template }) => pods.filter((pod) => placement.templateOf(pod) === template))
        .flatMap((pod): Move[] => [{ kind: 'evict', pod }, { kind: 'ready' }]);
    }
    case 'terminate-node':
    case 'delete-nodeclaim':
      return 'uid' in action.node ? [{ kind: 'remove', node: nodeOf(action.node.uid) }] : [];
    default:
      return [];
  }
}

function isDns(template: PodTemplate | undefined): boolean {
  return template?.labels['k8s-app'] === 'kube-dns';
}

function stateKey(placement: Placement, progress: readonly Progress[], pods: number): string {
  const placed: string[] = [];
  for (let pod = pods; pod < placement.podCount; pod++)
    placed.push(
      `${placement.templateOf(pod)}/${placement.nameOf(pod).replace(/^incoming-.*/, '')}@${placement.nodeOf(pod)}`,
    );
  const groups = progress.map(({ next, failed, unready }) => `${next}${failed ? 'f' : ''}${unready === -1 ? '' : 'u'}`);
  return `${groups.join()} ${placed.sort().join()}`;
}
