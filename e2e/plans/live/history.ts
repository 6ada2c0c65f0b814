import type { LiveCluster, LiveNode, LivePod } from './live-cluster.js';
import { isPreempted, isReady, isTerminating, readyCondition } from './pod-facts.js';

/** What befell pods and nodes, to study a plan that did not end well. */
export interface History {
  /** Every change, a line each: after how many milliseconds, which, where, and how it was then. */
  readonly lines: readonly string[];
  /** Nodes that stopped being Ready while they stood: no plan does that, a machine too busy for its control planes may. */
  readonly lostNodes: ReadonlySet<string>;
}

/** Writes down what happens from now on; the function that it returns stops and tells. */
export function record(live: LiveCluster): () => History {
  const ready = new Set([...live.nodes.values()].filter(isReady).map(({ metadata }) => metadata.name));
  const lostNodes = new Set<string>();
  const lines: string[] = [];
  const start = performance.now();
  const stop = live.listen((kind, type, object) => {
    const what =
      kind === 'pod' ? podLine(object as LivePod) : kind === 'node' ? nodeLine(object as LiveNode) : undefined;
    if (what !== undefined) lines.push(`${Math.round(performance.now() - start)} ms ${type} ${what}`);
    if (kind !== 'node') return;
    const { name } = object.metadata;
    if (type === 'DELETED') ready.delete(name);
    else if (isReady(object as LiveNode)) ready.add(name);
    else if (ready.delete(name)) lostNodes.add(name);
  });
  return () => {
    stop();
    return { lines, lostNodes };
  };
}

function podLine(pod: LivePod): string {
  const { metadata, spec } = pod;
  return `pod ${metadata.namespace}/${metadata.name} on ${spec.nodeName ?? 'none'}${howReady(pod)}${isTerminating(pod) ? ', ending' : ''}${isPreempted(pod) ? ', preempted' : ''}`;
}

function nodeLine(node: LiveNode): string {
  const taints = (node.spec.taints ?? []).map(({ key }) => `, ${key}`).join('');
  return `node ${node.metadata.name}${howReady(node)}${node.spec.unschedulable === true ? ', cordoned' : ''}${taints}`;
}

function howReady(object: LivePod | LiveNode): string {
  const { status, reason = '' } = readyCondition(object) ?? { status: 'unknown' };
  return `, Ready ${status} ${reason}`;
}
