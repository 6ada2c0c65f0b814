import type { IncomingPod } from '../incoming-pod.js';
import type { PlanRun } from './plan-run.js';

/**
 * A pod that found no node waits from now on in the place of one like it, which waited before and has a node by now: the same
 * owner has as many pods placed as it had, and one waits as before. Which of the two it is means nothing where pods are made from one
 * template and have neither a name of their own nor anything else, as a ReplicaSet's. Returns the one that waited, undefined where there
 * is none.
 */
export function tradePlaces(run: PlanRun, { workload, template, name, extra }: IncomingPod): IncomingPod | undefined {
  if (name !== undefined || extra !== undefined) return undefined;
  for (const position of run.state.arrived) {
    const other = run.waiting[position];
    if (other?.workload !== workload || other.template !== template || other.extra !== undefined) continue;
    run.toWrite.arrived.delete(position);
    return other;
  }
  return undefined;
}
