import fc from 'fast-check';

/** One namespace to ask about: who owns pods, how the pods are, and which budgets stand over them. */
export interface BudgetCase {
  readonly owners: readonly OwnerOfPods[];
  readonly pods: readonly PodInCase[];
  readonly budgets: readonly BudgetInCase[];
  /** Which pods to evict, one after the other, by index; at most one eviction a pod. */
  readonly evictions: readonly number[];
}

export interface OwnerOfPods {
  readonly kind: OwnerKind;
  /** Need not be how many pods there are: a rollout, a scaling or a crash may be under way. */
  readonly replicas: number;
}

interface PodInCase {
  /** Index of its owner; -1 for a bare pod. */
  readonly owner: number;
  readonly app: 'front' | 'back';
  readonly condition: PodCondition;
}

export interface BudgetInCase {
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly selector: SelectorKind;
  readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
}

export const ownerKinds = [
  'Deployment',
  // Two ReplicaSets of one Deployment, as during a rollout: its replicas count once.
  'Deployment in rollout',
  'ReplicaSet',
  'StatefulSet',
  'ReplicationController',
  'DaemonSet',
  'Job',
  'custom with scale',
  'custom without scale',
  // As an Argo Rollout has it: the budget counts the ReplicaSet's replicas and not those of what is above it.
  'ReplicaSet of a custom',
  // Deleted without its pods.
  'gone',
] as const;
type OwnerKind = (typeof ownerKinds)[number];

export const podConditions = [
  'ready',
  'unready',
  'unbound',
  'starting',
  'succeeded',
  'failed',
  // Its node went away before the kubelet could say that it is not ready any more.
  'failed, said to be ready',
  'unknown',
  'unknown, said to be ready',
  'terminating',
  'terminating, unready',
] as const;
export type PodCondition = (typeof podConditions)[number];

export const selectorKinds = ['front', 'back', 'either', 'empty', 'absent'] as const;
export type SelectorKind = (typeof selectorKinds)[number];

const amount = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`) },
  { weight: 1, arbitrary: fc.constantFrom<number | string>('0%', '1%', '50%', '99%', '100%', 2147483647) },
);

const budget: fc.Arbitrary<BudgetInCase> = fc
  .tuple(
    fc.oneof(
      { weight: 5, arbitrary: fc.record({ minAvailable: amount }) },
      { weight: 5, arbitrary: fc.record({ maxUnavailable: amount }) },
      { weight: 1, arbitrary: fc.constant({}) },
    ),
    fc.oneof({ weight: 6, arbitrary: fc.constant('front' as const) }, fc.constantFrom(...selectorKinds)),
    fc.constantFrom(undefined, 'IfHealthyBudget' as const, 'AlwaysAllow' as const),
  )
  .map(([figures, selector, policy]) => ({
    ...figures,
    selector,
    ...(policy === undefined ? {} : { unhealthyPodEvictionPolicy: policy }),
  }));

const pod = (owners: number): fc.Arbitrary<PodInCase> =>
  fc.record({
    // One pod in eight is bare.
    owner: fc.oneof({ weight: 7, arbitrary: fc.nat(owners - 1) }, { weight: 1, arbitrary: fc.constant(-1) }),
    app: fc.oneof({ weight: 4, arbitrary: fc.constant('front' as const) }, fc.constant('back' as const)),
    condition: fc.oneof(
      { weight: 12, arbitrary: fc.constant('ready' as const) },
      { weight: 4, arbitrary: fc.constant('unready' as const) },
      { weight: 5, arbitrary: fc.constantFrom(...podConditions) },
    ),
  });

/** Cases of one to six pods; most have one owner with a scale, because without one percentages always say no. */
export const budgetCases: fc.Arbitrary<BudgetCase> = fc
  .array(
    fc.record({
      kind: fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constantFrom<OwnerKind>('Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'),
        },
        { weight: 2, arbitrary: fc.constantFrom(...ownerKinds) },
      ),
      replicas: fc.integer({ min: 0, max: 6 }),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .chain((owners) =>
    fc.record({
      owners: fc.constant(owners),
      pods: fc.array(pod(owners.length), { minLength: 1, maxLength: 6 }),
      budgets: fc.oneof(
        { weight: 4, arbitrary: fc.array(budget, { minLength: 1, maxLength: 1 }) },
        { weight: 1, arbitrary: fc.array(budget, { minLength: 2, maxLength: 3 }) },
      ),
      order: fc.array(fc.nat(5), { minLength: 2, maxLength: 8 }),
    }),
  )
  .map(({ order, ...rest }) => ({
    ...rest,
    evictions: [...new Set(order)].filter((index) => index < rest.pods.length),
  }));
