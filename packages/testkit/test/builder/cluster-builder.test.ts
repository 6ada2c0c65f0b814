import { candidatesOf, createPriceBook, parseClusterState } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { buildCluster, createMarket } from '../../src/index.js';

const byApp = (app: string) => ({ matchLabels: { app } });

describe('buildCluster', () => {
  it('builds an empty cluster of which everything is known', () => {
    const state = buildCluster().build();
    expect(state.nodes).toHaveLength(0);
    expect(state.coverage.every((entry) => entry.state === 'listed')).toBe(true);
    expect(() => parseClusterState(state)).not.toThrow();
  });

  it('binds pods to the nodes named, and leaves the rest pending', () => {
    const state = buildCluster()
      .addNodes(2)
      .addWorkload({ name: 'web', replicas: 3, on: ['node-1', 'node-0'] })
      .build();
    expect(state.pods.node).toStrictEqual([1, 0, -1]);
    expect(state.pods.name).toStrictEqual(['web-0', 'web-1', 'web-2']);
  });

  it('puts a DaemonSet pod on each node whose taints it tolerates', () => {
    const state = buildCluster()
      .addWorkload({ name: 'agent', kind: 'DaemonSet' })
      .addNode({ name: 'plain' })
      .addNode({ name: 'dedicated', taints: [{ key: 'dedicated', value: 'batch', effect: 'NoSchedule' }] })
      .addNode({ name: 'cordoned', unschedulable: true })
      .build();
    expect(state.pods.node).toStrictEqual([0, 2]);
    expect(state.pods.extra[1]?.pinnedNode).toBe('cordoned');
  });

  it('schedules pending pods where they fit, in turn', () => {
    const state = buildCluster()
      .addNodes(3)
      .addWorkload({ name: 'web', replicas: 3, cpuMillicores: 3000 })
      .addWorkload({ name: 'late', replicas: 1, cpuMillicores: 3000 })
      .schedulePending((workload) => (workload === 'web' ? 1 : 0))
      .build();
    expect(state.pods.node).toStrictEqual([1, 2, 0, -1]);
  });

  it('writes budgets as the disruption controller would', () => {
    const state = buildCluster()
      .addNodes(1)
      .addWorkload({ name: 'web', replicas: 5, on: ['node-0', 'node-0', 'node-0', 'node-0'] })
      .addPod({ name: 'lonely', on: ['node-0'] })
      .addBudget({ name: 'percent', selector: byApp('web'), minAvailable: '50%' })
      .addBudget({ name: 'integer', selector: byApp('web'), minAvailable: 4 })
      .addBudget({ name: 'max', selector: byApp('web'), maxUnavailable: '21%' })
      .addBudget({ name: 'no-scale', selector: byApp('lonely'), maxUnavailable: 1 })
      .addBudget({ name: 'unwritten', selector: byApp('web'), minAvailable: 1, status: undefined as never })
      .build();
    const statusOf = (name: string) => state.podDisruptionBudgets.find((budget) => budget.name === name)?.status;
    // Half of five replicas is two and a half, which rounds up to three; four of five pods run.
    expect(statusOf('percent')).toMatchObject({ desiredHealthy: 3, currentHealthy: 4, disruptionsAllowed: 1 });
    expect(statusOf('integer')).toMatchObject({ desiredHealthy: 4, disruptionsAllowed: 0 });
    // 21 % of five is 1.05, which rounds up to two.
    expect(statusOf('max')).toMatchObject({ desiredHealthy: 3, disruptionsAllowed: 1 });
    expect(statusOf('no-scale')).toMatchObject({ disruptionsAllowed: 0 });
    expect(statusOf('unwritten')).toBeUndefined();
  });

  it('keeps adversarial names as data', () => {
    const state = buildCluster()
      .addNode({ name: 'constructor', labels: Object.fromEntries([['__proto__', 'x']]) })
      .addWorkload({ name: '__proto__', namespace: 'constructor', on: ['constructor'] })
      .build();
    expect(state.pods.node).toStrictEqual([0]);
    expect(Object.hasOwn(state.nodes[0]?.labels ?? {}, '__proto__')).toBe(true);
    expect(JSON.parse(JSON.stringify(state))).toStrictEqual(state);
  });

  it('gives nodes of Karpenter a pool and a claim', () => {
    const state = buildCluster().addNode().build();
    expect(state.nodePools.map(({ name }) => name)).toStrictEqual(['default']);
    expect(state.nodeClaims[0]?.name).toBe(state.nodes[0]?.owner.nodeClaim);
  });
});

describe('createMarket', () => {
  it('prices every node of a known type, and no other', () => {
    const state = buildCluster()
      .addNode()
      .addNode({ instanceType: 'x9z.mystery' })
      .addNode({ typeKnown: false })
      .build();
    const prices = createPriceBook(createMarket(state, { instanceTypes: [] }));
    expect(state.nodes.map((node) => prices.nodeUsdPerHour(node))).toStrictEqual([0.2, undefined, undefined]);
  });

  it('sells nothing of a type that is only there for its price', () => {
    const state = buildCluster().addNode().build();
    const market = createMarket(state, { instanceTypes: [] });
    expect(market.offerings).toHaveLength(1);
    expect(market.offerings[0]?.supply).toBe(0);
    expect(candidatesOf(['pools'], { market })).toHaveLength(1);
  });
});
