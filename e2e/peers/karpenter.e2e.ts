import { beforeAll, describe, expect, it } from 'vitest';
import { karpenterProvisioning } from '../../benchmarks/baselines/karpenter-provisioning.js';
import { packingFixtures } from '../../benchmarks/generators/packing-fixtures.js';
import { askKarpenter, karpenterProgram } from '../../benchmarks/peers/karpenter.js';

/** Pods of a fixture, and its seed. */
const cases = [
  [600, 1],
  [600, 2],
  [600, 7],
  [2000, 1],
] as const;
/** Karpenter's workers race for pods: the same question twice gives bills that differ by up to a tenth. */
const tolerance = 0.15;
const toleranceInAll = 0.05;

let program: string;

beforeAll(async () => {
  program = await karpenterProgram();
});

describe('the rendering of Karpenter’s provisioning that binpack is compared with', () => {
  let [all, allRendered] = [0, 0];

  for (const [pods, seed] of cases)
    for (const { name, state, market } of packingFixtures({ pods, seed, log: () => {} }).slice(0, 3))
      it(`comes to what Karpenter comes to: ${name}, seed ${seed}`, async () => {
        const real = await askKarpenter(program, state, market);
        const rendered = karpenterProvisioning(state, market);
        console.log(
          `${name}, seed ${seed}: Karpenter ${real.nodes.length} nodes, ${real.usdPerHour.toFixed(3)} USD/h in ${real.seconds.toFixed(1)} s; rendered ${rendered.nodes} nodes, ${rendered.usdPerHour.toFixed(3)} USD/h`,
        );
        expect({ nodes: rendered.nodes, unplaced: rendered.unplaced }).toEqual({
          nodes: real.nodes.length,
          unplaced: real.unscheduled,
        });
        expect(Math.abs(rendered.usdPerHour / real.usdPerHour - 1)).toBeLessThan(tolerance);
        all += real.usdPerHour;
        allRendered += rendered.usdPerHour;
      });

  it('comes to the same bill over all questions', () => {
    expect(all).toBeGreaterThan(0);
    expect(Math.abs(allRendered / all - 1)).toBeLessThan(toleranceInAll);
  });
});

describe('a question that Karpenter’s program cannot read', () => {
  it('is answered with what is wrong', async () => {
    const [fixture] = packingFixtures({ pods: 20, seed: 1, log: () => {} });
    if (fixture === undefined) throw new Error('there is no fixture');
    const [type] = fixture.market.instanceTypes;
    if (type === undefined) throw new Error('there is no type');
    const broken = { ...type, allocatable: { ...type.allocatable, cpuMillicores: Number.NaN } };
    const market = { ...fixture.market, instanceTypes: [broken] };
    await expect(askKarpenter(program, fixture.state, market)).rejects.toThrow(/cannot be read: quantities/);
  });
});
