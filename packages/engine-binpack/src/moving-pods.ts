import { type ClusterState, isDaemonSetPod, isTerminating, type PodTemplate, podExtra } from '@cloudoptim/core';
import type { WorkingCluster } from './working-cluster.js';

/**
 * Pods of the node that must find another, the hardest to place first. Pods of equal templates stay together, because a drain lists pods
 * by template.
 */
export function drainOrder(cluster: WorkingCluster, node: number): number[] {
  const { placement, state } = cluster;
  const rank = (pod: number) => rankOf(state, placement.templateOf(pod));
  return movingPods(cluster, node).sort((a, b) => rank(a) - rank(b) || a - b);
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

/**
 * The template's turn among all: pods that keep others away first, which find each node taken once others have spread; then those with
 * other rules beyond size (a host port has few places left once others took the room); then large ones, since small ones find gaps later.
 */
export function rankOf(state: ClusterState, template: number): number {
  return factsOf(state).rank[template] as number;
}

interface PodsFacts {
  /** By pod of the state: 1 where it goes with its node. */
  readonly stays: Uint8Array;
  /** By template, see `rankOf`. */
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
    const choosy = state.podTemplates.map((one, template) => (keepsApart(one) ? 2 : isChoosy(state, template) ? 1 : 0));
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
  const { hostPorts, nodeSelector, nodeAffinity, podAffinity, topologySpread, volumes } = template;
  return (
    (hostPorts?.length ?? 0) > 0 ||
    nodeSelector !== undefined ||
    nodeAffinity?.required !== undefined ||
    (podAffinity?.required?.length ?? 0) > 0 ||
    topologySpread?.some(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule') === true ||
    volumes?.some(({ kind }) => kind === 'claim' || kind === 'ephemeral') === true
  );
}

/** Whether pods of the template refuse to share a node, or another domain, with some others. */
export function keepsApart({ podAntiAffinity }: PodTemplate): boolean {
  return (podAntiAffinity?.required?.length ?? 0) > 0;
}
