import type { IntentKind } from '../intent.js';

/** Seconds each kind may take before its executor gives up; those of drains depend on their pods. */
export const deadlineSeconds: Readonly<Record<Exclude<IntentKind, 'drain-node' | 'evict-pod'>, number>> = {
  // From the EC2 call to Ready with all capacity; Karpenter gives a NodeClaim 15 minutes to register.
  'launch-node': 900,
  'cordon-node': 60,
  'uncordon-node': 60,
  'taint-node': 60,
  'label-node': 60,
  'annotate-node': 60,
  'terminate-node': 600,
  // The NodeClaim's finalizer waits for the instance to be gone.
  'delete-nodeclaim': 900,
  'set-node-group-size': 900,
  'configure-nodepool': 60,
  'configure-nodeoverlay': 60,
  'configure-scheduler': 600,
  'scale-workload': 600,
  'surge-workload': 900,
  // A rollout of a whole workload, pod after pod.
  'resize-workload': 1800,
  'suspend-workload': 300,
  'resume-workload': 900,
  'set-autoscaler-bounds': 60,
  'prefer-capacity': 1800,
  extension: 600,
};

/** For the calls of a drain beside waiting for pods. */
export const drainOverheadSeconds = 60;

/** Kubernetes' own default for a pod that names none. */
export const defaultGraceSeconds = 30;

/** From start to Ready, for a pod whose probes do not tell. */
export const assumedReadinessSeconds = 60;
