import {
  type ClusterState,
  createContext,
  type Draft,
  defaultPolicy,
  defineEngine,
  isDaemonSetPod,
  type Market,
  nodeSubject,
  type Plan,
  podsByNode,
  type Reason,
} from '@cloudoptim/core';
import { createPlacement, simulatePlain, successorOf } from '@cloudoptim/scheduling';
import { z } from 'zod';

const reasons: readonly [Reason] = [{ code: 'known-by-construction', message: 'The sample cluster was made so.' }];

/** The plan that removes exactly these Karpenter nodes, in this order; expected placements as kube-scheduler would score them. */
export async function knownPlan(state: ClusterState, market: Market, names: readonly string[]): Promise<Plan> {
  const engine = defineEngine({
    id: 'known-plan',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: ['nodes'],
    requires: ['cluster', 'market'],
    options: z.object({}),
    decide({ cluster }) {
      const placement = createPlacement(cluster);
      const pods = podsByNode(cluster);
      const going = names.map((name) => cluster.nodes.findIndex((node) => node.name === name));
      for (const node of going) placement.cordon(node);
      return {
        // One after another, as their placements were found.
        groups: going.map((node, position) => ({
          actions: removal(cluster, placement, node, pods[node] ?? []),
          after: position === 0 ? [] : [position - 1],
        })),
        rejections: [
          {
            reason: { code: 'stays', message: 'It is not among the nodes that must go.' },
            subjects: cluster.nodes.filter((_, index) => !going.includes(index)).map(nodeSubject),
          },
        ],
      };
    },
  });
  const context = createContext({ now: state.takenAtMs, seed: 0 });
  return (await engine.analyze({ policy: defaultPolicy, cluster: state, market }, context)).plan;
}

function removal(
  cluster: ClusterState,
  placement: ReturnType<typeof createPlacement>,
  index: number,
  pods: readonly number[],
): Draft[] {
  const moved = new Map<number, number[]>();
  for (const pod of pods.filter((one) => !isDaemonSetPod(cluster, one))) {
    const successor = successorOf(cluster, pod);
    if (!('template' in successor)) throw new Error(`Pod ${cluster.pods.name[pod]} has no successor that we know.`);
    placement.remove(pod);
    const [target = -1] = simulatePlain(placement, [successor]).placed;
    const template = cluster.pods.template[pod] as number;
    moved.set(template, [...(moved.get(template) ?? []), target]);
  }
  placement.removeNode(index);
  const { uid, owner } = cluster.nodes[index] as ClusterState['nodes'][number];
  const drain: Draft = {
    kind: 'drain-node',
    node: { uid },
    pods: [...moved].map(([template, targets]) => ({
      template,
      count: targets.length,
      expected: [...new Set(targets)].map((target) => ({
        node: { uid: cluster.nodes[target]?.uid ?? 'nowhere' },
        count: targets.filter((one) => one === target).length,
      })),
    })),
    reasons,
  };
  return [
    { kind: 'cordon-node', node: { uid }, reasons },
    ...(moved.size > 0 ? [drain] : []),
    { kind: 'delete-nodeclaim', node: { uid }, nodeClaim: owner.nodeClaim ?? '', via: owner, reasons },
  ];
}
