import type { Node } from '@cloudoptim/core';
import fc from 'fast-check';
import type { ClusterBuilder } from '../builder/cluster-builder.js';
import type { NodeSpec } from '../builder/node-spec.js';

/** One thing that is special about a node. */
export interface NodeTrait {
  readonly label: string;
  readonly change: Partial<NodeSpec>;
}

/** All traits of nodes; those that pin a node are rarer. */
export function arbitraryNodeTrait(): fc.Arbitrary<NodeTrait> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...shapes) },
    { weight: 3, arbitrary: fc.constantFrom(...owners) },
    { weight: 3, arbitrary: fc.constantFrom(...pins) },
    { weight: 1, arbitrary: fc.constantFrom(...corners) },
  );
}

/** The description of a node with one trait more. */
export function applyNodeTrait(spec: NodeSpec, { change }: NodeTrait): NodeSpec {
  return {
    ...spec,
    ...change,
    labels: { ...spec.labels, ...change.labels },
    annotations: { ...spec.annotations, ...change.annotations },
    taints: [...(spec.taints ?? []), ...(change.taints ?? [])],
  };
}

/** Adds the groups and pools that the owners of generated nodes name. */
export function addOwners(cluster: ClusterBuilder, nodes: readonly NodeSpec[]): void {
  const count = (name: string) => nodes.filter((node) => node.owner?.name === name).length;
  if (count('workers') > 0) {
    const desiredSize = count('workers');
    cluster.addNodeGroup({ kind: 'managed-node-group', name: 'workers', minSize: 1, maxSize: 10, desiredSize });
  }
  if (count('fixed') > 0) {
    const desiredSize = count('fixed');
    cluster.addNodeGroup({ kind: 'asg', name: 'fixed', minSize: desiredSize, maxSize: desiredSize, desiredSize });
  }
  if (count('limits-unknown') > 0) cluster.addNodeGroup({ kind: 'managed-node-group', name: 'limits-unknown' });
  if (count('budgeted') > 0) cluster.addNodePool({ name: 'budgeted', budgets: [{ nodes: '1' }] });
  if (count('closed') > 0) cluster.addNodePool({ name: 'closed', budgets: [{ nodes: '0' }] });
  if (count('default-budget') > 0) {
    cluster.addNodePool({ name: 'default-budget', budgets: [{ nodes: '10%' }], limits: { cpu: 100_000 } });
  }
}

const at = Date.UTC(2026, 0, 14, 9);
const fast: Node['labels'] = { disk: 'fast', generation: '7' };

const shapes: readonly NodeTrait[] = [
  { label: 'labelled', change: { labels: fast } },
  { label: 'dedicated', change: { taints: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }] } },
  { label: 'prefer-no-schedule', change: { taints: [{ key: 'busy', effect: 'PreferNoSchedule' }] } },
  { label: 'no-execute', change: { taints: [{ key: 'evacuate', value: 'now', effect: 'NoExecute' }] } },
  { label: 'spot', change: { capacityType: 'spot' } },
  { label: 'arm64', change: { instanceType: 'm6g.large' } },
  { label: 'few-attach-slots', change: { csiDrivers: [{ name: 'ebs.csi.aws.com', allocatableCount: 1 }] } },
  { label: 'few-pods', change: { allocatable: { pods: 4 } } },
];

const owners: readonly NodeTrait[] = [
  { label: 'managed-node-group', change: { owner: { kind: 'managed-node-group', name: 'workers' } } },
  { label: 'asg-at-minimum', change: { owner: { kind: 'asg', name: 'fixed' } } },
  { label: 'group-limits-unknown', change: { owner: { kind: 'managed-node-group', name: 'limits-unknown' } } },
  { label: 'eks-auto', change: { owner: { kind: 'eks-auto', name: 'general' } } },
  { label: 'self-managed', change: { owner: { kind: 'self-managed' } } },
  { label: 'owner-unknown', change: { owner: { kind: 'unknown' } } },
  { label: 'pool-budget-one', change: { owner: { kind: 'karpenter', name: 'budgeted' } } },
  { label: 'pool-budget-zero', change: { owner: { kind: 'karpenter', name: 'closed' } } },
  { label: 'pool-budget-default', change: { owner: { kind: 'karpenter', name: 'default-budget' } } },
];

const pins: readonly NodeTrait[] = [
  { label: 'cordoned', change: { unschedulable: true } },
  {
    label: 'not-ready',
    change: { ready: false, taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
  },
  { label: 'terminating', change: { deletionAtMs: at } },
  { label: 'node-do-not-disrupt', change: { annotations: { 'karpenter.sh/do-not-disrupt': 'true' } } },
  {
    label: 'node-do-not-disrupt-duration',
    change: { annotations: { 'karpenter.sh/do-not-disrupt': '24h' }, createdAtMs: at },
  },
  {
    label: 'scale-down-disabled',
    change: { annotations: { 'cluster-autoscaler.kubernetes.io/scale-down-disabled': 'true' } },
  },
  { label: 'type-unknown', change: { typeKnown: false } },
  { label: 'unpriced-type', change: { instanceType: 'x9z.mystery' } },
];

const corners: readonly NodeTrait[] = [
  { label: 'nothing-allocatable', change: { allocatable: { cpuMillicores: 0, memoryBytes: 0, pods: 0 } } },
  { label: 'huge', change: { allocatable: { cpuMillicores: 2 ** 45, memoryBytes: 2 ** 52, pods: 2 ** 31 } } },
  { label: 'gpu', change: { allocatable: { extended: { 'nvidia.com/gpu': 4 } } } },
  {
    label: 'odd-labels',
    change: {
      labels: Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    },
  },
];
