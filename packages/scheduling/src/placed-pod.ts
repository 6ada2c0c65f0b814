import type { PodTemplate, Workload } from '@cloudoptim/core';
import type { Labels } from './labels.js';
import type { Placement } from './placement.js';

/** What is asked of a pod in a placement, whether it was in the state or was placed since. */

export function templateOfPod(placement: Placement, pod: number): PodTemplate {
  return placement.state.podTemplates[placement.templateOf(pod)] as PodTemplate;
}

export function ownerOfPod(placement: Placement, pod: number): Workload | undefined {
  return placement.state.workloads[placement.workloadOf(pod)];
}

export function namespaceOfPod(placement: Placement, pod: number): string {
  return templateOfPod(placement, pod).namespace;
}

export function labelsOfPod(placement: Placement, pod: number): Labels {
  const own = placement.extraOf(pod).labels;
  const shared = templateOfPod(placement, pod).labels;
  return own === undefined ? shared : { ...shared, ...own };
}

export function annotationsOfPod(placement: Placement, pod: number): Labels {
  return { ...templateOfPod(placement, pod).annotations, ...placement.extraOf(pod).annotations };
}

/** Bound pods run unless said otherwise; a pod that was placed since counts as running. */
function phaseOfPod(placement: Placement, pod: number): string {
  return placement.extraOf(pod).phase ?? (placement.nodeOf(pod) === -1 ? 'Pending' : 'Running');
}

export function isPodReady(placement: Placement, pod: number): boolean {
  return placement.extraOf(pod).ready ?? phaseOfPod(placement, pod) === 'Running';
}

/** Pods that the Eviction API lets go without asking any budget. */
export function evictsFreely(placement: Placement, pod: number): boolean {
  const phase = phaseOfPod(placement, pod);
  return phase !== 'Running' && phase !== 'Unknown' ? true : placement.extraOf(pod).deletionAtMs !== undefined;
}
