import type { LiveBudget, LiveCluster, LiveNode, LivePod } from './live-cluster.js';
import { isHealthy, isPreempted, isUnschedulable, ownerKey } from './pod-facts.js';

/** Pods, nodes and budgets at one moment. */
export interface LiveMoment {
  readonly pods: readonly LivePod[];
  readonly nodes: readonly LiveNode[];
  readonly budgets: readonly LiveBudget[];
}

/** What was seen of pods while a plan was executed. */
export interface Observed {
  /** Pods that the scheduler found no node for, at whatever moment, and that did not wait before. */
  readonly unschedulable: readonly LivePod[];
  /** Pods that the scheduler ended for others. */
  readonly preempted: readonly LivePod[];
  /** Fewest healthy pods of each controller. */
  readonly lowestHealthy: ReadonlyMap<string, number>;
}

export function momentOf({ pods, nodes, budgets }: LiveCluster): LiveMoment {
  return { pods: [...pods.values()], nodes: [...nodes.values()], budgets: [...budgets.values()] };
}

/** Watches pods from now on; the function that it returns stops and tells. */
export function observe(live: LiveCluster): () => Observed {
  const waited = new Set([...live.pods.values()].filter(isUnschedulable).map(({ metadata }) => metadata.uid));
  const unschedulable = new Map<string, LivePod>();
  const preempted = new Map<string, LivePod>();
  const lowestHealthy = new Map<string, number>();
  const count = (owner: string) => {
    const healthy = [...live.pods.values()].filter((pod) => ownerKey(pod) === owner && isHealthy(pod)).length;
    lowestHealthy.set(owner, Math.min(healthy, lowestHealthy.get(owner) ?? Number.POSITIVE_INFINITY));
  };
  for (const pod of live.pods.values()) count(ownerKey(pod));
  const stop = live.listen((kind, _, object) => {
    if (kind !== 'pod') return;
    const pod = object as LivePod;
    count(ownerKey(pod));
    if (isUnschedulable(pod) && !waited.has(pod.metadata.uid)) unschedulable.set(pod.metadata.uid, pod);
    if (isPreempted(pod)) preempted.set(pod.metadata.uid, pod);
  });
  return () => {
    stop();
    return { unschedulable: [...unschedulable.values()], preempted: [...preempted.values()], lowestHealthy };
  };
}
