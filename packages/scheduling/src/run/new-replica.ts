import type { Workload } from '@cloudoptim/core';
import type { IncomingPod } from '../incoming-pod.js';
import type { PlanRun } from './plan-run.js';

/** The next pod of a workload; undefined when its template is not known. */
export function newReplica(run: PlanRun, index: number, ordinal: number): IncomingPod | undefined {
  const workload = run.placement.state.workloads[index] as Workload;
  const template = run.state.templates.get(index) ?? workload.successorTemplate;
  if (template < 0) return undefined;
  return workload.kind === 'StatefulSet'
    ? statefulPod(workload, index, template, ordinal)
    : { template, workload: index };
}

function statefulPod(workload: Workload, index: number, template: number, ordinal: number): IncomingPod {
  const name = `${workload.name}-${ordinal}`;
  const claims = (workload.claimTemplates ?? []).map((claim) => `${claim}-${name}`);
  return {
    template,
    workload: index,
    name,
    extra: {
      labels: { 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal) },
      ...(claims.length === 0 ? {} : { claims }),
    },
  };
}
