/**
 * What shows in a live cluster that a refusal was right, for tests that carry refused plans out for real. `observable`: it is
 * seen to happen when the plan is executed anyway, on the way or at rest. `precautionary`: nothing need happen; the live fact
 * that triggers the refusal is there to be read. `paper`: the plan contradicts itself, the state or the policy it was
 * verified with, and no cluster is needed to see it.
 */
export type RefusalEvidence =
  | { readonly kind: 'observable'; readonly seen: string }
  | { readonly kind: 'precautionary'; readonly fact: string }
  | { readonly kind: 'paper' };

const observable = (seen: string): RefusalEvidence => ({ kind: 'observable', seen });
const precautionary = (fact: string): RefusalEvidence => ({ kind: 'precautionary', fact });
const paper: RefusalEvidence = { kind: 'paper' };

const pendingPod = observable(
  'a pod that was placed before is Pending at rest, PodScheduled=False, in some order of groups',
);
const evictionRefused = observable('POST pods/NAME/eviction answers 429 while the plan runs');

/** By refusal code. */
export const refusalEvidence: Readonly<Record<string, RefusalEvidence>> = {
  // On the way: where pods go, and what the API server and its controllers answer.
  'pod-without-a-place': pendingPod,
  'pending-pod-without-a-place': observable(
    'a pod that had no node before the plan, or was yet to be made, is Pending at rest and would not have been',
  ),
  'not-robust': observable(
    'a pod that was placed before is Pending at rest, for some ties of the scheduler, order of groups or failure; where many runs show none, the refusal was careful and is counted as not confirmed',
  ),
  preemption: observable(
    'a pod that no action evicts is ended by the scheduler for one that waited, and waits in its place or moves; where many runs show none, the refusal was careful',
  ),
  'expected-placement-infeasible': observable(
    'the scheduler puts the pod on another node than the plan expects, or on none',
  ),
  'expected-placements-leave-no-room': observable(
    'a pod is Pending, or the scheduler puts pods on other nodes than the plan expects, which leaves the room',
  ),
  'pod-disruption-budget': evictionRefused,
  'several-pdbs': observable('POST pods/NAME/eviction answers 500: more than one PodDisruptionBudget'),
  'quota-refuses-successor': observable(
    'the owner has an event FailedCreate with "exceeded quota", and fewer pods than replicas',
  ),
  'daemonset-does-not-fit-new-node': observable('the DaemonSet’s pod on the new node stays Pending'),
  'rollout-surge-does-not-fit': observable('a new pod of the rollout stays Pending and the rollout does not progress'),
  'resize-does-not-fit': observable('the pod has the condition PodResizePending, Infeasible or Deferred'),
  'node-not-drained': observable('pods that no drain evicted are deleted with their node'),
  'drain-lists-other-pods': observable(
    'the node holds other evictable pods, by template and count, than the drain lists',
  ),
  'not-cordoned': observable('an evicted pod’s successor may be bound to the node that is being drained'),
  'bare-pod': observable('the pod is gone and nothing brings it back'),
  'static-pod': observable('the mirror pod comes back at once while its kubelet runs, and is gone with its node'),
  'local-volume': observable('the successor is Pending: node(s) didn’t match PersistentVolume’s node affinity'),
  'single-replica-without-surge': observable('the workload has no Ready pod for a while'),
  'last-CNI-or-DNS-replica': observable('no Ready pod of it is left for a while'),
  'webhook-backend-drained': observable('pods cannot be created while no backend of the webhook is Ready'),
  'facts-differ': observable('a live object is not as the action expects when its turn comes'),
  'startup-taint': observable('the new node keeps the taint and takes no pods'),
  'node-already-terminating': observable('the node or its NodeClaim has a deletionTimestamp before the plan starts'),
  'node-not-ready': observable('the node’s Ready condition is not True; its pods do not end by eviction'),
  'removed-twice': observable('the second removal answers 404'),
  'no-such-node': observable('GET of the node answers 404 when the action’s turn comes'),
  'no-such-pod': observable('the pod is not on that node when the action’s turn comes'),
  'no-such-workload': observable('GET of the workload answers 404'),
  'no-such-autoscaler': observable('GET of the autoscaler answers 404'),
  'drain-deadline': observable('the drain takes longer than its deadline'),
  // Careful: somebody wished it, or something is under way that could go wrong.
  'do-not-disrupt': precautionary('annotation karpenter.sh/do-not-disrupt on the pod or node'),
  'safe-to-evict': precautionary('annotation cluster-autoscaler.kubernetes.io/safe-to-evict: "false" on the pod'),
  'scale-down-disabled': precautionary('annotation cluster-autoscaler.kubernetes.io/scale-down-disabled on the node'),
  'peer-opt-out': precautionary('label or annotation of another tool’s opt-out on the pod or node'),
  'not-karpenters-to-do': precautionary('the node has no NodeClaim, or Karpenter has no such act'),
  'unknown-owner': precautionary('no label or reference of the node names an owner that is known'),
  'unknown-successor': precautionary('the owner’s current revision is not among the listed objects'),
  'unsupported-scheduling': precautionary(
    'the pod asks for what the filters do not decide: claims of devices, another scheduler, a pod group',
  ),
  'rollout-in-progress': precautionary('the workload’s observed generation or updated replicas lag behind'),
  'predecessor-not-ready': precautionary(
    'a pod of the StatefulSet, of a lower ordinal than one that goes or any where it is scaled, has no node or is not Ready',
  ),
  'nominated-pod': precautionary('status.nominatedNodeName of a pod without a node names the node'),
  'hpa-moving': precautionary('the HorizontalPodAutoscaler’s current and desired replicas differ'),
  'autoscaler-owns-replicas': precautionary('a HorizontalPodAutoscaler targets the workload'),
  'gitops-reverts': precautionary('labels or annotations of a GitOps tool on the workload'),
  'cannot-surge': precautionary('the workload is not of a kind whose pods can be told which goes first'),
  'attach-slots-on-new-node': precautionary('no CSINode tells how many volumes the node to come attaches'),
  'nodepool-budget': precautionary('spec.disruption.budgets of the NodePool'),
  'nodepool-limits': precautionary('spec.limits and status.resources of the NodePool'),
  'node-group-min': precautionary('minimum size of the group, or replicas of the static NodePool'),
  'node-group-max': precautionary('maximum size of the group'),
  'names-no-victim': precautionary('a smaller desired size: the group chooses which instance goes'),
  'host-path': precautionary('a hostPath volume in the pod'),
  'empty-dir': precautionary('an emptyDir volume on disk in the pod'),
  job: precautionary('an owner of kind Job or CronJob'),
  // Policy, prices and the plan itself.
  'disruption-budget': paper,
  'max-disruption': paper,
  'min-savings': paper,
  'namespace-excluded': paper,
  'offering-not-allowed': paper,
  'on-demand-floor': paper,
  'extension-not-allowed': paper,
  'too-many-groups-in-flight': paper,
  'no-supply': paper,
  'price-above-cap': paper,
  'price-premium': paper,
  'unpriced-launch': paper,
  'allocatable-overstated': paper,
  'money-differs': paper,
  'money-not-finite': paper,
  'estimate-bold': paper,
  'estimate-disordered': paper,
  'expectations-differ': paper,
  'expected-on-removed-node': paper,
  'cyclic-dependencies': paper,
  'repeated-id': paper,
  'unknown-dependency': paper,
  'unknown-reference': paper,
  'unknown-schema': paper,
  'wrong-cluster': paper,
  'wrong-owner': paper,
  'resumes-nothing': paper,
  'plan-expired': paper,
  headroom: paper,
  frozen: paper,
};
