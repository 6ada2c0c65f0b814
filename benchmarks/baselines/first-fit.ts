import type { ClusterState, Node, PodTemplate } from '@cloudoptim/core';
import { createFastPlacement, type FastPlacement, type IncomingPod, type Placement } from '@cloudoptim/scheduling';

/** Pods onto the first node that takes them, in the order of nodes, by kube-scheduler's rules. */
export interface FirstFit {
  readonly placement: FastPlacement;
  /** Adds a node with its DaemonSet pods; returns its index. */
  addNode(node: Node): number;
  /** Places the pod on the first node that takes it; returns the node's index, or -1. */
  place(pod: IncomingPod): number;
  /** Places the pod where kube-scheduler's scoring of room would; returns the node's index, or -1. */
  schedule(pod: IncomingPod): number;
  /** Places the pod on this node if it takes it. */
  placeOn(pod: IncomingPod, node: number): boolean;
  mark(): number;
  rollback(mark: number): void;
}

export function createFirstFit(state: ClusterState): FirstFit {
  const placement = createFastPlacement(state);
  // Where a template did not fit it will not fit later either, as long as nodes only fill up: a look is not repeated.
  let cursors = new Map<number, number>();
  const daemonSets = state.workloads.flatMap(({ kind, successorTemplate }, workload) =>
    kind === 'DaemonSet' && successorTemplate >= 0 ? [{ workload, template: successorTemplate }] : [],
  );
  const placeOn = (pod: IncomingPod, node: number): boolean => {
    if (!hasRoom(placement, pod, node) || !placement.isFeasible(pod, node)) return false;
    placement.place(pod, node);
    return true;
  };
  return {
    placement,
    addNode(node) {
      const index = placement.addNode(node);
      for (const daemon of daemonSets) placeOn({ ...daemon, extra: { pinnedNode: node.name } }, index);
      return index;
    },
    place(pod) {
      const onlyFills = isMonotone(state.podTemplates[pod.template] as PodTemplate);
      const from = onlyFills ? (cursors.get(pod.template) ?? 0) : 0;
      for (let node = from; node < placement.nodeCount; node++) {
        if (placement.node(node) === undefined || !placeOn(pod, node)) continue;
        if (onlyFills) cursors.set(pod.template, node);
        return node;
      }
      if (onlyFills) cursors.set(pod.template, placement.nodeCount);
      return -1;
    },
    schedule(pod) {
      const node = placement.choose(pod, 'leastAllocated');
      if (node >= 0) placement.place(pod, node);
      return node;
    },
    placeOn,
    mark: () => placement.mark(),
    rollback(mark) {
      placement.rollback(mark);
      cursors = new Map();
    },
  };
}

/** Whether other pods can only ever keep it from a node, never help it there. */
function isMonotone({ topologySpread = [], podAffinity }: PodTemplate): boolean {
  return topologySpread.length === 0 && (podAffinity?.required ?? []).length === 0;
}

function hasRoom(placement: Placement, { template }: IncomingPod, node: number): boolean {
  const needs = placement.state.podTemplates[template]?.needs;
  const free = placement.free(node);
  return (
    needs !== undefined &&
    free.pods >= 1 &&
    needs.cpuMillicores <= free.cpuMillicores &&
    needs.memoryBytes <= free.memoryBytes
  );
}

/** Every pod that needs a place, bound or waiting, DaemonSet pods apart; the largest by cpu, then by memory, first. */
export function decreasing(state: ClusterState, among?: readonly number[]): IncomingPod[] {
  const pods = among ?? Array.from({ length: state.pods.count }, (_, pod) => pod);
  const needs = (pod: number) => (state.podTemplates[state.pods.template[pod] as number] as PodTemplate).needs;
  return pods
    .filter((pod) => state.workloads[state.pods.workload[pod] as number]?.kind !== 'DaemonSet')
    .sort(
      (a, b) => needs(b).cpuMillicores - needs(a).cpuMillicores || needs(b).memoryBytes - needs(a).memoryBytes || a - b,
    )
    .map((pod) => ({ template: state.pods.template[pod] as number, workload: state.pods.workload[pod] as number }));
}

/** The cluster without its nodes, and with nobody placed. */
export function emptied(state: ClusterState): ClusterState {
  const none = { count: 0, name: [], template: [], workload: [], node: [], createdAtSeconds: [], extra: {} };
  return { ...state, nodes: [], pods: none };
}
