import {
  type ClusterState,
  type CoverageState,
  emptyClusterState,
  type HorizontalPodAutoscaler,
  type Namespace,
  type Node,
  type NodeGroup,
  type NodePool,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type PodDisruptionBudget,
  type PodExtra,
  type PodTemplate,
  type SchedulerFacts,
  type StorageClass,
  type Workload,
} from '@cloudoptim/core';
import { budgetStatus } from './budget-status.js';
import { coveredKinds } from './covered-kinds.js';
import { daemonSetNodes } from './daemon-set-nodes.js';
import { firstFit } from './first-fit.js';
import { createNode, createNodeClaim, type NodeSpec } from './node-spec.js';
import { createTemplate, createWorkload, type WorkloadSpec } from './workload-spec.js';

/** A bound claim and its volume: `zone` pins the volume to a zone, `node` to the disk of one node. */
export interface VolumeSpec {
  readonly claim: string;
  readonly namespace?: string;
  readonly zone?: string;
  readonly node?: string;
  readonly accessModes?: readonly string[];
  readonly storageClass?: string;
  readonly requestBytes?: number;
}

/** Starts an empty cluster of which everything is known. `takenAtMs` is milliseconds since the epoch. */
export function buildCluster(options: { readonly takenAtMs?: number } = {}): ClusterBuilder {
  return new ClusterBuilder(options.takenAtMs ?? Date.UTC(2026, 0, 14, 10));
}

/**
 * Describes a cluster step by step; each method returns the builder. Pods are made at `build`, in the order of their workloads,
 * so a DaemonSet also reaches nodes that were added after it.
 */
export class ClusterBuilder {
  readonly #takenAtMs: number;
  readonly #nodes: Node[] = [];
  readonly #workloads: WorkloadSpec[] = [];
  readonly #budgets: PodDisruptionBudget[] = [];
  readonly #claims: PersistentVolumeClaim[] = [];
  readonly #volumes: PersistentVolume[] = [];
  readonly #pools = new Map<string, NodePool>();
  readonly #coverage = new Map<string, CoverageState>(coveredKinds.map((kind) => [kind, 'listed']));
  readonly #changes: Partial<ClusterState>[] = [];
  readonly #storageClasses: StorageClass[] = [];
  readonly #groups: NodeGroup[] = [];
  readonly #autoscalers: HorizontalPodAutoscaler[] = [];
  readonly #namespaces = new Map<string, Namespace>();
  #startAt: ((workload: string) => number) | undefined;

  constructor(takenAtMs: number) {
    this.#takenAtMs = takenAtMs;
  }

  addNode(spec: NodeSpec = {}): this {
    this.#nodes.push(createNode(spec, this.#nodes.length, this.#takenAtMs));
    return this;
  }

  addNodes(count: number, spec: Omit<NodeSpec, 'name'> = {}): this {
    for (let index = 0; index < count; index++) this.addNode(spec);
    return this;
  }

  addWorkload(spec: WorkloadSpec): this {
    this.#workloads.push(spec);
    return this;
  }

  /** A pod without a controller. */
  addPod(spec: WorkloadSpec): this {
    return this.addWorkload({ ...spec, kind: 'Pod' });
  }

  /** The status is what the disruption controller would write, unless given; `status: undefined` leaves it unwritten. */
  addBudget(budget: Partial<PodDisruptionBudget> & { readonly name: string }): this {
    this.#budgets.push({ namespace: 'default', generation: 1, ...budget });
    return this;
  }

  /** Budgets default to 100 %, so that only tests that mean a budget meet one. */
  addNodePool(pool: NodePool): this {
    this.#pools.set(pool.name, { budgets: [{ nodes: '100%' }], ...pool });
    return this;
  }

  addNodeGroup(group: NodeGroup): this {
    this.#groups.push(group);
    return this;
  }

