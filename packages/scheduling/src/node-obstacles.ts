import type { Policy, Reason, Subject } from '@cloudoptim/core';
import type { Placement } from './placement.js';

/** Something that forbids draining a node: the refusal's code, a sentence, and who it is about. */
export interface Obstacle {
  readonly reason: Reason;
  readonly subject: Subject;
}

/** By node index: everything that forbids draining and removing the node now; empty lists are candidates. */
export function nodeObstacles(_placement: Placement, _policy: Policy, _now: number): readonly (readonly Obstacle[])[] {
  throw new Error('being built');
}

/** What of `nodeObstacles` concerns evicting one pod. Empty for pods that need no eviction (DaemonSet and terminal pods). */
export function podObstacles(_placement: Placement, _pod: number, _policy: Policy, _now: number): readonly Obstacle[] {
  throw new Error('being built');
}
