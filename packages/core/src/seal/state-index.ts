import type { ClusterState, HorizontalPodAutoscaler } from '../cluster-state.js';
import type { PodDisruptionBudget } from '../disruption-budget.js';
import { selectsLabels } from '../label-selector.js';
import type { Node } from '../node.js';
import { podLabels, podsByNode } from '../pod-view.js';
import { workloadKey } from '../references.js';
import type { Workload, WorkloadRef } from '../workload.js';

/** Look-ups over a state that sealing needs again and again. */
export interface StateIndex {
  readonly state: ClusterState;
  node(uid: string): Node | undefined;
  workload(ref: WorkloadRef): Workload | undefined;
  autoscaler(ref: { readonly namespace: string; readonly name: string }): HorizontalPodAutoscaler | undefined;
  /** Budgets that select some pod of this template on this node, whatever labels that pod has of its own. */
  budgetsOf(uid: string, template: number): readonly PodDisruptionBudget[];
}

export function indexState(state: ClusterState): StateIndex {
  const nodes = new Map(state.nodes.map((node, index) => [node.uid, { node, index }]));
  const workloads = new Map(state.workloads.map((workload) => [workloadKey(workload), workload]));
  const autoscalers = new Map(
    state.horizontalPodAutoscalers.map((scaler) => [`${scaler.namespace}/${scaler.name}`, scaler]),
  );
  const budgetsByNamespace = new Map<string, PodDisruptionBudget[]>();
  for (const budget of state.podDisruptionBudgets) {
    const list = budgetsByNamespace.get(budget.namespace);
    if (list === undefined) budgetsByNamespace.set(budget.namespace, [budget]);
    else list.push(budget);
  }
  let pods: number[][] | undefined;
  return {
    state,
    node: (uid) => nodes.get(uid)?.node,
    workload: (ref) => workloads.get(workloadKey(ref)),
    autoscaler: ({ namespace, name }) => autoscalers.get(`${namespace}/${name}`),
    budgetsOf(uid, template) {
      const shared = state.podTemplates[template];
      const budgets = shared === undefined ? [] : (budgetsByNamespace.get(shared.namespace) ?? []);
      if (shared === undefined || budgets.length === 0) return [];
      // Only plans with a drain pay for this pass over all pods.
      pods ??= podsByNode(state);
      const onNode = pods[nodes.get(uid)?.index ?? -1] ?? [];
      const own = onNode.filter(
        (pod) => state.pods.template[pod] === template && state.pods.extra[pod]?.labels !== undefined,
      );
      const labels = [shared.labels, ...own.map((pod) => podLabels(state, pod))];
      return budgets.filter(({ selector }) => labels.some((set) => selectsLabels(selector, set)));
    },
  };
}
