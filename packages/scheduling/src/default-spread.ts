import type { LabelSelector, PodTemplate } from '@cloudoptim/core';
import type { IncomingPod } from './incoming-pod.js';
import { type Labels, labelOf, selects } from './labels.js';
import { type SpreadConstraint, spreadConstraint } from './spread-constraint.js';
import type { View } from './view.js';

/**
 * The cluster's default constraints that filter, for a pod without constraints of its own. kube-scheduler's system defaults
 * are all ScheduleAnyway, so only a list configured in the profile can bear. Their selector comes from the services and the
 * controller that select the pod (pkg/scheduler/framework/plugins/helper/spread.go); without any, the defaults do not apply.
 */
export function defaultSpread(pod: IncomingPod, template: PodTemplate, labels: Labels, view: View): SpreadConstraint[] {
  const profile = view.state.scheduler.profiles.find(
    (entry) => entry.schedulerName === (template.schedulerName ?? 'default-scheduler'),
  );
  if (profile === undefined || profile.defaultConstraints === 'System') return [];
  const constraints = profile.defaultConstraints.filter((entry) => entry.whenUnsatisfiable === 'DoNotSchedule');
  if (constraints.length === 0) return [];
  const selector = defaultSelector(pod, template, labels, view);
  if (selector === undefined) return [];
  return constraints.map((constraint) =>
    spreadConstraint({ ...constraint, labelSelector: selector }, template.namespace, labels, view),
  );
}

/** What the services and the controller that select a pod have in common; undefined without any. */
export function defaultSelector(
  pod: IncomingPod,
  template: PodTemplate,
  labels: Labels,
  view: View,
): LabelSelector | undefined {
  const matchLabels: Record<string, string> = Object.create(null);
  for (const service of view.state.services) {
    if (service.namespace !== template.namespace || service.selector === undefined) continue;
    if (Object.keys(service.selector).length > 0 && selects({ matchLabels: service.selector }, labels))
      Object.assign(matchLabels, service.selector);
  }
  const owner = view.state.workloads[pod.workload];
  let matchExpressions: NonNullable<LabelSelector['matchExpressions']> = [];
  if (
    owner?.selector !== undefined &&
    ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(owner.kind)
  ) {
    Object.assign(matchLabels, owner.selector.matchLabels);
    matchExpressions = owner.selector.matchExpressions ?? [];
    // A Deployment stands for its ReplicaSets here; the selector of the ReplicaSet itself names the revision as well.
    const hash = labelOf(labels, 'pod-template-hash');
    if (owner.kind === 'Deployment' && hash !== undefined) matchLabels['pod-template-hash'] = hash;
  }
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0
    ? undefined
    : { matchLabels, matchExpressions };
}
