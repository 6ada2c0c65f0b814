import type { PodAffinityTerm } from '@cloudoptim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { termSelects } from '../src/affinity-term.js';
import { labelsOfPod, namespaceOfPod } from '../src/placed-pod.js';
import { RestingPods } from '../src/verify/any-order/resting-pods.js';
import { deployment, node, state, template } from './support/build.js';
import { planOf, removalOf } from './support/plan.js';
import { runOf } from './support/run.js';

const app = fc.constantFrom('web', 'db');
const zone = 'topology.kubernetes.io/zone';

const term: fc.Arbitrary<PodAffinityTerm> = fc.record(
  {
    topologyKey: fc.constantFrom(zone, 'kubernetes.io/hostname', 'rack'),
    labelSelector: fc.record({ matchLabels: fc.record({ app }) }),
    namespaces: fc.constantFrom(['default'], ['other'], ['default', 'other']),
  },
  { requiredKeys: ['topologyKey', 'labelSelector'] },
);

const pod = fc.record(
  {
    template: fc.nat({ max: 3 }),
    node: fc.integer({ min: -1, max: 3 }),
    workload: fc.nat({ max: 1 }),
    own: app,
    is: fc.constantFrom('ending', 'ended', undefined, undefined),
    leaves: fc.constantFrom(true, false, false),
  },
  { requiredKeys: ['template', 'node', 'workload'] },
);

/** Four nodes in two zones, the first of which the plan removes; templates of two namespaces and labels. */
function built(pods: readonly (typeof pod extends fc.Arbitrary<infer P> ? P : never)[], required: PodAffinityTerm[]) {
  const templates = ['web', 'db'].flatMap((name) =>
    ['default', 'other'].map((namespace) => ({ ...template({ cpu: 10, labels: { app: name } }), namespace })),
  );
  const nodes = ['a', 'b', 'c', 'd'].map((name, at) => node(name, { zone: at < 2 ? 'z1' : 'z2', cpu: 8 }));
  const cluster = state({
    nodes,
    podTemplates: [...templates, template({ cpu: 10, podAffinity: { required } })],
    workloads: [deployment('one', 0), deployment('two', 0)],
    pods: pods.map(({ own, is, leaves: _, ...spec }, at) => ({
      ...spec,
      name: `p${at}`,
      extra: {
        ...(own !== undefined && { labels: { app: own } }),
        ...(is === 'ending' && { deletionAtMs: 1 }),
        ...(is === 'ended' && { phase: 'Succeeded' as const }),
      },
    })),
  });
  return runOf(cluster, planOf(cluster, [nodes.slice(0, 1).flatMap((one) => removalOf(one))]));
}

describe('pods that required affinity may count on', () => {
  it('are those that rest and are selected by every term, counted pod by pod', () => {
    fc.assert(
      fc.property(
        fc.array(pod, { maxLength: 8 }),
        fc.oneof(fc.tuple(term), fc.tuple(term, term)),
        fc.boolean(),
        (pods, terms, changes) => {
          const run = built(pods, terms);
          const { placement, index } = run;
          const facts = placement.facts({ template: 4, workload: -1 });
          const leaving = new Set(pods.flatMap(({ leaves }, at) => (leaves === true ? [at] : [])));
          const changed = new Set(changes ? [1] : []);
          // Pods that come while the plan is looked at are nobody's to count on.
          placement.place({ template: 0, workload: -1 }, 3);
          const near = new RestingPods(run, { movers: [], unclear: [], changed, leaving, ending: [] }).near(facts);
          const resting = pods.flatMap(({ is, workload }, at) => {
            const on = placement.nodeOf(at);
            const goes = leaving.has(at) || changed.has(workload) || is !== undefined || index.removedNodes.has(on);
            const selected = facts.affinity.every((one) =>
              termSelects(one, namespaceOfPod(placement, at), labelsOfPod(placement, at), placement.lookups),
            );
            return on === -1 || goes || !selected ? [] : [on];
          });
          for (const at of placement.state.nodes.keys()) {
            const expected = facts.affinity.every(({ topologyKey }) => {
              const of = (on: number) => placement.node(on)?.labels[topologyKey];
              return of(at) !== undefined && resting.some((on) => of(on) === of(at));
            });
            expect(near(at)).toBe(expected);
          }
        },
      ),
      lawParameters(500),
    );
  });
});
