import type { Action, Node, Reason, Subject } from '@cloudoptim/core';
import { templateOfPod } from '../placed-pod.js';
import type { PlacedAction } from '../plan-index.js';
import { bindWaiting } from './bind-waiting.js';
import { evict, evictablePods } from './evict.js';
import { launch } from './launch.js';
import type { PlanRun } from './plan-run.js';
import { resize } from './resize.js';
import { resume, scale, setBounds, surge, suspend } from './scale.js';

/** Carries out one action on paper. What cannot go as planned is reported and the rest goes on, so that one run finds all. */
export function runAction(run: PlanRun, entry: PlacedAction): void {
  carryOutAction(run, entry);
  const { kind } = entry.action;
  bindWaiting(run, { made: kind === 'launch-node' ? 'node' : opensNoRoom.has(kind) ? 'moves' : 'room', entry });
}

/** What closes nodes, leaves closed ones emptier or takes them away, and what only shapes nodes to come. */
const opensNoRoom: ReadonlySet<Action['kind']> = new Set([
  'cordon-node',
  'annotate-node',
  'drain-node',
  'evict-pod',
  'terminate-node',
  'delete-nodeclaim',
  'set-node-group-size',
  'configure-nodepool',
  'configure-nodeoverlay',
]);

function carryOutAction(run: PlanRun, entry: PlacedAction): void {
  const { action } = entry;
  switch (action.kind) {
    case 'launch-node':
      launch(run, entry, action);
      return;
    case 'cordon-node':
    case 'uncordon-node':
    case 'taint-node':
    case 'label-node':
    case 'annotate-node':
      changeNode(run, entry, action);
      return;
    case 'drain-node':
      drain(run, entry, action);
      return;
    case 'evict-pod':
      evictOne(run, entry, action);
      return;
    case 'terminate-node':
    case 'delete-nodeclaim':
      removeNode(run, entry, action);
      return;
    case 'set-node-group-size':
      run.toWrite.groupSizes.set(`${action.group.kind}/${action.group.name ?? ''}`, action.to);
      return;
    case 'configure-scheduler':
      run.toWrite.scoring.set(action.profile, action.scoringStrategy);
      return;
    case 'scale-workload':
      scale(run, entry, action.workload, action.to, action.from);
      return;
    case 'surge-workload':
      surge(run, entry, action);
      return;
    case 'resize-workload':
    case 'prefer-capacity':
      resize(run, entry, action);
      return;
    case 'suspend-workload':
      suspend(run, entry, action.workload);
      return;
    case 'resume-workload':
      resume(run, entry, action.workload, action.replicas);
      return;
    case 'set-autoscaler-bounds':
      setBounds(run, entry, action);
      return;
    // NodePools and overlays shape nodes to come, and an extension never changes what is verified.
    case 'configure-nodepool':
      run.toWrite.nodePools.set(action.nodePool, action.patch);
      return;
    case 'configure-nodeoverlay':
    case 'extension':
      return;
  }
}

type OfKind<K extends Action['kind']> = Extract<Action, { kind: K }>;

function changeNode(
  run: PlanRun,
  entry: PlacedAction,
  action: OfKind<'cordon-node' | 'uncordon-node' | 'taint-node' | 'label-node' | 'annotate-node'>,
): void {
  const index = present(run, entry, action);
  if (index === undefined) return;
  const { placement } = run;
  const node = placement.node(index) as Node;
  switch (action.kind) {
    case 'cordon-node':
      if (node.unschedulable !== true) placement.cordon(index);
      return;
    case 'uncordon-node':
      placement.uncordon(index);
      return;
    case 'taint-node': {
      const others = (node.taints ?? []).filter(
        (taint) => taint.key !== action.taint.key || taint.effect !== action.taint.effect,
      );
      placement.updateNode(index, {
        ...node,
        taints: action.remove === true ? others : [...others, action.taint],
      });
      return;
    }
    case 'label-node':
      placement.updateNode(index, { ...node, labels: patched(node.labels, action.labels) });
      return;
    case 'annotate-node':
      placement.updateNode(index, {
        ...node,
        annotations: patched(node.annotations ?? {}, action.annotations),
      });
  }
}

