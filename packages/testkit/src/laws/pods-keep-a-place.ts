import {
  type ClusterState,
  isDaemonSetPod,
  isTerminal,
  isTerminating,
  type Plan,
  podExtra,
  workloadKey,
} from '@cloudoptim/core';
import { applyPlan } from '@cloudoptim/scheduling';
import type { AnswerLaw } from './law.js';

/** After the plan, every workload has at least as many pods on nodes as before; what the plan itself scales down is excepted. */
export const podsKeepAPlace: AnswerLaw = ({ inputs, policy, response }) => {
  if (response.plan.groups.length === 0) return undefined;
  const before = placedPods(inputs.cluster);
  const after = placedPods(applyPlan(inputs.cluster, response.plan, { market: inputs.market }));
  const scaled = scaledWorkloads(response.plan);
  for (const [owner, count] of before) {
    const left = after.get(owner) ?? 0;
    // Whoever switches the pin off gives their bare pods up: nothing brings those back.
    const isGivenUp = !policy.pins.barePods && owner.startsWith('Pod/');
    if (left < count && !isGivenUp && !scaled.has(owner))
      return `${owner} had ${count} pods on nodes and has ${left} after the plan`;
  }
  return undefined;
};

/** Pods on nodes by owner; terminating pods go anyway, and DaemonSet and mirror pods belong to their node. */
function placedPods(state: ClusterState): Map<string, number> {
  const counts = new Map<string, number>();
  for (let pod = 0; pod < state.pods.count; pod++) {
    const leaves = isTerminal(state, pod) || isTerminating(state, pod) || podExtra(state, pod).mirror === true;
    if (state.pods.node[pod] === -1 || leaves || isDaemonSetPod(state, pod)) continue;
    const workload = state.workloads[state.pods.workload[pod] as number];
    const namespace = state.podTemplates[state.pods.template[pod] as number]?.namespace ?? '';
    const owner = workload === undefined ? `Pod/${namespace}/${state.pods.name[pod]}` : workloadKey(workload);
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return counts;
}

function scaledWorkloads(plan: Plan): ReadonlySet<string> {
  const scaled = new Set<string>();
  for (const { actions } of plan.groups) {
    for (const action of actions) {
      if (action.kind === 'scale-workload' || action.kind === 'suspend-workload')
        scaled.add(workloadKey(action.workload));
    }
  }
  return scaled;
}
