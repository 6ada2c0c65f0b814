import { packOneType } from '../baselines/one-type-first-fit.js';
import { openbPods } from './openb.js';
import {
  generalMarket,
  onNodes,
  type PackingFixture,
  type PodGroup,
  packingPolicy,
  waitingPods,
} from './packing-fixture.js';
import { karpenterMix, lognormalMix } from './pod-mixes.js';
import { roadefPods } from './roadef.js';

export interface FixtureOptions {
  /** Pods of the generated mixes. */
  readonly pods: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

/** Every question that binpack is measured on, all pods waiting; those whose data is absent are skipped and said so. */
export function packingFixtures({ pods, seed, log }: FixtureOptions): PackingFixture[] {
  const workloads = Math.min(3000, Math.ceil(pods / 20));
  const sources: readonly (readonly [name: string, groups: PodGroup[] | undefined, graviton?: boolean])[] = [
    [`Karpenter mix, ${pods}`, karpenterMix({ pods, seed })],
    [`lognormal, ${pods}`, lognormalMix({ pods, workloads, seed, constrained: false })],
    [`lognormal constrained, ${pods}`, lognormalMix({ pods, workloads, seed, constrained: true }), true],
    ['openb default', openbPods('default', log)],
    ['openb cpu050', openbPods('cpu050', log)],
    ['ROADEF a2_2', roadefPods('a2_2', false, log)],
    ['ROADEF a2_2 constrained', roadefPods('a2_2', true, log)],
    ['ROADEF b_1', roadefPods('b_1', false, log)],
    ['ROADEF b_1 constrained', roadefPods('b_1', true, log)],
  ];
  return sources.flatMap(([name, groups, graviton]) =>
    groups === undefined
      ? []
      : [
          {
            name,
            state: waitingPods(groups),
            market: generalMarket({ graviton: graviton === true }),
            policy: packingPolicy,
          },
        ],
  );
}

/** The same pods on a cluster as it may have grown by hand: packed on one type, then a third of them gone and replaced by none. */
export function grownCluster(fixture: PackingFixture, instanceType: string): PackingFixture {
  const { nodes, pods, on } = packOneType(fixture.state, fixture.market, instanceType);
  // Every third pod has ended since: what is left sits on half-empty nodes.
  const kept = pods
    .map((pod, index) => ({ pod, node: on[index] as number }))
    .filter(({ node }, index) => node >= 0 && index % 3 !== 0);
  const { state } = fixture;
  const count = kept.length;
  const bare = {
    ...state,
    pods: {
      count,
      name: kept.map((_, index) => `pod-${index}`),
      template: kept.map(({ pod }) => pod.template),
      workload: kept.map(({ pod }) => pod.workload),
      node: kept.map(() => -1),
      createdAtSeconds: kept.map(() => state.takenAtMs / 1000 - 86_400),
      extra: {},
    },
  };
  const left = new Map<number, number>();
  for (const { pod } of kept) left.set(pod.workload, (left.get(pod.workload) ?? 0) + 1);
  const workloads = state.workloads.map((workload, index) => {
    const replicas = left.get(index) ?? 0;
    return workload.kind === 'DaemonSet'
      ? workload
      : { ...workload, replicas, readyReplicas: replicas, updatedReplicas: replicas };
  });
  return {
    ...fixture,
    name: `${fixture.name}, grown on ${instanceType}`,
    state: onNodes(
      { ...bare, workloads },
      nodes,
      kept.map(({ node }) => node),
    ),
  };
}
