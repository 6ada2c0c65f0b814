import type { HorizontalPodAutoscaler, Policy, Reason, Subject, Workload } from '@cloudoptim/core';
import type { Budgets } from './budgets.js';
import { protects } from './durations.js';
import { workingPlacement } from './fits.js';
import { labelOf } from './labels.js';
import type { Obstacle } from './node-obstacles.js';
import { annotationsOfPod, evictsFreely, labelsOfPod, ownerOfPod, templateOfPod } from './placed-pod.js';
import type { Placement } from './placement.js';
import { predecessorReason } from './predecessor-reason.js';
import { busyReason } from './rollout-reason.js';
import { type Successor, successorOf } from './successor.js';

/** What a rule against evicting a pod may look at; worked out once for all rules. */
export interface PodCase {
  readonly placement: Placement;
  readonly pod: number;
  readonly policy: Policy;
  readonly now: number;
  readonly budgets: Budgets;
  readonly autoscalers: ReadonlyMap<number, readonly HorizontalPodAutoscaler[]>;
  /** By template and owner, whether pods with nothing of their own need only ask their budgets: most pods of a cluster. */
  readonly unopposed: Map<number, boolean>;
}

type Rule = (podCase: PodCase) => Reason | undefined;

/**
 * Rules against taking a pod off its node. All are asked, so that a person sees everything that stands in the way; people's
 * wishes first, then what the pod would lose, then what the cluster does right now. Budgets, which change with every eviction, come last.
 */
const rules: readonly Rule[] = [
  doNotDisrupt,
  safeToEvict,
  peerOptOut,
  namespaceExcluded,
  staticPod,
  barePod,
  job,
  localVolume,
  hostPath,
  emptyDir,
  singleReplica,
  busy,
  predecessor,
  unknownSuccessor,
  unsupportedScheduling,
];

/** Rules that hold for DaemonSet pods as well, which go with their node. */
const rulesForDaemonSets: readonly Rule[] = [doNotDisrupt, staticPod];

/** Everything that forbids taking the pod off its node now. Pods that end or have ended forbid nothing. */
export function obstaclesOfPod(podCase: PodCase): readonly Obstacle[] {
  const { placement, pod } = podCase;
  if (placement.nodeOf(pod) === -1 || placement.extraOf(pod).deletionAtMs !== undefined) return none;
  const owner = ownerOfPod(placement, pod);
  if (owner?.kind === 'DaemonSet') return refusedBy(rulesForDaemonSets, podCase);
  const own = isUnopposed(podCase, owner) ? none : refusedBy(rules, podCase);
  const reason = budget(podCase);
  return reason === undefined ? own : [...own, { reason, subject: subjectOf(podCase) }];
}

const none: readonly Obstacle[] = [];

function refusedBy(asked: readonly Rule[], podCase: PodCase): Obstacle[] {
  return asked.flatMap((rule) => {
    const reason = rule(podCase);
    return reason === undefined ? [] : [{ reason, subject: subjectOf(podCase) }];
  });
}

function subjectOf({ placement, pod }: PodCase): Subject {
  return { kind: 'pod', namespace: templateOfPod(placement, pod).namespace, name: placement.nameOf(pod) };
}

/** Whether no rule can speak against the pod because none does against its like, which is asked once. */
function isUnopposed(podCase: PodCase, owner: Workload | undefined): boolean {
  const { placement, pod, unopposed } = podCase;
  const { pods, podTemplates } = placement.state;
  // A StatefulSet's pods have claims by their names.
  if (pod >= pods.count || pods.extra[pod] !== undefined || owner?.kind === 'StatefulSet') return false;
  const key = placement.templateOf(pod) * (placement.state.workloads.length + 1) + placement.workloadOf(pod);
  let known = unopposed.get(key);
  if (known === undefined) {
    // How long that one holds depends on the pod.
    const isTimed = labelOf(podTemplates[placement.templateOf(pod)]?.annotations ?? {}, doNotDisruptKey) !== undefined;
    known = !isTimed && rules.every((rule) => rule(podCase) === undefined);
    unopposed.set(key, known);
  }
  return known;
}

