import type { ClusterState, Node, NodeResources, PodExtra } from '@cloudoptim/core';
import type { IncomingPod } from './incoming-pod.js';
import { WorkingPlacement } from './working-placement.js';

/**
 * A mutable working copy of who is where. Nodes and pods keep their index in the state; added ones get the next index.
 * Removed nodes and pods keep theirs, so an index never changes its meaning until it is rolled back.
 */
export interface Placement {
  readonly state: ClusterState;
  /** Nodes ever seen, removed ones included: valid node indices are below it. */
  readonly nodeCount: number;
  /** Pods ever seen, removed ones included. */
  readonly podCount: number;
  /** The node as it is now (cordons included); undefined once removed. */
  node(node: number): Node | undefined;
  /** Index of the node that the pod holds resources on; -1 when unbound, removed or terminal. */
  nodeOf(pod: number): number;
  templateOf(pod: number): number;
  workloadOf(pod: number): number;
  extraOf(pod: number): PodExtra;
  nameOf(pod: number): string;
  /** Pods bound to the node; terminal pods are left out, since they hold nothing. */
  podsOn(node: number): readonly number[];
  /** Allocatable less what the node's pods occupy; below zero where a node is overcommitted. All zero once removed. */
  free(node: number): NodeResources;
  remove(pod: number): void;
  /** Binds a pod without asking whether it fits; returns its index, at or above `state.pods.count`. */
  place(pod: IncomingPod, node: number): number;
  cordon(node: number): void;
  uncordon(node: number): void;
  /** Replaces the node's object (taints, labels, readiness); its pods stay. */
  updateNode(node: number, to: Node): void;
  /** Takes the node away with all pods still bound to it. */
  removeNode(node: number): void;
  addNode(node: Node): number;
  /** A point to return to; marks nest. */
  mark(): number;
  /** Undoes everything since the mark, exactly. */
  rollback(mark: number): void;
}

/** Makes a working copy of a state; the state itself is never changed. */
export function createPlacement(state: ClusterState): Placement {
  return new WorkingPlacement(state);
}
