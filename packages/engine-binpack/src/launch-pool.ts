import type { ClusterState, Node, NodeClass, NodeOwner, NodePool, Taint } from '@cloudoptim/core';

/** Through whom nodes may be launched, and what all nodes of that pool have. */
export interface LaunchPool {
  readonly pool: NodePool;
  readonly nodeClass?: NodeClass;
  readonly via: NodeOwner;
  /** Labels of every node of the pool. */
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly startupTaints: readonly Taint[];
}

/** Keys that offerings answer; any other key of a requirement with one value becomes a label of the node. */
const offeringKeys =
  /^(karpenter\.k8s\.aws\/|karpenter\.sh\/capacity-type$|eks\.amazonaws\.com\/instance-|node\.kubernetes\.io\/|kubernetes\.io\/(arch|os)$|topology\.)/;

/** Whether a requirement is about offerings, and not a label that the pool itself gives. */
export function isOfferingKey(key: string): boolean {
  return offeringKeys.test(key);
}

/**
 * Pools that a replacement may be launched into, by owner of the node that goes. Only Karpenter's and Auto Mode's pools: an
 * Auto Scaling group or a managed node group launches what its own template says, not a type of our choice. A static pool
 * (`replicas`) keeps its number of nodes by itself. A pool that was not listed is unknown, and so are its rules: absent here.
 */
export function launchPools(state: ClusterState): ReadonlyMap<string, LaunchPool> {
  const pools = new Map<string, LaunchPool>();
  const listed = new Map(state.nodePools.map((pool) => [pool.name, pool]));
  for (const { owner } of state.nodes) {
    if (owner.kind !== 'karpenter' && owner.kind !== 'eks-auto') continue;
    const pool = owner.name === undefined ? undefined : listed.get(owner.name);
    if (pool === undefined || pool.replicas !== undefined) continue;
    const key = ownerKey(owner);
    if (!pools.has(key)) pools.set(key, describe(state, pool, owner));
  }
  return pools;
}

/** The key of a node's owner in `launchPools`. */
export function ownerKey({ kind, name }: NodeOwner): string {
  return `${kind}/${name ?? ''}`;
}

function describe(state: ClusterState, pool: NodePool, owner: NodeOwner): LaunchPool {
  const nodeClass = state.nodeClasses.find(
    ({ kind, name }) => kind === pool.nodeClass?.kind && name === pool.nodeClass.name,
  );
  const labels: Record<string, string> = { ...pool.labels, 'karpenter.sh/nodepool': pool.name };
  for (const { key, operator, values } of pool.requirements ?? []) {
    const [value, ...others] = values ?? [];
    if (operator === 'In' && value !== undefined && others.length === 0 && !isOfferingKey(key)) labels[key] = value;
  }
  return {
    pool,
    ...(nodeClass && { nodeClass }),
    via: { kind: owner.kind, name: pool.name },
    labels,
    taints: pool.taints ?? [],
    startupTaints: pool.startupTaints ?? [],
  };
}

/** The pool of a node, undefined where no replacement can be launched through it. */
export function poolOf(pools: ReadonlyMap<string, LaunchPool>, node: Node): LaunchPool | undefined {
  return pools.get(ownerKey(node.owner));
}
