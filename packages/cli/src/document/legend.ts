import {
  type ClusterState,
  createPriceBook,
  isDaemonSetPod,
  type Market,
  type Node,
  type Plan,
  podsByNode,
  type WorkloadRef,
} from '@cloudoptim/core';
import type { Legend, LegendNode } from './analysis-document.js';

/** Names and figures of a state that a reader of its plan needs. */
export function legendOf(state: ClusterState, market: Market, plan: Plan): Legend {
  const prices = createPriceBook(market);
  const pods = podsByNode(state);
  return {
    nodes: state.nodes.map((node, index) => {
      const usdPerHour = prices.nodeUsdPerHour(node) ?? null;
      return {
        ...described(node),
        usdPerHour,
        pods: (pods[index] ?? []).filter((pod) => !isDaemonSetPod(state, pod)).length,
      };
    }),
    templates: templatesOf(state, plan),
  };
}

function described(node: Node): Omit<LegendNode, 'usdPerHour' | 'pods'> {
  const { uid, name, instanceType, zone, capacityType, owner } = node;
  return {
    uid,
    name,
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(zone === undefined ? {} : { zone }),
    ...(capacityType === undefined ? {} : { capacityType }),
    owner: owner.name === undefined ? owner.kind : `${owner.kind} ${owner.name}`,
  };
}

function templatesOf(state: ClusterState, plan: Plan): Legend['templates'] {
  const wanted = new Set<number>();
  for (const group of plan.groups) {
    for (const action of group.actions) {
      if (action.kind === 'drain-node') for (const { template } of action.pods) wanted.add(template);
      if (action.kind === 'evict-pod') wanted.add(action.template);
    }
  }
  const found = new Map<number, WorkloadRef>();
  for (let pod = 0; pod < state.pods.count && found.size < wanted.size; pod++) {
    const template = state.pods.template[pod] ?? -1;
    const workload = state.workloads[state.pods.workload[pod] ?? -1];
    if (!wanted.has(template) || found.has(template) || workload === undefined) continue;
    found.set(template, { kind: workload.kind, namespace: workload.namespace, name: workload.name });
  }
  return [...found].sort(([a], [b]) => a - b).map(([template, workload]) => ({ template, workload }));
}
