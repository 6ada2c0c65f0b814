import type { ClusterState } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { createPlacement, obstaclesByNode, podObstacles } from '../src/index.js';
import { clusters } from './support/clusters.js';
import { policy } from './support/plan.js';

const annotations = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  { 'karpenter.sh/do-not-disrupt': '1h' },
  { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
);
const kinds = fc.constantFrom<ClusterState['workloads'][number]['kind']>(
  'ReplicaSet',
  'StatefulSet',
  'Job',
  'DaemonSet',
);
const ages = fc.constantFrom(60, 7_200);
const several = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 10, maxLength: 10 });

/** Clusters with opt-outs, some of which end with a pod's age, and owners of all kinds. */
const opposed = fc
  .tuple(clusters, several(annotations), several(kinds), several(ages))
  .map(([state, ofTemplates, ofOwners, ofPods]): ClusterState => {
    const pick = <T>(from: readonly T[], at: number) => from[at % from.length] as T;
    return {
      ...state,
      podTemplates: state.podTemplates.map((one, at) => ({ ...one, annotations: pick(ofTemplates, at) })),
      workloads: state.workloads.map((one, at) => ({ ...one, kind: pick(ofOwners, at) })),
      pods: {
        ...state.pods,
        createdAtSeconds: state.pods.createdAtSeconds.map((_, at) => state.takenAtMs / 1000 - pick(ofPods, at)),
      },
    };
  });

describe('what forbids taking pods off a node', () => {
  it('is what forbids it of each pod by itself, although most are judged by their like', () => {
    let [some, none] = [0, 0];
    fc.assert(
      fc.property(opposed, (state) => {
        const placement = createPlacement(state);
        const obstaclesOf = obstaclesByNode(placement, policy(), state.takenAtMs);
        return state.nodes.every((_, node) => {
          const together = obstaclesOf(node).filter(({ subject }) => subject.kind === 'pod');
          const alone = placement
            .podsOn(node)
            .flatMap((pod) => podObstacles(placement, pod, policy(), state.takenAtMs));
          if (alone.length > 0) some++;
          else if (placement.podsOn(node).length > 0) none++;
          return JSON.stringify(together) === JSON.stringify(alone);
        });
      }),
      lawParameters(),
    );
    if (some < 10 || none < 10) throw new Error(`${some} nodes had obstacles and ${none} had none: too few to tell.`);
  });
});