/** A merge patch of strings: null removes. */
function patched(
  values: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = new Map(Object.entries(values));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function drain(run: PlanRun, entry: PlacedAction, action: OfKind<'drain-node'>): void {
  for (const { pod, preferred } of drainMoves(run, entry, action)) evict(run, entry, pod, preferred);
}

/** A pod that a drain evicts, with the nodes where the plan expects its successor. */
export interface Move {
  readonly pod: number;
  readonly preferred: readonly number[];
}

/** Pods that a drain evicts, in the order of its list and then those that it should have listed, which is reported. */
export function drainMoves(run: PlanRun, entry: PlacedAction, action: OfKind<'drain-node'>): readonly Move[] {
  const index = present(run, entry, action);
  if (index === undefined) return [];
  const { placement } = run;
  const waiting = new Map<number, number[]>();
  for (const pod of evictablePods(run, index)) {
    const template = placement.templateOf(pod);
    const list = waiting.get(template);
    if (list === undefined) waiting.set(template, [pod]);
    else list.push(pod);
  }
  const moves: Move[] = [];
  let listed = 0;
  let found = 0;
  for (const { template, count, expected } of action.pods) {
    const pods = waiting.get(template)?.splice(0, count) ?? [];
    listed += count;
    found += pods.length;
    let next = 0;
    for (const { node, count: wanted } of expected) {
      const target = run.resolve(node);
      if (target === undefined) continue;
      for (const end = Math.min(pods.length, next + wanted); next < end; next++)
        moves.push({ pod: pods[next] as number, preferred: [target] });
    }
    for (; next < pods.length; next++) moves.push({ pod: pods[next] as number, preferred: [] });
  }
  const unlisted = [...waiting.values()].flat();
  if (found !== listed || unlisted.length > 0)
    run.report(
      entry,
      otherPods(placement.node(index) as Node, listed, found, unlisted.length),
      nodeSubject(run, index),
    );
  for (const pod of unlisted) moves.push({ pod, preferred: [] });
  return moves;
}

function otherPods(node: Node, listed: number, found: number, unlisted: number): Reason {
  return {
    code: 'drain-lists-other-pods',
    message: `The drain of ${node.name} lists ${listed} pods; ${found} of them are there, and ${unlisted} others that it does not list.`,
    numbers: { listed, found, unlisted },
  };
}

function evictOne(run: PlanRun, entry: PlacedAction, action: OfKind<'evict-pod'>): void {
  const index = present(run, entry, action);
  if (index === undefined) return;
  const { placement } = run;
  const pod = evictablePods(run, index).find(
    (at) => placement.nameOf(at) === action.name && templateOfPod(placement, at).namespace === action.namespace,
  );
  const subject: Subject = { kind: 'pod', namespace: action.namespace, name: action.name };
  if (pod === undefined || placement.templateOf(pod) !== action.template) {
    const message = `Pod ${action.namespace}/${action.name} is not on its node with template ${action.template}, or is not evictable.`;
    run.report(entry, { code: 'no-such-pod', message }, subject);
    return;
  }
  const expected = action.expected === undefined ? undefined : run.resolve(action.expected);
  evict(run, entry, pod, expected === undefined ? [] : [expected]);
}

function removeNode(run: PlanRun, entry: PlacedAction, action: OfKind<'terminate-node' | 'delete-nodeclaim'>): void {
  const index = present(run, entry, action);
  if (index === undefined) return;
  const left = evictablePods(run, index);
  if (left.length > 0) {
    const name = run.placement.node(index)?.name ?? '';
    const message = `Node ${name} would be removed with ${left.length} pods still on it.`;
    run.report(entry, { code: 'node-not-drained', message, numbers: { pods: left.length } }, nodeSubject(run, index));
    for (const pod of left) evict(run, entry, pod, []);
  }
  run.placement.removeNode(index);
}

function present(run: PlanRun, entry: PlacedAction, action: { readonly node: { uid: string } | { launch: string } }) {
  const index = run.resolve(action.node);
  if (index !== undefined && run.placement.node(index) !== undefined) return index;
  const name = 'uid' in action.node ? action.node.uid : `launch ${action.node.launch}`;
  run.report(
    entry,
    {
      code: 'no-such-node',
      message: `Action ${entry.action.id} names the node ${name}, which is not there at that step.`,
    },
    { kind: 'cluster' },
  );
  return undefined;
}

function nodeSubject({ placement }: PlanRun, index: number): Subject {
  const node = placement.node(index) as Node;
  return { kind: 'node', uid: node.uid, name: node.name };
}