const doNotDisruptKey = 'karpenter.sh/do-not-disrupt';

function doNotDisrupt({ placement, pod, policy, now }: PodCase): Reason | undefined {
  const value = labelOf(annotationsOfPod(placement, pod), doNotDisruptKey);
  const since = workingPlacement(placement).createdAtMsOf(pod);
  if (!policy.optOuts.doNotDisrupt || !protects(value, since, now)) return undefined;
  return refuse('do-not-disrupt', `carries karpenter.sh/do-not-disrupt: ${value}`, placement, pod);
}

function safeToEvict({ placement, pod, policy }: PodCase): Reason | undefined {
  const value = labelOf(annotationsOfPod(placement, pod), 'cluster-autoscaler.kubernetes.io/safe-to-evict');
  if (!policy.optOuts.safeToEvict || value !== 'false') return undefined;
  return refuse('safe-to-evict', 'carries cluster-autoscaler.kubernetes.io/safe-to-evict: false', placement, pod);
}

/** Opt-outs of the descheduler, Spot Ocean, Cast AI and Kilter, whichever is installed; some are labels, some annotations. */
const peers: readonly string[] = [
  'descheduler.alpha.kubernetes.io/prefer-no-eviction',
  'spotinst.io/restrict-scale-down',
  'autoscaling.cast.ai/removal-disabled',
  'kilter.dev/do-not-evict',
  'kilter.dev/freeze',
];

/** The opt-out of another tool that these labels or annotations carry. */
export function peerOptOutIn(...sources: readonly Readonly<Record<string, string>>[]): string | undefined {
  return peers.find((key) =>
    sources.some((source) => {
      const value = labelOf(source, key);
      return value !== undefined && value !== 'false';
    }),
  );
}

function peerOptOut({ placement, pod, policy }: PodCase): Reason | undefined {
  const key = peerOptOutIn(annotationsOfPod(placement, pod), labelsOfPod(placement, pod));
  if (!policy.optOuts.peers || key === undefined) return undefined;
  return refuse('peer-opt-out', `carries ${key}`, placement, pod);
}

function namespaceExcluded({ placement, pod, policy: { namespaces } }: PodCase): Reason | undefined {
  const { namespace } = templateOfPod(placement, pod);
  if (namespaces.exclude.includes(namespace))
    return refuse('namespace-excluded', `is in ${namespace}, which policy.namespaces.exclude names`, placement, pod);
  if (namespaces.include.length > 0 && !namespaces.include.includes(namespace))
    return refuse(
      'namespace-excluded',
      `is in ${namespace}, which policy.namespaces.include leaves out`,
      placement,
      pod,
    );
  return undefined;
}

function staticPod({ placement, pod }: PodCase): Reason | undefined {
  if (placement.extraOf(pod).mirror !== true) return undefined;
  return refuse(
    'static-pod',
    'is a static pod of its kubelet: nothing evicts it and nothing brings it back',
    placement,
    pod,
  );
}

function barePod({ placement, pod, policy }: PodCase): Reason | undefined {
  if (!policy.pins.barePods || placement.extraOf(pod).mirror === true) return undefined;
  if (ownerOfPod(placement, pod) !== undefined) return undefined;
  return refuse('bare-pod', 'has no controller, so nothing would bring it back', placement, pod);
}

function job({ placement, pod, policy }: PodCase): Reason | undefined {
  const kind = ownerOfPod(placement, pod)?.kind;
  if (!policy.pins.jobs || (kind !== 'Job' && kind !== 'CronJob')) return undefined;
  return refuse('job', 'belongs to a Job: an eviction throws its work away', placement, pod);
}

