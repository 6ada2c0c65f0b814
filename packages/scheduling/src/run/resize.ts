import type { Action, Subject, UpdateStrategy, Workload } from '@cloudoptim/core';
import { nodeResourcesFit } from '../filters/node-resources-fit.js';
import type { IncomingPod } from '../incoming-pod.js';
import { scaledValue } from '../percent.js';
import type { PlacedAction } from '../plan-index.js';
import { nextOf } from './evict.js';
import type { PlanRun } from './plan-run.js';
import { quotaReason } from './quota.js';
import { podsOf, workloadOf } from './workload-pods.js';

type Resize = Extract<Action, { kind: 'resize-workload' | 'prefer-capacity' }>;

/**
 * New requests (or preferences) for a workload's pods. In place, each pod must find the room on its own node; else the pods
 * are rolled out as the strategy says, each new one finding its place before, or where surge is not allowed after, an old one goes.
 */
export function resize(run: PlanRun, entry: PlacedAction, action: Resize): void {
  const found = workloadOf(run, entry, action.workload);
  const template = run.planned.byAction.get(action.id);
  if (found === undefined || template === undefined) return;
  const { index, workload, subject } = found;
  run.toWrite.templates.set(index, template);
  const pods = podsOf(run, index);
  if (action.kind === 'resize-workload' && action.method === 'in-place')
    resizeInPlace(run, entry, pods, template, subject);
  else rollOut(run, entry, pods, template, workload, subject);
}

function resizeInPlace(
  run: PlanRun,
  entry: PlacedAction,
  pods: readonly number[],
  template: number,
  subject: Subject,
): void {
  const { placement } = run;
  for (const pod of pods) {
    const node = placement.nodeOf(pod);
    const mark = placement.mark();
    const { occupies: _, ...extra } = placement.extraOf(pod);
    const resized: IncomingPod = {
      template,
      workload: placement.workloadOf(pod),
      name: placement.nameOf(pod),
      createdAtMs: placement.createdAtMsOf(pod),
      ...(Object.keys(extra).length === 0 ? {} : { extra }),
    };
    placement.remove(pod);
    const refused = nodeResourcesFit(placement.facts(resized), node, placement);
    if (refused === undefined) {
      placement.place(resized, node);
      continue;
    }
    placement.rollback(mark);
    run.report(
      entry,
      {
        code: 'resize-does-not-fit',
        message: `Pod ${placement.nameOf(pod)} cannot be resized where it is: ${refused.join(', ')}.`,
      },
      subject,
    );
  }
}

function rollOut(
  run: PlanRun,
  entry: PlacedAction,
  pods: readonly number[],
  template: number,
  workload: Workload,
  subject: Subject,
): void {
  const { placement } = run;
  const { surge, unavailable } = rolloutRoom(workload, pods.length);
  for (const pod of pods) {
    const next = nextOf(run, pod);
    if (!('template' in next)) continue;
    const successor: IncomingPod = { ...next, template };
    const mark = placement.mark();
    // A surge needs room, and a quota that allows one more, while the old pod is still there.
    const fitsBeside =
      surge > 0 && quotaReason(run, successor) === undefined && run.options.choose(successor, []) !== -1;
    if (!fitsBeside) placement.remove(pod);
    const node = run.options.choose(successor, []);
    if (node === -1 || (!fitsBeside && unavailable === 0)) {
      placement.rollback(mark);
      run.report(
        entry,
        {
          code: 'rollout-surge-does-not-fit',
          message: `Rolling out ${workload.kind} ${workload.namespace}/${workload.name} gets stuck: a new pod finds no place beside the old ones (maxSurge ${surge}, maxUnavailable ${unavailable}).`,
          numbers: { surge, unavailable },
        },
        subject,
      );
      return;
    }
    placement.place(successor, node);
    if (fitsBeside) placement.remove(pod);
  }
}

/** How many pods a rollout may have too many or too few; a StatefulSet replaces one at a time, Recreate all at once. */
function rolloutRoom({ kind, strategy }: Workload, replicas: number): { surge: number; unavailable: number } {
  if (kind === 'StatefulSet') return { surge: 0, unavailable: 1 };
  const { type, maxSurge = '25%', maxUnavailable = '25%' }: UpdateStrategy = strategy ?? { type: 'RollingUpdate' };
  if (type === 'Recreate') return { surge: 0, unavailable: replicas };
  const surge = scaledValue(maxSurge, replicas, 'up') ?? 0;
  const unavailable = scaledValue(maxUnavailable, replicas, 'down') ?? 0;
  // As the Deployment controller does, or else nothing could ever move.
  return surge === 0 && unavailable === 0 ? { surge: 0, unavailable: 1 } : { surge, unavailable };
}
