import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawParameters } from '../../../test-support/laws.js';
import { createFastPlacement, createPlacement, fits, type Placement } from '../src/index.js';
import { gibibyte, node, state, template } from './support/build.js';

const alone = {
  required: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'alone' } } }],
};
/** Pods without constraints, pods that want a node for themselves, and pods that a taint keeps off one node. */
const kinds = [
  { tolerations: [{ operator: 'Exists' as const }] },
  { labels: { app: 'alone' }, podAntiAffinity: alone },
  { labels: { app: 'other' } },
];
const sizes = [100, 1_500, 3_000];
const built = state({
  nodes: [node('a', { maxPods: 3 }), node('b', { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] })],
  podTemplates: kinds.flatMap((kind) => sizes.map((cpu) => template({ cpu, memory: gibibyte, ...kind }))),
});

function plainReasons(placement: Placement, asked: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let at = 0; at < placement.nodeCount; at++) {
    const answer = fits({ template: asked, workload: -1 }, at, placement);
    for (const reason of answer.answer === 'infeasible' ? answer.reasons : [])
      counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

const at = fc.nat({ max: 20 });
const step = fc.record({
  what: fc.constantFrom('ask', 'ask', 'place', 'place', 'remove', 'take back'),
  pod: at,
  node: at,
});

describe('what nodes say to pods of one kind and several sizes', () => {
  // A node that has room for all sizes that asked so far has to be looked at again for one that asks later.
  it('is what each of them says, whichever size asks when', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 }), fc.array(step, { minLength: 10, maxLength: 60 }), (kind, steps) => {
        const plain = createPlacement(built);
        const fast = createFastPlacement(built);
        const marks: (readonly [plain: number, fast: number])[] = [];
        for (const { what, pod, node: drawn } of steps) {
          const asked = kind * sizes.length + (pod % sizes.length);
          if (what === 'ask') {
            expect(fast.reasons({ template: asked, workload: -1 })).toEqual(plainReasons(plain, asked));
            continue;
          }
          if (what === 'take back') {
            const [mark, fastMark] = marks.pop() ?? [0, 0];
            plain.rollback(mark);
            fast.rollback(fastMark);
            continue;
          }
          marks.push([plain.mark(), fast.mark()]);
          const bound = Array.from({ length: plain.podCount }, (_, index) => index).filter(
            (of) => plain.nodeOf(of) >= 0,
          );
          const leaving = bound[pod % Math.max(1, bound.length)];
          for (const half of [plain, fast])
            if (what === 'place') half.place({ template: asked, workload: -1 }, drawn % 2);
            else if (leaving !== undefined) half.remove(leaving);
        }
      }),
      lawParameters(1_000),
    );
  });
});
