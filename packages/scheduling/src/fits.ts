import type { ClusterState } from '@cloudoptim/core';
import type { FitAnswer } from './fit-answer.js';
import type { IncomingPod } from './incoming-pod.js';
import type { Placement } from './placement.js';

/** Whether kube-scheduler would let the pod onto the node, and if not, which filter refuses in which words. */
export function fits(_pod: IncomingPod, _node: number, _state: ClusterState | Placement): FitAnswer {
  throw new Error('being built');
}
