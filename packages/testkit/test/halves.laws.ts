import { createFastPlacement, createPlacement } from '@cloudoptim/scheduling';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { carryOut, compareHalves, probesOf, stepKinds } from '../../../test-support/halves.js';
import { lawParameters } from '../../../test-support/laws.js';
import { arbitraryClusterState } from '../src/index.js';

describe('the two halves of scheduling', () => {
  it('answer alike on generated clusters, after any steps and after their rollback', () => {
    const step = fc.record({
      kind: fc.nat({ max: stepKinds - 1 }),
      node: fc.nat({ max: 50 }),
      pod: fc.nat({ max: 500 }),
    });
    fc.assert(
      fc.property(arbitraryClusterState(), fc.array(step, { maxLength: 8 }), (state, steps) => {
        const plain = createPlacement(state);
        const fast = createFastPlacement(state);
        const pods = probesOf(state);
        compareHalves(plain, fast, pods);
        const marks = [plain.mark(), fast.mark()] as const;
        for (const next of steps) {
          const like = state.nodes[next.pod % Math.max(1, state.nodes.length)];
          if (like === undefined) return;
          const make = (name: string) => ({
            ...like,
            name,
            labels: { ...like.labels, 'kubernetes.io/hostname': name },
          });
          carryOut(plain, next, pods, make);
          carryOut(fast, next, pods, make);
        }
        compareHalves(plain, fast, pods);
        plain.rollback(marks[0]);
        fast.rollback(marks[1]);
        compareHalves(plain, fast, pods);
      }),
      lawParameters(),
    );
  });
});
