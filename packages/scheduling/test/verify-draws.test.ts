import { describe, expect, it } from 'vitest';
import { verifyPlan } from '../src/index.js';
import { deployment, node, state, takenAtMs, template } from './support/build.js';
import { codesOf, drained, market, planOf, policy, removalOf } from './support/plan.js';

/**
 * Of 571 plans that were accepted and carried out on real clusters one left a pod without room: the scheduler had broken its ties in
 * a way that none of twelve draws had. Small plans are drawn sixty times since.
 */
describe('draws of the scheduler’s ties', () => {
  const [small, large] = [node('small'), node('large')];
  const targets = Array.from({ length: 16 }, (_, index) => node(`target-${index}`));
  const target = targets[7] as ReturnType<typeof node>;
  const tied = state({
    nodes: [small, large, ...targets],
    podTemplates: [
      template({ labels: { app: 'light' }, cpu: 100, memory: 0 }),
      template({
        labels: { app: 'heavy' },
        cpu: target.allocatable.cpuMillicores,
        memory: 0,
        nodeSelector: { 'kubernetes.io/hostname': target.name },
      }),
    ],
    workloads: [deployment('light', 0, { replicas: 1 }), deployment('heavy', 1, { replicas: 1 })],
    pods: [
      { template: 0, workload: 0, node: 0 },
      { template: 1, workload: 1, node: 1 },
    ],
  });
  const groups = [removalOf(small, [drained(0, 1)]), removalOf(large, [drained(1, 1, target)])];
  const plan = planOf(tied, groups, { after: [[], [0]] });

  // One of sixteen equal nodes must not be the one that the first pod goes to.
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('find what happens once in sixteen times, seed %i', (seed) => {
    const verification = verifyPlan(tied, market, policy(), plan, { now: takenAtMs, seed });
    expect(codesOf(verification)).toContain('not-robust');
  });

  it.each([1, 2, 3, 4])('find what happens once in two hundred times when enough are asked for, seed %i', (seed) => {
    const more = Array.from({ length: 184 }, (_, index) => node(`more-${index}`));
    const wide = { ...tied, nodes: [...tied.nodes, ...more] };
    const rare = planOf(wide, groups, { after: [[], [0]] });
    const asked = (draws: number) => verifyPlan(wide, market, policy(), rare, { now: takenAtMs, seed, draws });
    expect(codesOf(asked(2_000))).toContain('not-robust');
    // Fewer than there are in any case change nothing.
    expect(asked(1)).toEqual(verifyPlan(wide, market, policy(), rare, { now: takenAtMs, seed }));
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot be %d', (draws) => {
    expect(() => verifyPlan(tied, market, policy(), plan, { now: takenAtMs, seed: 1, draws })).toThrow(
      /options\.draws/,
    );
  });
});
