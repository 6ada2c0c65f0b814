import { describe, expect, it } from 'vitest';
import { compareHalves } from '../../../test-support/halves.js';
import { BlockSearch } from '../src/fast/block-search.js';
import type { Eligibility } from '../src/fast/eligibility.js';
import { IndexedPlacement } from '../src/fast/indexed-placement.js';
import { usualLimits } from '../src/fast/limits.js';
import { NodeBlocks } from '../src/fast/node-blocks.js';
import { createPlacement, simulate } from '../src/index.js';
import { node, state, template } from './support/build.js';

const host = 'kubernetes.io/hostname';

describe('the fast placement', () => {
  // Counters of hosts are bytes, which would start at zero again.
  it('counts more than 255 pods of one selector on one node, and takes them back', () => {
    const labelSelector = { matchLabels: { app: 'web' } };
    const spread = { maxSkew: 255, topologyKey: host, whenUnsatisfiable: 'DoNotSchedule' as const, labelSelector };
    const built = state({
      nodes: [node('a', { maxPods: 1_000 }), node('b', { maxPods: 1_000 })],
      podTemplates: [
        template({ cpu: 1, memory: 1, labels: { app: 'web' }, topologySpread: [spread] }),
        template({ cpu: 1, memory: 1, podAntiAffinity: { required: [{ topologyKey: host, labelSelector }] } }),
      ],
    });
    const plain = createPlacement(built);
    const fast = new IndexedPlacement(built, { ...usualLimits, domains: 0 });
    const pods = built.podTemplates.map((_, index) => ({ template: index, workload: -1 }));
    compareHalves(plain, fast, pods);
    const marks = [plain.mark(), fast.mark()] as const;
    for (let count = 1; count <= 260; count++) {
      for (const placement of [plain, fast]) placement.place({ template: 0, workload: -1 }, 0);
      if (count > 250) compareHalves(plain, fast, pods);
    }
    plain.rollback(marks[0]);
    fast.rollback(marks[1]);
    compareHalves(plain, fast, pods);
  });

  // Where a template's row begins is worked out from its number, and what is no number would have been the row of another one.
  it('knows no template but those of the state', () => {
    const fast = new IndexedPlacement(state({ nodes: [node('a')], podTemplates: [template(), template()] }));
    for (const unknown of [-1, 2, 0.5, 1.5, 2 ** 29, 2 ** 32, Number.NaN, undefined as unknown as number]) {
      const pod = { template: unknown, workload: -1 };
      expect(() => fast.choose(pod, 'leastAllocated')).toThrow(RangeError);
      expect(() => fast.place(pod, 0)).toThrow(RangeError);
    }
    expect(fast.choose({ template: 1, workload: -1 }, 'leastAllocated')).toBe(0);
  });

  it('gives a pod that wants a GPU to a node that has one free, and says of all others what they lack', () => {
    const gpu = (count: number) => ({ extended: { 'nvidia.com/gpu': count } });
    const built = state({
      nodes: [node('a'), node('b', gpu(1)), node('c', gpu(0))],
      podTemplates: [template(gpu(1))],
    });
    const pod = { template: 0, workload: -1 };
    compareHalves(createPlacement(built), new IndexedPlacement(built), [pod]);
    const { placed, unplaced } = simulate(built, [pod, pod]);
    expect(placed).toEqual([1, -1]);
    expect(unplaced).toEqual([{ pod: 1, reasons: { 'Insufficient nvidia.com/gpu': 3 } }]);
  });

  it('offers a cordoned node to no pod and gives it back, with its pods in their order', () => {
    const built = state({
      nodes: [node('a'), node('b')],
      podTemplates: [template()],
      pods: [
        { template: 0, node: 0 },
        { template: 0, node: 0 },
        { template: 0, node: 1 },
        { template: 0, node: 0 },
      ],
    });
    const fast = new IndexedPlacement(built);
    const mark = fast.mark();
    fast.cordon(0);
    for (const pod of [1, 0, 3]) fast.remove(pod);
    expect(fast.choose({ template: 0, workload: -1 }, 'leastAllocated')).toBe(1);
    expect(fast.podsOn(0)).toEqual([]);
    fast.rollback(mark);
    expect(fast.podsOn(0)).toEqual([0, 1, 3]);
  });

  // Templates that differ in labels which only topology spread reads are one question; pods with labels of their own are not.
  it('tells pods apart whose own labels make one of them match the selector that it is spread by', () => {
    const labelSelector = { matchLabels: { app: 'web', track: 'stable' } };
    const spread = { maxSkew: 1, topologyKey: host, whenUnsatisfiable: 'DoNotSchedule' as const, labelSelector };
    const spreadBy = (labels: Readonly<Record<string, string>>) => template({ labels, topologySpread: [spread] });
    const built = state({
      nodes: [node('a'), node('b')],
      podTemplates: [
        template({ labels: labelSelector.matchLabels }),
        template({ labels: { app: 'other' } }),
        spreadBy({ app: 'other', track: 'stable' }),
        spreadBy({ app: 'other', track: 'canary' }),
      ],
      pods: [{ template: 0, node: 0 }],
    });
    const own = { labels: { app: 'web' } };
    const pods = [0, 1, 2, 3].map((index) => ({ template: index, workload: -1 }));
    const [plain, fast] = [createPlacement(built), new IndexedPlacement(built)];
    compareHalves(plain, fast, [
      ...pods,
      { template: 3, workload: -1, extra: own },
      { template: 2, workload: -1, extra: own },
    ]);
    expect(fast.feasibleNodes({ template: 3, workload: -1, extra: own })).toEqual([0, 1]);
    expect(fast.feasibleNodes({ template: 2, workload: -1, extra: own })).toEqual([1]);
    for (const placement of [plain, fast])
      for (const pod of [0, 1]) placement.place({ template: pod, workload: -1 }, 1);
    compareHalves(plain, fast, pods);
  });

  // Each kind of node ever tried as a launch was looked at again for each pod: most of the time in a cluster of thirty nodes.
  it('looks only at so many kinds of nodes that are gone', () => {
    const blocks = new NodeBlocks(usualLimits.vacant);
    const search = new BlockSearch(blocks);
    blocks.push();
    blocks.set(0, 0, 0, 0, 4_000, 8_000);
    blocks.setFree(0, 1_000, 2_000, 10);
    const eligibility = everyNode();
    const question = {
      cpuMillicores: 500,
      memoryBytes: 1_000,
      eligibility,
      mindsDomains: false,
      acceptsDomains: () => true,
      accepts: () => true,
    };
    for (let group = 1; group <= 1_000; group++) {
      blocks.push();
      blocks.set(1, 1, group, group, 1_000 + group, 8_000);
      blocks.setFree(1, 1_000 + group, 8_000, 10);
      expect(search.best(question, 'least', new Uint8Array(2))).toBe(1);
      blocks.clear(1);
      blocks.pop();
      expect(search.best(question, 'least', new Uint8Array(2))).toBe(0);
    }
    expect(blocks.stretches.length).toBeLessThan(usualLimits.vacant + 4);
    // The first kinds are given up by now, and come back as any other.
    blocks.push();
    blocks.set(1, 1, 1, 1, 1_001, 8_000);
    blocks.setFree(1, 1_001, 8_000, 10);
    expect(search.best(question, 'least', new Uint8Array(2))).toBe(1);
  });
});

/** As of pods that ask nothing of a node's object. */
function everyNode(): Eligibility {
  const lists = { stretches: new Int32Array(0), stretchCount: 0, families: undefined };
  return {
    ...lists,
    listedAt: -1,
    listedOf: -1,
    listsEmpty: false,
    byNode: false,
    hasGroup: () => true,
    hadGroup: () => true,
  } as unknown as Eligibility;
}