function localVolume({ placement, pod }: PodCase): Reason | undefined {
  const { lookups, claimsOf } = access(placement);
  const { namespace } = templateOfPod(placement, pod);
  for (const name of claimsOf(pod)) {
    const volume = lookups.claim(namespace, name)?.volume;
    if (volume !== undefined && lookups.volume(volume)?.local === true)
      return refuse('local-volume', `keeps its data in ${volume} on the disk of its node`, placement, pod);
  }
  return undefined;
}

function hostPath({ placement, pod, policy }: PodCase): Reason | undefined {
  const volume = templateOfPod(placement, pod).volumes?.find((entry) => entry.kind === 'host-path');
  if (!policy.pins.hostPath || volume?.kind !== 'host-path') return undefined;
  return refuse('host-path', `mounts ${volume.path} of its node`, placement, pod);
}

/** Volumes in memory and those that Cluster Autoscaler's annotation lists do not pin, as there. */
function emptyDir({ placement, pod, policy }: PodCase): Reason | undefined {
  if (!policy.pins.emptyDir) return undefined;
  const listed = labelOf(
    annotationsOfPod(placement, pod),
    'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes',
  );
  const free = new Set(listed?.split(',').map((name) => name.trim()));
  const volume = templateOfPod(placement, pod).volumes?.find(
    (entry) => entry.kind === 'empty-dir' && entry.medium !== 'Memory' && !free.has(entry.volume),
  );
  if (volume?.kind !== 'empty-dir') return undefined;
  return refuse('empty-dir', `would lose its emptyDir volume ${volume.volume}`, placement, pod);
}

function singleReplica({ placement, pod, policy }: PodCase): Reason | undefined {
  const owner = ownerOfPod(placement, pod);
  if (!policy.pins.singleReplica || owner?.replicas !== 1 || owner.kind === 'Job') return undefined;
  return refuse(
    'single-replica-without-surge',
    `is the only replica of ${owner.kind} ${owner.name}; surge it first, or set policy.pins.singleReplica to false`,
    placement,
    pod,
  );
}

function busy({ placement, pod, autoscalers }: PodCase): Reason | undefined {
  const owner = ownerOfPod(placement, pod);
  return owner === undefined ? undefined : busyReason(owner, autoscalers.get(placement.workloadOf(pod)) ?? []);
}

function predecessor({ placement, pod }: PodCase): Reason | undefined {
  return predecessorReason(placement.state, placement.workloadOf(pod), placement.nameOf(pod));
}

function unknownSuccessor({ placement, pod }: PodCase): Reason | undefined {
  const successor = successorIn(placement, pod);
  return 'unknown' in successor ? successor.unknown : undefined;
}

function unsupportedScheduling({ placement, pod }: PodCase): Reason | undefined {
  const successor = successorIn(placement, pod);
  return 'template' in successor ? workingPlacement(placement).facts(successor).unsupported : undefined;
}

function budget({ placement, pod, budgets }: PodCase): Reason | undefined {
  if (evictsFreely(placement, pod)) return undefined;
  const answer = budgets.allowed(pod);
  return answer.allowed ? undefined : answer.reason;
}

/** Pods that were placed since are of the current revision, so their successor is like them. */
export function successorIn(placement: Placement, pod: number): Successor {
  if (pod < placement.state.pods.count) return successorOf(placement.state, pod);
  const extra = placement.extraOf(pod);
  return {
    template: placement.templateOf(pod),
    workload: placement.workloadOf(pod),
    ...(Object.keys(extra).length === 0 ? {} : { extra, name: placement.nameOf(pod) }),
  };
}

function access(placement: Placement) {
  const view = workingPlacement(placement);
  return { lookups: view.lookups, claimsOf: (pod: number) => view.claimsOf(pod) };
}

function refuse(code: string, why: string, placement: Placement, pod: number): Reason {
  return { code, message: `Pod ${templateOfPod(placement, pod).namespace}/${placement.nameOf(pod)} ${why}.` };
}
