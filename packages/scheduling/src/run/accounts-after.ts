import type {
  ClusterState,
  Node,
  NodeClaim,
  NodeGroup,
  NodePool,
  NodeResources,
  ResourceQuota,
} from '@cloudoptim/core';
import type { PlanRun } from './plan-run.js';
import { usageOf } from './quota-use.js';

type Accounts = Pick<ClusterState, 'nodeClaims' | 'nodePools' | 'nodeGroups' | 'resourceQuotas'>;

/** What owners of nodes and quotas keep count of, after nodes (by name) went and others came. */
export function accountsAfter(run: PlanRun, gone: ReadonlySet<string>): Accounts {
  const { placement } = run;
  const { state } = placement;
  const removed = state.nodes.filter((node) => gone.has(node.name));
  const added = [...run.state.launched.values()].flatMap((index) => placement.node(index) ?? []);
  return {
    nodeClaims: claimsAfter(state, removed, added),
    nodePools: state.nodePools.map((pool) => poolAfter(pool, removed, added)),
    nodeGroups: state.nodeGroups.map((group) => groupAfter(group, removed, added, run)),
    resourceQuotas: state.resourceQuotas.map((quota) => quotaAfter(quota, run)),
  };
}

function claimsAfter(state: ClusterState, removed: readonly Node[], added: readonly Node[]): NodeClaim[] {
  const names = new Set(removed.flatMap((node) => node.owner.nodeClaim ?? []));
  const kept = state.nodeClaims.filter((claim) => !names.has(claim.name));
  const made = added.flatMap((node): NodeClaim[] => {
    const { nodeClaim, name } = node.owner;
    if (nodeClaim === undefined) return [];
    return [
      {
        name: nodeClaim,
        nodeName: node.name,
        initialized: true,
        ...(name === undefined ? {} : { nodePool: name }),
        ...(node.instanceType === undefined ? {} : { instanceType: node.instanceType }),
        ...(node.zone === undefined ? {} : { zone: node.zone }),
        ...(node.capacityType === undefined ? {} : { capacityType: node.capacityType }),
      },
    ];
  });
  return [...kept, ...made];
}

/** NodePools count capacity; allocatable, a little less, is what is known of every node. */
function poolAfter(pool: NodePool, removed: readonly Node[], added: readonly Node[]): NodePool {
  if (pool.usage === undefined) return pool;
  const own = (node: Node) =>
    (node.owner.kind === 'karpenter' || node.owner.kind === 'eks-auto') && node.owner.name === pool.name;
  const usage = Object.entries(pool.usage).map(([resource, amount]) => {
    const less = removed.filter(own).reduce((sum, node) => sum + poolAmount(node.allocatable, resource), 0);
    const more = added.filter(own).reduce((sum, node) => sum + poolAmount(node.allocatable, resource), 0);
    return [resource, Math.max(0, amount - less + more)] as const;
  });
  return { ...pool, usage: Object.fromEntries(usage) };
}

/** What a node counts for in a NodePool's limits: millicores for `cpu`, bytes for `memory`, one for `nodes`. */
export function poolAmount(amounts: NodeResources, resource: string): number {
  switch (resource) {
    case 'cpu':
      return amounts.cpuMillicores;
    case 'memory':
      return amounts.memoryBytes;
    case 'ephemeral-storage':
      return amounts.ephemeralStorageBytes ?? 0;
    case 'pods':
      return amounts.pods;
    case 'nodes':
      return 1;
    default:
      return amounts.extended !== undefined && Object.hasOwn(amounts.extended, resource)
        ? (amounts.extended[resource] as number)
        : 0;
  }
}

/** A node is taken out with a decrement and put in with an increment; an explicit size wins. */
function groupAfter(group: NodeGroup, removed: readonly Node[], added: readonly Node[], run: PlanRun): NodeGroup {
  const set = run.state.groupSizes.get(`${group.kind}/${group.name}`);
  if (set !== undefined) return { ...group, desiredSize: set };
  if (group.desiredSize === undefined) return group;
  const own = (node: Node) => node.owner.kind === group.kind && node.owner.name === group.name;
  return { ...group, desiredSize: group.desiredSize - removed.filter(own).length + added.filter(own).length };
}

function quotaAfter(quota: ResourceQuota, run: PlanRun): ResourceQuota {
  const { placement } = run;
  const { state } = placement;
  const used = new Map(Object.entries(quota.used));
  const count = (template: number, by: 1 | -1) => {
    const object = state.podTemplates[template];
    if (object?.namespace !== quota.namespace) return;
    for (const [resource, amount] of used) used.set(resource, amount + by * usageOf(object, resource));
  };
  for (let pod = 0; pod < placement.podCount; pod++) {
    const before = pod < state.pods.count && (state.pods.node[pod] as number) >= 0;
    const phase = placement.extraOf(pod).phase;
    if (phase === 'Succeeded' || phase === 'Failed' || before === placement.nodeOf(pod) >= 0) continue;
    count(placement.templateOf(pod), before ? -1 : 1);
  }
  for (const pod of run.state.pending) count(pod.template, 1);
  // A live figure that lags behind would end below nothing.
  return { ...quota, used: Object.fromEntries([...used].map(([resource, amount]) => [resource, Math.max(0, amount)])) };
}
