import { createContext, type Draft, defaultPolicy, defineEngine, type Intent } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applyPlan } from '../src/index.js';
import { deployment, node, state, takenAtMs, template } from './support/build.js';
import { drained, launchOf, market, removalOf, verify } from './support/plan.js';

const [a, b] = [node('a'), node('b')] as const;
const cluster = state({
  nodes: [a, b],
  podTemplates: [template({ labels: { app: 'web' } })],
  workloads: [deployment('web', 0, { replicas: 3 })],
  pods: [0, 1, 1].map((at) => ({ template: 0, workload: 0, node: at })),
  podDisruptionBudgets: [
    {
      namespace: 'default',
      name: 'all',
      selector: {},
      minAvailable: 1,
      status: { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 1, expectedPods: 3 },
    },
  ],
});

/** An engine that always answers one group of these intents. */
function planning(intents: readonly Intent[]) {
  const reasons: Draft['reasons'] = [{ code: 'test', message: 'A test asks for it.' }];
  return defineEngine({
    id: 'test-engine',
    version: '1.0.0',
    contractVersion: 'v1',
    considers: ['nodes'],
    requires: ['cluster', 'market'],
    options: z.object({}),
    decide: () => ({ groups: [{ actions: intents.map((intent): Draft => ({ ...intent, reasons })) }], rejections: [] }),
  });
}

describe('a plan as core seals it', () => {
  const toNew = { template: 0, count: 1, expected: [{ node: { launch: 'new' }, count: 1 }] };
  it.each<[string, readonly Intent[], number]>([
    ['a node away', removalOf(a, [drained(0, 1, b)]), 1],
    ['an empty node away without a cordon', removalOf(node('empty')).slice(1), 2],
    ['one node for another', [launchOf('new'), ...removalOf(a, [toNew])], 2],
  ])('is verified and can be applied: %s', async (_, intents, nodesLeft) => {
    const own = intents.length === 1 ? { ...cluster, nodes: [...cluster.nodes, node('empty')] } : cluster;
    const request = { cluster: own, market, policy: defaultPolicy, options: {} };
    const { plan } = await planning(intents).analyze(request, createContext({ now: takenAtMs, seed: 1 }));
    expect(verify(own, plan)).toMatchObject({ verdict: 'verified', refusals: [], unknowns: [] });
    expect(applyPlan(own, plan, { market }).nodes).toHaveLength(nodesLeft);
  });
});
