import type { Action, OfferingRef } from '@cloudoptim/core';
import { refusal } from '../fits.js';
import type { IncomingPod } from '../incoming-pod.js';
import type { PlacedAction } from '../plan-index.js';
import { tolerates } from '../tolerations.js';
import { bindWaiting, kindsOf } from './bind-waiting.js';
import type { PlanRun } from './plan-run.js';

type Launch = Extract<Action, { kind: 'launch-node' }>;

/** What a node has from when it registers until it is Ready (plugin/pkg/admission/nodetaint, TaintNodesByCondition). */
const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const;

/**
 * Brings the node, and the pods that DaemonSets put on it. Those that tolerate it before it is Ready are there before anybody else can be.
 * The others stand in the queue with all pods, and the ones that waited before have been in it for longer: when the run says so, these
 * take room first.
 */
export function launch(run: PlanRun, entry: PlacedAction, action: Launch): void {
  const { options } = run;
  const offering = action.offerings[options.offering?.(action.offerings.length) ?? 0] ?? action.offerings[0];
  const { node, daemonSetPods } = run.launched(action, offering);
  const index = run.placement.addNode(node);
  run.toWrite.launched.set(action.key, index);
  const queued = options.daemonSetsQueue?.() === true ? daemonSetPods.filter((pod) => queuesBehind(run, pod)) : [];
  land(
    run,
    entry,
    index,
    daemonSetPods.filter((pod) => !queued.includes(pod)),
  );
  if (queued.length === 0) return;
  bindWaiting(run, { made: 'node', entry });
  land(run, entry, index, queued);
}

/** Adds the node that a launch brings when it gets this offering, its DaemonSets' pods on it; returns its index. */
export function bringNode(run: PlanRun, entry: PlacedAction, action: Launch, offering: OfferingRef): number {
  const { node, daemonSetPods } = run.launched(action, offering);
  const index = run.placement.addNode(node);
  land(run, entry, index, daemonSetPods);
  return index;
}

function land(run: PlanRun, entry: PlacedAction, index: number, pods: readonly IncomingPod[]): void {
  const { placement } = run;
  for (const pod of pods) {
    const facts = placement.facts(pod);
    const refused = refusal(facts, index, placement);
    if (refused === undefined) placement.place(pod, index);
    else {
      run.toWrite.pending.push(pod);
      const owner = placement.state.workloads[pod.workload];
      const { uid = '', name = '' } = placement.node(index) ?? {};
      run.report(
        entry,
        {
          code: 'daemonset-does-not-fit-new-node',
          message: `A pod of DaemonSet ${facts.namespace}/${owner?.name ?? ''} belongs on ${name} but does not fit: ${refused.reasons.join(', ')}.`,
        },
        { kind: 'node', uid, name },
      );
    }
  }
}

/** Whether some pod that waits may come before a DaemonSet's: it is not kept off by the node's being new, nor by being less important. */
function queuesBehind(run: PlanRun, pod: IncomingPod): boolean {
  const { template } = run.placement.facts(pod);
  if (tolerates(template.tolerations, notReady, run.placement.comparisonOperators)) return false;
  // By kind: where a DaemonSet is more important than ten thousand that wait, each launch would look at all of them.
  return kindsOf(run).some((waiting) => (waiting.template.priority ?? 0) >= (template.priority ?? 0));
}
