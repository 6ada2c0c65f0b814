import type { JsonValue, NodeResources } from '@cloudoptim/core';
import { buildCluster } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { balancedScore, evictionCost } from '../src/balanced-score.js';
import { atMost, covers } from '../src/compare-resources.js';
import { readMemory, writeMemory } from '../src/engine-memory.js';
import { observedAllocatable } from '../src/observed-allocatable.js';
import { addVectors, largestShare, nodeVector, podVector, resourceOrder } from '../src/resource-vector.js';

describe('Balanced score (karpenter designs/balanced-consolidation.md)', () => {
  const pool = { usdPerHour: 10, disruption: 100 };
  test('removing an average node scores 1, and empty nodes more than full ones', () => {
    expect(balancedScore(1, 10, pool)).toBeCloseTo(1, 12);
    expect(balancedScore(1, 1, pool)).toBeGreaterThan(balancedScore(1, 10, pool));
  });
  test('saving nothing scores nothing, also in a pool that costs nothing', () => {
    expect(balancedScore(0, 10, pool)).toBe(0);
    expect(balancedScore(0, 10, { usdPerHour: 0, disruption: 5 })).toBe(0);
  });
  test('eviction cost follows priority and pod-deletion-cost, and stays between 0 and 10', () => {
    const cost = (priority: number, deletionCost?: string) =>
      evictionCost(
        buildCluster()
          .addWorkload({
            name: 'web',
            template: {
              priority,
              ...(deletionCost !== undefined && {
                annotations: { 'controller.kubernetes.io/pod-deletion-cost': deletionCost },
              }),
            },
          })
          .build(),
        0,
      );
    expect(cost(0)).toBe(1);
    expect(cost(2 ** 25)).toBe(2);
    expect(cost(2_000_001_000)).toBe(10);
    expect(cost(0, String(-(2 ** 30)))).toBe(0);
    expect(cost(0, 'not a number')).toBe(1);
  });
});

describe('resources', () => {
  const small: NodeResources = { cpuMillicores: 2000, memoryBytes: 4, pods: 10 };
  const gpu: NodeResources = { cpuMillicores: 1000, memoryBytes: 8, pods: 20, extended: { 'nvidia.com/gpu': 1 } };
  test('covers asks for every resource; atMost takes the lesser of each', () => {
    expect(covers(small, gpu)).toBe(false);
    expect(covers({ ...gpu, cpuMillicores: 2000 }, small)).toBe(true);
    expect(atMost(small, gpu)).toEqual({ cpuMillicores: 1000, memoryBytes: 4, extended: {}, pods: 10 });
  });
  test('a sum of pods takes the largest share of any resource, and all of one that is not offered', () => {
    const pod = { cpuMillicores: 500, memoryBytes: 2, extended: { 'nvidia.com/gpu': 1 } };
    const order = resourceOrder([pod]);
    const two = addVectors(podVector(order, pod), podVector(order, pod));
    expect(largestShare(nodeVector(order, gpu), podVector(order, pod))).toBe(1);
    expect(largestShare(nodeVector(order, gpu), two)).toBe(2);
    expect(largestShare(nodeVector(order, small), two)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('memory', () => {
  const nothing = readMemory(undefined);
  const through = (memory: JsonValue) => readMemory(JSON.parse(JSON.stringify(memory)));

  test('what nodes of a type offer is remembered when the last of them has gone', () => {
    const before = buildCluster()
      .addNode({ allocatable: { pods: 4 } })
      .build();
    const observed = observedAllocatable(before, nothing.observed);
    const memory = through(writeMemory({ ...nothing, observed }, before, 0));
    const after = observedAllocatable(buildCluster().build(), memory.observed);
    expect(after.get('karpenter/default|m5.xlarge')?.pods).toBe(4);
  });
  test('a node rests until its time is over, or until it has gone', () => {
    const state = buildCluster().addNode().build();
    const restingUntilMs = new Map([
      ['uid-node-0', 100],
      ['uid-gone', 100],
    ]);
    const written = (nowMs: number) =>
      through(writeMemory({ ...nothing, restingUntilMs }, state, nowMs)).restingUntilMs;
    expect([...written(99)]).toEqual([['uid-node-0', 100]]);
    expect([...written(100)]).toEqual([]);
  });
  test.each([
    [null],
    [7],
    ['x'],
    [[]],
    [{}],
    [{ observed: 3, resting: {} }],
    [
      {
        observed: [['a', { pods: 'many' }], 'b', null],
        resting: [
          ['a', 'soon'],
          [1, 2],
        ],
      },
    ],
  ])('memory of another shape is forgotten: %j', (memory) => {
    expect(readMemory(memory as JsonValue)).toEqual(nothing);
  });
});
