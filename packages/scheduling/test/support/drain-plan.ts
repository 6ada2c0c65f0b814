import { type ClusterState, type Intent, isDaemonSetPod, type Plan } from '@cloudoptim/core';
import { createPlacement, type IncomingPod, simulatePlain, successorOf } from '../../src/index.js';
import { planOf, removalOf } from './plan.js';

interface Also {
  /** A node that is cordoned and stays. */
  readonly closed?: number;
  /** What is launched and takes none of the pods by plan. */
  readonly launch?: Intent;
}

/**
 * A plan that takes the chosen nodes away one after another, its pods placed by the plain simulator where they fit. The last of its groups
 * begins with what else there is to do.
 */
export function drainPlan(state: ClusterState, chosen: readonly number[], { closed, launch }: Also = {}): Plan {
  const nodes = [...new Set(chosen.map((at) => at % state.nodes.length))];
  const placement = createPlacement(state);
  for (const node of nodes) placement.cordon(node);
  const groups = nodes.map((at): Intent[] => {
    const moves = new Map<number, Map<string, number>>();
    for (const pod of [...placement.podsOn(at)]) {
      if (placement.extraOf(pod).deletionAtMs !== undefined || (pod < state.pods.count && isDaemonSetPod(state, pod)))
        continue;
      const successor = pod < state.pods.count ? successorOf(state, pod) : undefined;
      placement.remove(pod);
      const next: readonly IncomingPod[] = successor !== undefined && 'template' in successor ? [successor] : [];
      const target = simulatePlain(placement, next).placed[0] ?? -1;
      const template = placement.templateOf(pod);
      const targets = moves.get(template) ?? new Map<string, number>();
      const uid = placement.node(target)?.uid ?? '';
      moves.set(template, targets.set(uid, (targets.get(uid) ?? 0) + 1));
    }
    placement.removeNode(at);
    const pods = [...moves].map(([template, targets]) => ({
      template,
      count: [...targets.values()].reduce((sum, count) => sum + count, 0),
      expected: targets.has('') ? [] : [...targets].map(([uid, count]) => ({ node: { uid }, count })),
    }));
    return [...removalOf(state.nodes[at] as ClusterState['nodes'][number], pods)];
  });
  const other = closed === undefined ? undefined : state.nodes[closed % state.nodes.length];
  if (other !== undefined) groups.at(-1)?.unshift({ kind: 'cordon-node', node: { uid: other.uid } });
  if (launch !== undefined) groups.at(-1)?.unshift(launch);
  return planOf(state, groups, { after: groups.map((_, at) => (at === 0 ? [] : [at - 1])) });
}
