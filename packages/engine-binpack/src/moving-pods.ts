import { type ClusterState, isDaemonSetPod, isTerminating, podExtra } from '@cloudoptim/core';
import type { WorkingCluster } from './working-cluster.js';

/**
 * Pods of the node that must find another, in drain order: those with rules beyond size first (a host port has few places left
 * once others took the room), then large ones, since small ones find gaps later. Pods of equal templates stay together,
 * because a drain lists pods by template.
 */
export function drainOrder(cluster: WorkingCluster, node: number): number[] {
  const { placement } = cluster;
  const { rank } = factsOf(cluster.state);
  const pods = movingPods(cluster, node);
  return pods.sort(
    (a, b) => (rank[placement.templateOf(a)] as number) - (rank[placement.templateOf(b)] as number) || a - b,
  );
}

/** The same pods in no particular order. */
export function movingPods({ placement, state }: WorkingCluster, node: number): number[] {
  const { stays } = factsOf(state);
  return placement
    .podsOn(node)
    .filter((pod) =>
      pod < state.pods.count ? stays[pod] === 0 : state.workloads[placement.workloadOf(pod)]?.kind !== 'DaemonSet',
    );
}

/** Whether a drain evicts this pod of the state: not of a DaemonSet, not the kubelet's own, and not going anyway. */
export function isEvictable(state: ClusterState, pod: number): boolean {
  return factsOf(state).stays[pod] === 0;
}

/** One number for how hard a template is to place: cores, and memory at four GiB a core. */
export function podSize(state: ClusterState, template: number): number {
  const needs = state.podTemplates[template]?.needs;
  return needs === undefined ? 0 : needs.cpuMillicores / 1000 + needs.memoryBytes / 2 ** 32;
}

interface PodsFacts {
  /** By pod of the state: 1 where it goes with its node. */
  readonly stays: Uint8Array;
  /** By template: its turn in a drain. */
  readonly rank: Int32Array;
}

const known = new WeakMap<ClusterState, PodsFacts>();

/** A search asks about the same pods thousands of times. */
function factsOf(state: ClusterState): PodsFacts {
  let facts = known.get(state);
  if (facts === undefined) {
    const stays = new Uint8Array(state.pods.count);
    for (let pod = 0; pod < stays.length; pod++)
      if (isDaemonSetPod(state, pod) || podExtra(state, pod).mirror === true || isTerminating(state, pod))
        stays[pod] = 1;
    const choosy = state.podTemplates.map((_, template) => (isChoosy(state, template) ? 1 : 0));
    const size = state.podTemplates.map((_, template) => podSize(state, template));
    const order = [...state.podTemplates.keys()].sort(
      (a, b) => (choosy[b] as number) - (choosy[a] as number) || (size[b] as number) - (size[a] as number) || a - b,
    );
    const rank = new Int32Array(order.length);
    order.forEach((template, turn) => {
      rank[template] = turn;
    });
    facts = { stays, rank };
    known.set(state, facts);
  }
  return facts;
}

/** Whether anything but room decides where the template's pods go. */
function isChoosy(state: ClusterState, index: number): boolean {
  const template = state.podTemplates[index];
  if (template === undefined) return false;
  const { hostPorts, nodeSelector, nodeAffinity, podAffinity, podAntiAffinity, topologySpread, volumes } = template;
  return (
    (hostPorts?.length ?? 0) > 0 ||
    nodeSelector !== undefined ||
    nodeAffinity?.required !== undefined ||
    (podAffinity?.required?.length ?? 0) > 0 ||
    (podAntiAffinity?.required?.length ?? 0) > 0 ||
    topologySpread?.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule') === true ||
    volumes?.some(({ kind }) => kind === 'claim' || kind === 'ephemeral') === true
  );
}
