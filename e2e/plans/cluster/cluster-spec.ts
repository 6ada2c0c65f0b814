import type { NodeGroup } from '@cloudoptim/core';
import type { KubernetesObject } from '../../rig/api-client.js';
import { type Random, seededRandom } from '../random.js';
import { type NodeSpec, nodeSpecs, type Pool, poolsOf } from './node-spec.js';
import { workloadsFor } from './workloads.js';

/** An object and the collection it is created in. */
export interface Created {
  readonly path: string;
  readonly body: KubernetesObject;
}

/** A cluster to be built for real. */
export interface ClusterSpec {
  readonly seed: number;
  readonly namespace: string;
  readonly pools: readonly Pool[];
  readonly nodes: readonly NodeSpec[];
  /** Workloads and what goes with them, in the order of creation. */
  readonly objects: readonly Created[];
}

/** The cluster of a seed: 3 to 15 nodes of some owners, and workloads with all kinds of constraints. */
export function clusterSpec(seed: number): ClusterSpec {
  const random: Random = seededRandom(seed);
  const namespace = `c${seed}`;
  const pools = poolsOf(seed, random);
  const nodes = nodeSpecs(seed, pools, random);
  return { seed, namespace, pools, nodes, objects: workloadsFor(namespace, nodes, random) };
}

/** What AWS would say of the managed node groups while these nodes are there. */
export function nodeGroupsOf({ pools }: ClusterSpec, liveNodes: readonly { readonly labels: Labels }[]): NodeGroup[] {
  return pools.flatMap((pool): NodeGroup[] => {
    if (pool.kind !== 'managed-node-group') return [];
    const desiredSize = liveNodes.filter(({ labels }) => labels['eks.amazonaws.com/nodegroup'] === pool.name).length;
    const { name, minSize, maxSize } = pool;
    return [{ kind: 'managed-node-group', name, minSize, maxSize, desiredSize }];
  });
}

type Labels = Readonly<Record<string, string>>;
