import type { ClusterState, Node, Toleration, Workload } from '@cloudoptim/core';
import { matchesNodeAffinity } from './filters/node-affinity.js';
import type { IncomingPod } from './incoming-pod.js';
import type { PodFacts } from './pod-facts.js';
import { untoleratedTaint } from './tolerations.js';

/** What either half of scheduling tells of pods. */
interface PodView {
  readonly state: ClusterState;
  readonly comparisonOperators: boolean;
  facts(pod: IncomingPod): PodFacts;
}

/**
 * Pods that DaemonSets put on a node, whether or not they fit: the controller looks at node name, affinity and taints, not at
 * resources (pkg/controller/daemon/daemon_controller.go, NodeShouldRunDaemonPod).
 */
export function daemonSetPods(view: PodView, node: Node): IncomingPod[] {
  return daemonSetsOf(view.state).flatMap(([index, workload]) => {
    const pod: IncomingPod = {
      template: workload.successorTemplate,
      workload: index,
      extra: { pinnedNode: node.name },
      name: `${workload.name}-${node.name}`,
    };
    const facts = view.facts(pod);
    const tolerations = [...(facts.template.tolerations ?? []), ...automaticTolerations(facts.template.hostNetwork)];
    return matchesNodeAffinity(facts, node) &&
      untoleratedTaint(node.taints, tolerations, view.comparisonOperators) === undefined
      ? [pod]
      : [];
  });
}

const daemonSets = new WeakMap<ClusterState['workloads'], readonly (readonly [index: number, workload: Workload])[]>();

/** DaemonSets with a known template, by index: few among thousands of workloads, so they are looked up once. */
function daemonSetsOf({ workloads }: ClusterState): readonly (readonly [index: number, workload: Workload])[] {
  const known = daemonSets.get(workloads);
  if (known !== undefined) return known;
  const found = [...workloads.entries()].filter(
    ([, { kind, successorTemplate }]) => kind === 'DaemonSet' && successorTemplate >= 0,
  );
  daemonSets.set(workloads, found);
  return found;
}

/** What the DaemonSet controller adds to its pods (pkg/controller/daemon/util, AddOrUpdateDaemonPodTolerations). */
export function automaticTolerations(hostNetwork = false): Toleration[] {
  const tolerate = (condition: string, effect: 'NoExecute' | 'NoSchedule'): Toleration => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect,
  });
  return [
    tolerate('not-ready', 'NoExecute'),
    tolerate('unreachable', 'NoExecute'),
    tolerate('disk-pressure', 'NoSchedule'),
    tolerate('memory-pressure', 'NoSchedule'),
    tolerate('pid-pressure', 'NoSchedule'),
    tolerate('unschedulable', 'NoSchedule'),
    ...(hostNetwork ? [tolerate('network-unavailable', 'NoSchedule')] : []),
  ];
}
