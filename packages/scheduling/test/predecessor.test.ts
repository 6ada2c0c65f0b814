import { describe, expect, it } from 'vitest';
import { deployment, node, state, template } from './support/build.js';
import { codesOf, planOf, verify } from './support/plan.js';

// Seen on a real cluster: of an ordered StatefulSet the fourth pod waited for a node, the plan evicted the fifth, and its controller
// made none in its place: before the fourth is Ready it makes no further one. The plan had been accepted.
const clusterOf = (
  podManagement: 'OrderedReady' | 'Parallel',
  first: { readonly node: number; readonly extra?: { readonly ready: boolean } },
  kind = 'StatefulSet',
) =>
  state({
    nodes: [node('a'), node('b')],
    podTemplates: [template()],
    workloads: [deployment('data', 0, { kind, replicas: 3, podManagement })],
    pods: [
      { name: 'data-0', template: 0, workload: 0, node: 0 },
      { name: 'data-1', template: 0, workload: 0, ...first },
      { name: 'data-2', template: 0, workload: 0, node: 1 },
    ],
  });

const drain = (cluster: ReturnType<typeof clusterOf>, at: number, count: number) =>
  codesOf(
    verify(
      cluster,
      planOf(cluster, [
        [
          { kind: 'cordon-node', node: { uid: `uid-${'ab'[at]}` } },
          { kind: 'drain-node', node: { uid: `uid-${'ab'[at]}` }, pods: [{ template: 0, count, expected: [] }] },
        ],
      ]),
    ),
  );

describe('pods of an ordered StatefulSet one of whose pods is not Ready', () => {
  it('stay where they are when they come after that one', () => {
    expect(drain(clusterOf('OrderedReady', { node: -1 }), 1, 1)).toContain('predecessor-not-ready');
    expect(drain(clusterOf('OrderedReady', { node: 0, extra: { ready: false } }), 1, 1)).toContain(
      'predecessor-not-ready',
    );
  });

  it('may go when they come before it', () => {
    expect(drain(clusterOf('OrderedReady', { node: -1 }), 0, 1)).not.toContain('predecessor-not-ready');
  });

  it('may go when the controller does not wait, and when all are Ready', () => {
    expect(drain(clusterOf('Parallel', { node: -1 }), 1, 1)).not.toContain('predecessor-not-ready');
    expect(drain(clusterOf('OrderedReady', { node: -1 }, 'Deployment'), 1, 1)).not.toContain('predecessor-not-ready');
    expect(drain(clusterOf('OrderedReady', { node: 0 }), 1, 1)).not.toContain('predecessor-not-ready');
  });
});
