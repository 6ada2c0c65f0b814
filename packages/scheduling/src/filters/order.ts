import type { PodFacts } from '../pod-facts.js';
import type { Filter, PreFilter } from './filter.js';
import { interPodAffinity } from './inter-pod-affinity.js';
import { nodeAffinity, nodeAffinityConflict, nodeNames } from './node-affinity.js';
import { nodeDeclaredFeatures } from './node-declared-features.js';
import { nodeName } from './node-name.js';
import { nodePorts } from './node-ports.js';
import { nodeResourcesFit } from './node-resources-fit.js';
import { nodeUnschedulable } from './node-unschedulable.js';
import { nodeVolumeLimits } from './node-volume-limits.js';
import { podTopologySpread } from './pod-topology-spread.js';
import { schedulingGates } from './scheduling-gates.js';
import { taintToleration } from './taint-toleration.js';
import { claimsUsable, volumeBinding } from './volume-binding.js';
import { claimsExist, volumeRestrictions } from './volume-restrictions.js';
import { volumesExist, volumeZone } from './volume-zone.js';

/**
 * Order is policy: only the first refusal is reported, so the order of kube-scheduler's default plugins decides the words a
 * person reads (pkg/scheduler/apis/config/v1/default_plugins.go, 1.36). DynamicResources stands between InterPodAffinity and
 * NodeDeclaredFeatures; pods that use it are `unsupported` before any filter is asked.
 */
export const preFilters: readonly (readonly [plugin: string, preFilter: PreFilter])[] = [
  // Not queued at all while gated, so nothing else is ever asked.
  ['SchedulingGates', schedulingGates],
  // Refusals of the whole pod come before any node is looked at.
  ['NodeAffinity', nodeAffinityConflict],
  ['VolumeRestrictions', claimsExist],
  ['VolumeBinding', claimsUsable],
  ['VolumeZone', volumesExist],
];

/** Filters that look only at the node's object and the pod's template: their answers are kept until the node changes. */
export const objectFilters: readonly (readonly [plugin: string, filter: Filter])[] = [
  // Nodes that the PreFilter of NodeAffinity left out are not filtered by anything else.
  ['NodeAffinity', nodeNames],
  ['NodeUnschedulable', nodeUnschedulable],
  ['NodeName', nodeName],
  ['TaintToleration', taintToleration],
  ['NodeAffinity', nodeAffinity],
];

/** Filters that depend on who else is there, each with the pods that it can bear on at all. */
export const occupancyFilters: readonly (readonly [
  plugin: string,
  filter: Filter,
  bearsOn: (pod: PodFacts) => boolean,
])[] = [
  ['NodePorts', nodePorts, (pod) => pod.hostPorts.length > 0],
  // The only one that gives all its reasons.
  ['NodeResourcesFit', nodeResourcesFit, () => true],
  ['VolumeRestrictions', volumeRestrictions, hasVolumes],
  ['NodeVolumeLimits', nodeVolumeLimits, hasVolumes],
  ['VolumeBinding', volumeBinding, hasVolumes],
  ['VolumeZone', volumeZone, hasVolumes],
  ['PodTopologySpread', podTopologySpread, (pod) => pod.spread.length > 0],
  // Bound pods may be averse to any pod.
  ['InterPodAffinity', interPodAffinity, () => true],
  ['NodeDeclaredFeatures', nodeDeclaredFeatures, (pod) => (pod.template.requiredNodeFeatures ?? []).length > 0],
];

function hasVolumes(pod: PodFacts): boolean {
  return pod.claims.length > 0 || pod.freshVolumes.length > 0 || pod.inlineEbsVolumes.length > 0;
}
