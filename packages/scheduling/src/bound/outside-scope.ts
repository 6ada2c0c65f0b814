import { type Action, type ClusterState, canonicalJson, type Plan, type Reason } from '@cloudoptim/core';

/** Actions that change what the bound takes as given: requests, numbers of pods, labels and taints of nodes, what pools launch. */
const changesTheQuestion: ReadonlySet<Action['kind']> = new Set([
  'taint-node',
  'label-node',
  'set-node-group-size',
  'configure-nodepool',
  'scale-workload',
  'resize-workload',
  'suspend-workload',
  'resume-workload',
]);

/** Half a nano-dollar a node may be lost in sums. */
const toleranceUsd = 1e-6;

/** Why the bound does not speak of a plan, or contradicts it; undefined where it does and the plan costs no less. */
export function outsideScope(
  state: ClusterState,
  plan: Plan,
  usdPerHour: number,
  pendingPods: boolean,
): Reason | undefined {
  const restored = poolsPutBack(plan);
  const pools = new Set(state.nodePools.map(({ name }) => name));
  for (const { id, actions } of plan.groups) {
    for (const action of actions) {
      if (action.kind === 'configure-nodepool' && restored.has(action.nodePool)) continue;
      if (changesTheQuestion.has(action.kind))
        return {
          code: 'bound-of-another-question',
          message: `Group ${id} has an action ${action.kind}; the bound takes requests, replicas, labels and taints as given.`,
        };
      if (action.kind === 'launch-node' && pools.size > 0 && !pools.has(action.via.name ?? ''))
        return {
          code: 'launch-outside-pools',
          message: `Launch ${action.key} goes through ${action.via.name ?? action.via.kind}; the bound counts what NodePools may launch.`,
        };
    }
  }
  // A plan that lets pods wait may be cheaper than any that places them.
  if (pendingPods && state.pods.node.includes(-1)) return undefined;
  const least = plan.projectedUsdPerHour.lower;
  if (least + toleranceUsd >= usdPerHour) return undefined;
  return {
    code: 'bound-above-plan',
    message: `The bound is ${usdPerHour} USD/h, but the plan says that it comes down to ${least}.`,
    numbers: { usdPerHour, projectedUsdPerHour: least },
  };
}

/** NodePools that the plan changes for a while and leaves as they were: what they may launch in the end is what they may today. */
function poolsPutBack({ groups }: Plan): ReadonlySet<string> {
  const changes = new Map<string, { readonly before: string; after: string }>();
  for (const action of groups.flatMap(({ actions }) => actions)) {
    if (action.kind !== 'configure-nodepool') continue;
    const after = canonicalJson(action.patch);
    const change = changes.get(action.nodePool);
    if (change === undefined) changes.set(action.nodePool, { before: canonicalJson(action.prior), after });
    else change.after = after;
  }
  return new Set([...changes].filter(([, { before, after }]) => before === after).map(([pool]) => pool));
}
