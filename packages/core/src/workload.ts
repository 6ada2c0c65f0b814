import type { LabelSelector } from './selectors.js';

/** Names a workload. `uid` is there when the object was seen itself and not only through an ownerReference. */
export interface WorkloadRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
}

/** A number, or a percentage such as `25%`. */
export type IntOrPercent = number | string;

export interface UpdateStrategy {
  readonly type: 'RollingUpdate' | 'Recreate' | 'OnDelete';
  readonly maxSurge?: IntOrPercent;
  readonly maxUnavailable?: IntOrPercent;
  readonly minReadySeconds?: number;
}

/** `unknown` when the owner object was not listed: then whether a rollout is under way cannot be told. */
export type RolloutState = 'stable' | 'in-progress' | 'paused' | 'unknown';

/**
 * The controller that makes a pod's successor. ReplicaSets of a Deployment are folded into the Deployment; a custom owner of
 * a ReplicaSet or of pods directly is a workload of its own kind.
 */
export interface Workload extends WorkloadRef {
  readonly apiVersion: string;
  readonly createdAtMs?: number;
  readonly generation?: number;
  readonly observedGeneration?: number;
  /** spec.replicas, or what the scale subresource says; absent when the kind has no scale or was not listed. */
  readonly replicas?: number;
  /**
   * spec.replicas of its ReplicaSets in sum, where something else than a Deployment is above them (an Argo Rollout): budgets
   * count those, and not its own `replicas`.
   */
  readonly replicaSetReplicas?: number;
  readonly readyReplicas?: number;
  readonly updatedReplicas?: number;
  /** Whether the kind has a scale subresource; absent when unknown. PDB percentages need it. */
  readonly scalable?: boolean;
  /** Index of the template its next pod will have, from the current revision; -1 when unknown. */
  readonly successorTemplate: number;
  readonly selector?: LabelSelector;
  readonly strategy?: UpdateStrategy;
  readonly rollout: RolloutState;
  readonly podManagement?: 'OrderedReady' | 'Parallel';
  /** volumeClaimTemplates of a StatefulSet: the claim of pod `p` is `<template>-<p>`. */
  readonly claimTemplates?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Only annotations that CloudOptim honours. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** A controller outside Kubernetes that would revert a direct change. */
  readonly gitOps?: 'argocd' | 'flux';
  /** CronJob and Job. */
  readonly suspended?: boolean;
  /** CronJob. */
  readonly schedule?: string;
  readonly timeZone?: string;
  /** The controller above this one where there is one (an Argo Rollout, a KEDA ScaledObject …). */
  readonly owner?: WorkloadRef;
}
