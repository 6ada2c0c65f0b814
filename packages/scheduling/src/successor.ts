import type { ClusterState, Reason } from '@cloudoptim/core';
import type { IncomingPod } from './incoming-pod.js';

/** Who comes after an evicted pod: nobody (DaemonSet pods, terminal pods), a pod, or someone we cannot know. */
export type Successor = IncomingPod | { readonly none: Reason } | { readonly unknown: Reason };

/** The pod that the owner makes in place of `pod` once that is evicted: from the current revision, without in-place resizes. */
export function successorOf(_state: ClusterState, _pod: number): Successor {
  throw new Error('being built');
}
