import type { Action } from '@cloudoptim/core';
import type { Refusal } from '@cloudoptim/scheduling';
import type { ActionResult } from '../execute/execution.js';
import type { LiveNode, LivePod } from '../live/live-cluster.js';
import { ownerOf } from '../live/pod-facts.js';
import type { Evidence } from './evidence.js';

/** The pod that a refusal is about, as it was before the plan. */
export function podOf({ subject }: Refusal, { before }: Evidence): LivePod | undefined {
  if (subject.kind !== 'pod') return undefined;
  return before.pods.find(({ metadata }) => metadata.namespace === subject.namespace && metadata.name === subject.name);
}

/** The node that a refusal is about, by its subject or else by its action. */
export function nodeOf(refusal: Refusal, evidence: Evidence): LiveNode | undefined {
  const { subject } = refusal;
  const uid = subject.kind === 'node' ? subject.uid : uidOf(actionOf(refusal, evidence));
  return evidence.before.nodes.find(({ metadata }) => metadata.uid === uid);
}

/** Whether a pod is of a workload of that name, through a ReplicaSet or not. */
export function isOf(pod: LivePod, workload: string): boolean {
  const owner = ownerOf(pod)?.name ?? '';
  return owner === workload || owner.startsWith(`${workload}-`);
}

export function actionOf(refusal: Refusal, { results }: Evidence): Action | undefined {
  return results.find(({ action }) => action.id === refusal.action)?.action;
}

export function uidOf(action: Action | undefined): string | undefined {
  return action !== undefined && 'node' in action && 'uid' in action.node ? action.node.uid : undefined;
}

/** uids of the nodes that the plan removes, with how often it says so. */
export function removals({ results }: Pick<Evidence, 'results'>): readonly { uid: string; result: ActionResult }[] {
  return results.flatMap((result) => {
    const { kind } = result.action;
    const uid = uidOf(result.action);
    return (kind === 'terminate-node' || kind === 'delete-nodeclaim') && uid !== undefined ? [{ uid, result }] : [];
  });
}
