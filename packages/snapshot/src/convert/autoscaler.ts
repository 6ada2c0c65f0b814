import { type Json, records } from '../fields.js';

/** A node autoscaler that runs as pods in the cluster. `other` is one whose nodes we cannot tell from the rest. */
export type RunningAutoscaler = 'cluster-autoscaler' | 'other';

/** Image repositories end so: registry.k8s.io/autoscaling/cluster-autoscaler, spotinst/kubernetes-cluster-controller, castai/… */
const known: readonly (readonly [RegExp, RunningAutoscaler])[] = [
  [/(^|[/-])cluster-autoscaler([:@-]|$)/, 'cluster-autoscaler'],
  [/(^|\/)(spotinst|castai|cloudpilot-ai|agenticode)[/-]/, 'other'],
  [/(^|\/)ocean-controller|kubernetes-cluster-controller/, 'other'],
];

/** The node autoscaler that a pod spec runs, told by its images. */
export function runningAutoscaler(spec: Json): RunningAutoscaler | undefined {
  for (const container of records(spec, 'containers', 'spec')) {
    const image = container.image;
    if (typeof image !== 'string') continue;
    for (const [pattern, autoscaler] of known) if (pattern.test(image)) return autoscaler;
  }
  return undefined;
}
