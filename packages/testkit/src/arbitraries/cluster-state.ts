import type { ClusterState } from '@cloudoptim/core';
import fc from 'fast-check';
import { buildCluster } from '../builder/cluster-builder.js';
import { testZones } from '../builder/instance-shapes.js';
import type { NodeSpec } from '../builder/node-spec.js';
import type { WorkloadSpec } from '../builder/workload-spec.js';
import { arbitraryAmount, arbitraryName } from './adversarial.js';
import { applyWorkloadTrait } from './apply-workload-trait.js';
import { applyClusterTrait, arbitraryClusterTrait, type ClusterTrait } from './cluster-trait.js';
import { addOwners, applyNodeTrait, arbitraryNodeTrait, type NodeTrait } from './node-trait.js';
import { arbitraryWorkloadTrait, type WorkloadTrait } from './workload-trait.js';

/** Sizes of generated clusters; the defaults keep an analysis to a few milliseconds. */
export interface ClusterOptions {
  readonly maxNodes?: number;
  readonly maxWorkloads?: number;
  readonly maxReplicas?: number;
  /** False leaves out everything that constrains: clusters of plain pods on plain nodes. */
  readonly constraints?: boolean;
}

/** A cluster as it is drawn: everything in lists, so that shrinking drops nodes, workloads, replicas and traits one by one. */
export interface ClusterRecipe {
  readonly nodes: readonly NodeRecipe[];
  readonly workloads: readonly WorkloadRecipe[];
  readonly traits: readonly ClusterTrait[];
}

interface NodeRecipe {
  readonly instanceType: string;
  readonly zone: number;
  readonly traits: readonly NodeTrait[];
}

interface WorkloadRecipe {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
  readonly replicas: number;
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
  /** The node that its first pod tries first; the others follow in turn. */
  readonly start: number;
  /** Bound to that node without asking whether there is room: an overcommitted cluster. */
  readonly forced: boolean;
  readonly traits: readonly WorkloadTrait[];
}

/**
 * Clusters of 0 to 8 nodes with every kind of constraint, pods placed where kube-scheduler might have put them (and a few
 * where it would not), loose enough that most can be consolidated. Shrinks to fewer nodes, workloads, replicas and traits.
 */
export function arbitraryClusterState(options: ClusterOptions = {}): fc.Arbitrary<ClusterState> {
  return arbitraryClusterRecipe(options).map(cookCluster);
}

/** The recipe that `cookCluster` makes a cluster of, for laws that also want to know what went in. */
export function arbitraryClusterRecipe(options: ClusterOptions = {}): fc.Arbitrary<ClusterRecipe> {
  const { maxNodes = 8, maxWorkloads = 6, maxReplicas = 4, constraints = true } = options;
  const traits = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number, most: number): fc.Arbitrary<readonly T[]> =>
    constraints
      ? fc.oneof(
          { weight: oneIn - 1, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: most }) },
        )
      : fc.constant([]);
  const node: fc.Arbitrary<NodeRecipe> = fc.record({
    instanceType: fc.constantFrom('m5.xlarge', 'm5.large', 'm5.2xlarge', 'r5.large', 'c5.xlarge'),
    zone: fc.integer({ min: 0, max: 2 }),
    traits: traits(arbitraryNodeTrait(), 5, 2),
  });
  const workload: fc.Arbitrary<WorkloadRecipe> = fc.record({
    name: constraints ? arbitraryName('app') : fc.constant('app'),
    namespace: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('default', 'team-a') },
      { weight: 1, arbitrary: constraints ? fc.constantFrom('kube-system', 'constructor') : fc.constant('default') },
    ),
    kind: arbitraryKind(constraints),
    replicas: fc.integer({ min: 1, max: maxReplicas }),
    cpuMillicores: arbitraryAmount(600),
    memoryBytes: fc.integer({ min: 0, max: 12 }).map((steps) => steps * 128 * 2 ** 20),
    start: fc.nat({ max: 7 }),
    forced: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(constraints) }),
    traits: traits(arbitraryWorkloadTrait(), 2, 2),
  });
  return fc.record({
    nodes: mostlySeveral(node, maxNodes),
    workloads: mostlySeveral(workload, maxWorkloads),
    traits: traits(arbitraryClusterTrait(), 3, 2),
  });
}

/** Builds the cluster of a recipe. */
export function cookCluster(recipe: ClusterRecipe): ClusterState {
  const cluster = buildCluster();
  const nodes = recipe.nodes.map((node, index) =>
    node.traits.reduce<NodeSpec>(applyNodeTrait, {
      name: `node-${index}`,
      instanceType: node.instanceType,
      zone: testZones[node.zone] as string,
    }),
  );
  for (const node of nodes) cluster.addNode(node);
  addOwners(cluster, nodes);

  const names = distinctNames(recipe.workloads);
  const starts = new Map<string, number>();
  recipe.workloads.forEach((workload, position) => {
    const name = names[position] as string;
    const { namespace, kind, replicas, cpuMillicores, memoryBytes } = workload;
    const where = workload.forced && nodes.length > 0 ? (nodes[workload.start % nodes.length]?.name ?? '') : '';
    let spec: WorkloadSpec = {
      ...{ name, namespace, kind, replicas, cpuMillicores, memoryBytes },
      ...(workload.forced && { on: Array.from({ length: replicas }, () => where) }),
    };
    workload.traits.forEach((trait, ordinal) => {
      const nodeNames = nodes.map((node) => node.name as string);
      spec = applyWorkloadTrait(spec, trait, { cluster, apps: names, position, nodeNames, ordinal });
    });
    starts.set(name, workload.start);
    cluster.addWorkload(spec);
  });
  for (const trait of recipe.traits) applyClusterTrait(cluster, trait);
  return cluster.schedulePending((workload) => starts.get(workload) ?? 0).build();
}

/** Lists of any length, mostly of two and more: in an empty cluster there is nothing to decide. */
function mostlySeveral<T>(item: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.array(item, { minLength: Math.min(2, maxLength), maxLength, size: 'max' }) },
    { weight: 1, arbitrary: fc.array(item, { maxLength, size: 'max' }) },
  );
}

function arbitraryKind(constraints: boolean): fc.Arbitrary<string> {
  const plain = { weight: 12, arbitrary: fc.constantFrom('Deployment', 'Deployment', 'StatefulSet') };
  if (!constraints) return fc.oneof(plain);
  const rare = fc.constantFrom(
    'DaemonSet',
    'DaemonSet',
    'Job',
    'Pod',
    'ReplicaSet',
    'Rollout',
    'ReplicationController',
  );
  return fc.oneof(plain, { weight: 3, arbitrary: rare });
}

/** Names as drawn, with the position appended where one occurs again. */
function distinctNames(workloads: readonly WorkloadRecipe[]): string[] {
  const taken = new Set<string>();
  return workloads.map(({ name }, position) => {
    const distinct = name === 'app' || taken.has(name) ? `${name}-${position}` : name;
    taken.add(distinct);
    return distinct;
  });
}
