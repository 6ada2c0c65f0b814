import type { Node, NodeClaim, Policy, Reason, Subject } from '@cloudoptim/core';
import { type Budgets, createBudgets } from './budgets.js';
import { criticalReason, criticalSets, readyMembers } from './critical-backends.js';
import { protects } from './durations.js';
import { labelOf } from './labels.js';
import { nominatedReasons } from './nominated-pods.js';
import type { Placement } from './placement.js';
import { obstaclesOfPod, type PodCase, peerOptOutIn } from './pod-obstacles.js';
import { autoscalersByWorkload } from './rollout-reason.js';

/** Something that forbids draining a node: the refusal's code, a sentence, and who it is about. */
export interface Obstacle {
  readonly reason: Reason;
  readonly subject: Subject;
}

/**
 * By node index: everything that forbids draining and removing the node now, of the node itself and of its pods; a node with
 * an empty list is a candidate. What the node's owner forbids is `canRemoveNode`; whether the pods fit elsewhere is not asked.
 */
export function nodeObstacles(placement: Placement, policy: Policy, now: number): readonly (readonly Obstacle[])[] {
  const obstaclesOf = obstaclesByNode(placement, policy, now);
  return Array.from({ length: placement.nodeCount }, (_, node) => obstaclesOf(node));
}

/** The same, for those who ask about few nodes only. Budgets and critical sets that are known need not be worked out again. */
export function obstaclesByNode(
  placement: Placement,
  policy: Policy,
  now: number,
  budgets = createBudgets(placement),
  critical = criticalSets(placement),
): (node: number) => readonly Obstacle[] {
  const shared = podCaseBase(placement, policy, now, budgets);
  const claims = new Map(placement.state.nodeClaims.map((claim) => [claim.name, claim]));
  const nominated = nominatedReasons(placement.state);
  const sets = critical.filter((set) => readyMembers(placement, set) > 0);
  return (index) => {
    const node = placement.node(index);
    if (node === undefined) return [];
    const subject: Subject = { kind: 'node', uid: node.uid, name: node.name };
    const reasons = [...nodeReasons(node, claims, policy, now), ...nominated(node)];
    const own: Obstacle[] = reasons.map((reason) => ({ reason, subject }));
    const pods = placement.podsOn(index);
    for (const set of sets) {
      if (!pods.some((pod) => set.pods.has(pod))) continue;
      if (readyMembers(placement, set, (pod) => placement.nodeOf(pod) === index) === 0)
        own.push({ reason: criticalReason(set, `the pods of ${node.name}`), subject });
    }
    for (const pod of pods) for (const obstacle of obstaclesOfPod({ ...shared, pod })) own.push(obstacle);
    return own;
  };
}

/** What forbids evicting one pod. Empty for pods that need no eviction: DaemonSet pods, and pods that end or have ended. */
export function podObstacles(
  placement: Placement,
  pod: number,
  policy: Policy,
  now: number,
  budgets = createBudgets(placement),
): readonly Obstacle[] {
  return obstaclesOfPod({ ...podCaseBase(placement, policy, now, budgets), pod });
}

function podCaseBase(placement: Placement, policy: Policy, now: number, budgets: Budgets): Omit<PodCase, 'pod'> {
  return { placement, policy, now, budgets, autoscalers: autoscalersByWorkload(placement.state), unopposed: new Map() };
}

/** What stands in the way at the node itself. */
function nodeReasons(
  node: Node,
  claims: ReadonlyMap<string, NodeClaim>,
  policy: Policy,
  now: number,
): readonly Reason[] {
  const reasons: Reason[] = [];
  const say = (code: string, why: string) => reasons.push({ code, message: `Node ${node.name} ${why}.` });
  const annotations = node.annotations ?? {};
  if (policy.freeze) say('frozen', 'stays as it is, since policy.freeze stops everything');
  const claim = node.owner.nodeClaim === undefined ? undefined : claims.get(node.owner.nodeClaim);
  if (node.deletionAtMs !== undefined || claim?.deletionAtMs !== undefined)
    say('node-already-terminating', 'is already being deleted');
  if (!node.ready) say('node-not-ready', 'is not Ready, so a drain may never end');
  if (node.owner.kind === 'unknown')
    say(
      'unknown-owner',
      labelOf(node.labels, 'eks.amazonaws.com/compute-type') === 'fargate'
        ? 'is of Fargate, which gives each pod a node that goes with it'
        : 'has an owner that is not known, and it may be replaced as soon as it goes',
    );
  const doNotDisrupt = labelOf(annotations, 'karpenter.sh/do-not-disrupt');
  if (policy.optOuts.doNotDisrupt && protects(doNotDisrupt, node.createdAtMs, now))
    say('do-not-disrupt', `carries karpenter.sh/do-not-disrupt: ${doNotDisrupt}`);
  if (
    policy.optOuts.scaleDownDisabled &&
    labelOf(annotations, 'cluster-autoscaler.kubernetes.io/scale-down-disabled') === 'true'
  )
    say('scale-down-disabled', 'carries cluster-autoscaler.kubernetes.io/scale-down-disabled: true');
  const peer = policy.optOuts.peers ? peerOptOutIn(annotations, node.labels) : undefined;
  if (peer !== undefined) say('peer-opt-out', `carries ${peer}`);
  return reasons;
}
