import {
  type Action,
  type ClusterState,
  isDaemonSetPod,
  isTerminal,
  isTerminating,
  type NodeRef,
  podExtra,
  subjectKey,
  workloadKey,
} from '@cloudoptim/core';
import { nodeIndexByUid } from './law.js';

/** Whether a node is gone after an action of this kind. */
export function isRemoval(kind: Action['kind']): boolean {
  return kind === 'terminate-node' || kind === 'delete-nodeclaim';
}

/** Indices of the existing nodes that an action disturbs: drains, evicts from or takes away. */
export function disturbedNode(state: ClusterState, action: Action): number | undefined {
  if (action.kind === 'drain-node' || action.kind === 'evict-pod' || isRemoval(action.kind)) {
    return 'node' in action ? indexOf(state, action.node) : undefined;
  }
  return undefined;
}

/** Index of the existing node that an action takes away. */
export function removedNode(state: ClusterState, action: Action): number | undefined {
  return isRemoval(action.kind) && 'node' in action ? indexOf(state, action.node) : undefined;
}

/**
 * Pods that an action evicts, by index in the state as it was before the plan. DaemonSet and mirror pods go with their node, and
 * pods that are being deleted by themselves.
 */
export function evictedPods(state: ClusterState, action: Action): readonly number[] {
  if (action.kind === 'evict-pod') {
    const found = state.pods.name.findIndex(
      (name, pod) =>
        name === action.name &&
        state.podTemplates[state.pods.template[pod] as number]?.namespace === action.namespace &&
        !hasEnded(state, pod),
    );
    return found === -1 ? [] : [found];
  }
  if (action.kind !== 'drain-node') return [];
  const node = indexOf(state, action.node);
  return node === undefined ? [] : evictablePodsOn(state, node);
}

/** Pods on a node that a drain has to evict. */
function evictablePodsOn(state: ClusterState, node: number): readonly number[] {
  const pods: number[] = [];
  for (let pod = 0; pod < state.pods.count; pod++) {
    if (state.pods.node[pod] !== node || hasEnded(state, pod)) continue;
    if (!isDaemonSetPod(state, pod) && podExtra(state, pod).mirror !== true) pods.push(pod);
  }
  return pods;
}

function hasEnded(state: ClusterState, pod: number): boolean {
  return isTerminal(state, pod) || isTerminating(state, pod);
}

/** Keys (see `subjectKey`) of everything that an action is about, so that a candidate it touches counts as acted on. */
export function subjectsOfAction(state: ClusterState, action: Action): readonly string[] {
  const keys: string[] = [];
  if ('node' in action && 'uid' in action.node) keys.push(`node|${action.node.uid}`);
  if ('workload' in action) keys.push(`workload|${workloadKey(action.workload)}`);
  switch (action.kind) {
    case 'resize-workload':
      for (const { name } of action.containers) {
        keys.push(subjectKey({ kind: 'container', workload: action.workload, container: name }));
      }
      break;
    case 'launch-node':
    case 'prefer-capacity':
      for (const offering of action.offerings) keys.push(subjectKey({ kind: 'pool', offering }));
      break;
    case 'set-node-group-size':
      for (const node of state.nodes) {
        if (node.owner.kind === action.group.kind && node.owner.name === action.group.name)
          keys.push(`node|${node.uid}`);
      }
      break;
    case 'set-autoscaler-bounds':
      for (const { namespace, name, target } of state.horizontalPodAutoscalers) {
        if (namespace === action.autoscaler.namespace && name === action.autoscaler.name) {
          keys.push(`workload|${workloadKey(target)}`);
        }
      }
      break;
    case 'extension':
      keys.push(subjectKey(action.subject));
      break;
  }
  return keys;
}

function indexOf(state: ClusterState, node: NodeRef): number | undefined {
  return 'uid' in node ? nodeIndexByUid(state).get(node.uid) : undefined;
}
