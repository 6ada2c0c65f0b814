import type { Node } from '@cloudoptim/core';
import { describe, expect, test } from 'vitest';
import { IndexedPlacement } from '../src/fast/indexed-placement.js';
import { node, state, template } from './support/build.js';

const zone = 'topology.kubernetes.io/zone';
const spread = { maxSkew: 1, topologyKey: zone, whenUnsatisfiable: 'DoNotSchedule' as const };
const any = { template: 0, workload: -1 };
const besideApp = { template: 1, workload: -1 };
const tolerant = { template: 2, workload: -1 };
const choosy = { template: 3, workload: -1 };

/** Two nodes in one zone and one in another, which has a pod that some want to be beside; changes are being taken back. */
function waiting() {
  const labelled = (name: string, at: string) => node(name, { labels: { [zone]: at } });
  const built = state({
    nodes: [labelled('a', 'one'), labelled('b', 'one'), labelled('c', 'two')],
    podTemplates: [
      template({ labels: { app: 'web' } }),
      template({
        podAffinity: { required: [{ topologyKey: zone, labelSelector: { matchLabels: { app: 'web' } } }] },
        topologySpread: [{ ...spread, labelSelector: { matchLabels: { app: 'nobody' } } }],
      }),
      template({ tolerations: [{ key: 'some', operator: 'Exists' }] }),
      template({ nodeSelector: { [zone]: 'two' } }),
    ],
    pods: [{ template: 0, node: 1 }],
  });
  const placement = new IndexedPlacement(built);
  for (const pod of [any, besideApp]) placement.choose(pod, 'leastAllocated');
  const mark = placement.mark();
  placement.place(any, 2);
  placement.rollback(mark);
  return placement;
}

/** The node as if it had moved. */
function moved(placement: IndexedPlacement, index: number): Node {
  const before = placement.node(index) as Node;
  return { ...before, labels: { ...before.labels, [zone]: 'two' } };
}

describe('while changes are being taken back', () => {
  test('a node that changes its zone does not take along those that stood for it', () => {
    const placement = waiting();
    placement.updateNode(0, moved(placement, 0));
    expect(placement.choose(besideApp, 'leastAllocated')).toBe(1);
  });

  test('nor does it when another change is taken back after it', () => {
    const placement = waiting();
    placement.updateNode(0, moved(placement, 0));
    const mark = placement.mark();
    placement.place(any, 2);
    placement.rollback(mark);
    expect(placement.choose(besideApp, 'leastAllocated')).toBe(1);
  });

  test('a node that is cordoned is not asked on behalf of its group', () => {
    const placement = waiting();
    placement.cordon(0);
    for (const _ of [1, 2]) placement.place(any, 2);
    expect(placement.choose(tolerant, 'leastAllocated')).toBe(1);
  });

  test('a group whose only node is cordoned is asked about when that is taken back', () => {
    const placement = waiting();
    const mark = placement.mark();
    placement.cordon(2);
    expect(placement.choose(choosy, 'leastAllocated')).toBe(-1);
    placement.rollback(mark);
    expect(placement.choose(choosy, 'leastAllocated')).toBe(2);
  });
});
