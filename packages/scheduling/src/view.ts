import type { ClusterState, Node } from '@cloudoptim/core';
import type { AffinityTerm } from './affinity-term.js';
import type { Counter, Counters } from './counters.js';
import type { Lookups } from './lookups.js';
import type { TakenVolumes } from './taken-volumes.js';
import type { Topology } from './topology.js';

/** What filters read of a placement. */
export interface View {
  readonly state: ClusterState;
  readonly lookups: Lookups;
  readonly counters: Counters;
  readonly topology: Topology;
  readonly nodeCount: number;
  node(node: number): Node | undefined;
  podsOn(node: number): readonly number[];
  templateOf(pod: number): number;
  claimsOf(pod: number): readonly string[];
  freeCpuMillicores(node: number): number;
  freeMemoryBytes(node: number): number;
  freeEphemeralStorageBytes(node: number): number;
  freePods(node: number): number;
  freeExtended(node: number, resource: string): number;
  /** Bound pods that use a claim. */
  claimUsers(namespace: string, claim: string): number;
  /** Volumes that pods placed on paper have taken. */
  readonly takenVolumes: TakenVolumes;
  /** Grows whenever a bound pod with a required anti-affinity term not seen before appears. */
  readonly antiAffinityTerms: readonly AntiAffinityTerm[];
  /** TaintTolerationComparisonOperators. */
  readonly comparisonOperators: boolean;
}

/** A required anti-affinity term of bound pods, with the pods that carry it, counted by node. */
export interface AntiAffinityTerm {
  readonly term: AffinityTerm;
  readonly carriers: Counter;
}