  addVolume(spec: VolumeSpec): this {
    const { claim, namespace = 'default', zone, node, storageClass = 'gp3', accessModes = ['ReadWriteOnce'] } = spec;
    const name = `pv-${namespace}-${claim}`;
    const where: readonly [string, string] | undefined =
      node !== undefined
        ? ['kubernetes.io/hostname', node]
        : zone !== undefined
          ? ['topology.kubernetes.io/zone', zone]
          : undefined;
    this.#claims.push({ namespace, name: claim, phase: 'Bound', volume: name, storageClass, accessModes });
    this.#volumes.push({
      name,
      phase: 'Bound',
      storageClass,
      accessModes,
      capacityBytes: spec.requestBytes ?? 2 ** 30,
      claim: { namespace, name: claim },
      ...(where && {
        nodeAffinity: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: where[0], operator: 'In', values: [where[1]] }] }],
        },
      }),
      ...(node === undefined ? { csi: { driver: 'ebs.csi.aws.com', volumeHandle: `vol-${name}` } } : { local: true }),
    });
    return this;
  }

  /** A claim that waits for its first consumer. */
  addUnboundClaim(claim: string, storageClass = 'gp3', namespace = 'default'): this {
    const accessModes = ['ReadWriteOnce'];
    this.#claims.push({ namespace, name: claim, phase: 'Pending', storageClass, accessModes, requestBytes: 2 ** 30 });
    return this;
  }

  addStorageClass(storageClass: StorageClass): this {
    this.#storageClasses.push(storageClass);
    return this;
  }

  addAutoscaler(autoscaler: HorizontalPodAutoscaler): this {
    this.#autoscalers.push(autoscaler);
    return this;
  }

  addNamespace(namespace: Namespace): this {
    this.#namespaces.set(namespace.name, namespace);
    return this;
  }

  setScheduler(scheduler: SchedulerFacts): this {
    return this.with({ scheduler });
  }

  /** How much of a kind was seen; every kind is `listed` at first. */
  setCoverage(kind: string, state: CoverageState): this {
    this.#coverage.set(kind, state);
    return this;
  }

  /** Replaces whole fields of the state at the end of `build`: for what has no method of its own. */
  with(change: Partial<ClusterState>): this {
    this.#changes.push(change);
    return this;
  }

  /** At `build`, binds pending pods to the first node that takes them, trying nodes in turn from `startAt(workload name)`. */
  schedulePending(startAt: (workload: string) => number = () => 0): this {
    this.#startAt = startAt;
    return this;
  }

  build(): ClusterState {
    const pods = this.#buildPods();
    for (const node of this.#nodes) {
      const pool = node.owner.kind === 'karpenter' ? node.owner.name : undefined;
      if (pool !== undefined && !this.#pools.has(pool)) this.addNodePool({ name: pool });
    }
    const storageClasses = this.#storageClasses.some(({ name }) => name === 'gp3')
      ? this.#storageClasses
      : [{ ...defaultStorageClass }, ...this.#storageClasses];
    const unscheduled: ClusterState = {
      ...emptyClusterState(this.#takenAtMs),
      clusterId: 'testkit-cluster',
      kubernetesVersion: '1.34',
      coverage: [...this.#coverage].map(([kind, state]) => ({ kind, state, observedAtMs: this.#takenAtMs })),
      nodes: this.#nodes,
      ...pods,
      namespaces: this.#buildNamespaces(),
      persistentVolumeClaims: this.#claims,
      persistentVolumes: this.#volumes,
      storageClasses,
      csiDrivers: [{ name: 'ebs.csi.aws.com', attachRequired: true }],
      horizontalPodAutoscalers: this.#autoscalers,
      nodePools: [...this.#pools.values()],
      nodeClaims: this.#nodes.map(createNodeClaim).filter((claim) => claim !== undefined),
      nodeGroups: this.#groups,
      scheduler: {
        assumed: false,
        profiles: [
          { schedulerName: 'default-scheduler', scoringStrategy: 'LeastAllocated', defaultConstraints: 'System' },
        ],
      },
      ...Object.assign({}, ...this.#changes),
    };
    const state = this.#startAt === undefined ? unscheduled : firstFit(unscheduled, this.#startAt);
    const podDisruptionBudgets = this.#budgets.map((budget) =>
      'status' in budget ? withoutUndefinedStatus(budget) : { ...budget, status: budgetStatus(state, budget) },
    );
    return structuredClone({ ...state, podDisruptionBudgets });
  }

  #buildNamespaces(): readonly Namespace[] {
    for (const { namespace = 'default' } of this.#workloads) {
      if (!this.#namespaces.has(namespace)) {
        this.#namespaces.set(namespace, {
          name: namespace,
          labels: { 'kubernetes.io/metadata.name': namespace },
        });
      }
    }
    return [...this.#namespaces.values()];
  }

  #buildPods(): Pick<ClusterState, 'podTemplates' | 'workloads' | 'pods'> {
    const podTemplates: PodTemplate[] = [];
    const workloads: Workload[] = [];
    const pods = new PodColumns();
    const nodeIndex = new Map(this.#nodes.map((node, index) => [node.name, index]));
    for (const spec of this.#workloads) {
      const template = podTemplates.push(createTemplate(spec)) - 1;
      const workload = spec.kind === 'Pod' ? -1 : workloads.push(createWorkload(spec, template)) - 1;
      const add = (ordinal: number, node: number, extra: PodExtra = {}) => {
        const name = spec.kind === 'Pod' && (spec.replicas ?? 1) === 1 ? spec.name : `${spec.name}-${ordinal}`;
        const createdAtMs = spec.podsCreatedAtMs ?? this.#takenAtMs - 86_400_000;
        pods.add(name, template, workload, node, createdAtMs, { ...extra, ...ownExtra(spec, name) });
      };
      if (spec.kind === 'DaemonSet') {
        for (const node of daemonSetNodes(podTemplates[template] as PodTemplate, this.#nodes)) {
          add(node, node, { pinnedNode: (this.#nodes[node] as Node).name });
        }
        continue;
      }
      for (let ordinal = 0; ordinal < (spec.replicas ?? 1); ordinal++) {
        add(ordinal, nodeIndex.get(spec.on?.[ordinal] ?? '') ?? -1);
      }
    }
    return { podTemplates, workloads, pods: pods.table };
  }
}

class PodColumns {
  readonly table = {
    count: 0,
    name: [] as string[],
    template: [] as number[],
    workload: [] as number[],
    node: [] as number[],
    createdAtSeconds: [] as number[],
    extra: {} as Record<number, PodExtra>,
  };

  add(name: string, template: number, workload: number, node: number, createdAtMs: number, extra: PodExtra): void {
    const { table } = this;
    if (Object.keys(extra).length > 0) table.extra[table.count] = extra;
    table.count++;
    table.name.push(name);
    table.template.push(template);
    table.workload.push(workload);
    table.node.push(node);
    table.createdAtSeconds.push(Math.floor(createdAtMs / 1000));
  }
}

const defaultStorageClass: StorageClass = {
  name: 'gp3',
  provisioner: 'ebs.csi.aws.com',
  bindingMode: 'WaitForFirstConsumer',
  isDefault: true,
};

function ownExtra(spec: WorkloadSpec, podName: string): PodExtra {
  const { claims, ...rest } = spec.extra ?? {};
  const identity: PodExtra =
    spec.kind === 'StatefulSet' ? { labels: { 'statefulset.kubernetes.io/pod-name': podName } } : {};
  return {
    ...identity,
    ...rest,
    ...(claims && { claims: claims.map((claim) => claim.replace('$pod', podName)) }),
  };
}

function withoutUndefinedStatus(budget: PodDisruptionBudget): PodDisruptionBudget {
  if (budget.status !== undefined) return budget;
  const { status: _unwritten, ...rest } = budget;
  return rest;
}
