import { createContext, defaultPolicy, WorkLimitReached } from '@cloudoptim/core';
import { buildCluster, createMarket } from '@cloudoptim/testkit';
import { describe, expect, test } from 'vitest';
import { readMemory } from '../src/engine-memory.js';
import { type Launchable, launchable } from '../src/launchable.js';
import { createModel, type Model } from '../src/model.js';
import { binpackOptions } from '../src/options.js';
import { type Settled, settle } from '../src/settle.js';
import { tightened } from '../src/tighten.js';

const types = ['m5.large', 'm5.xlarge', 'm5.2xlarge'];

/** Two dear nodes, each with a pod that an m5.large holds. */
function model(): Model {
  const state = buildCluster()
    .addNodes(2, { instanceType: 'm5.4xlarge' })
    .addWorkload({ name: 'web', replicas: 2, cpuMillicores: 1000, on: ['node-0', 'node-1'] })
    .build();
  const market = createMarket(state, { instanceTypes: types });
  const [policy, options] = [defaultPolicy, binpackOptions.parse({})];
  const context = createContext({ now: state.takenAtMs });
  return createModel({ state, market, policy, options, memory: readMemory(undefined), context });
}

function settledWith(own: Model, ...launched: string[]): Promise<Settled> {
  const [pool] = own.launchPools.values();
  if (pool === undefined) throw new Error('There is no pool.');
  const { all } = own.candidates(pool);
  const launches = launched.map((type) => {
    const wanted = all.find(({ offering }) => offering.instanceType === type);
    const limits = { policy: own.policy, maxOfferings: 1, belowUsdPerHour: Number.POSITIVE_INFINITY };
    return wanted && launchable(own.state, pool, wanted, all, limits);
  });
  return settle(own, [{ remove: [0, 1], launches: launches.filter((launch) => launch !== undefined) }]);
}

function typesOf({ steps }: Settled): string[] {
  return steps.flatMap(({ launches }) =>
    launches.map((launch: Launchable) => launch.offerings[0].offering.instanceType),
  );
}

describe('tightening', () => {
  test('leaves out what is not needed and takes cheaper nodes, the cheapest first in its answer', async () => {
    const own = model();
    const proven = await settledWith(own, 'm5.2xlarge', 'm5.xlarge');
    const found = await tightened(own, proven, async () => true);
    // Two pods of 1,000m: one m5.xlarge, or two m5.large for the same price.
    expect(found[0]?.expectedUsdPerHour).toBeGreaterThan(proven.expectedUsdPerHour);
    expect(found.map(typesOf)[0]).toEqual(['m5.xlarge']);
    expect(found[found.length - 1]).toBe(proven);
    const saved = found.map(({ expectedUsdPerHour }) => expectedUsdPerHour);
    expect(saved).toEqual([...saved].sort((a, b) => b - a));
    expect(own.cluster.launches.size).toBe(0);
  });

  test('keeps what is not proven without', async () => {
    const own = model();
    const proven = await settledWith(own, 'm5.2xlarge', 'm5.xlarge');
    expect(await tightened(own, proven, async () => false)).toEqual([proven]);
  });

  test('ends where the work limit does, and leaves the cluster as it was', async () => {
    const own = model();
    const proven = await settledWith(own, 'm5.2xlarge', 'm5.xlarge');
    const { state, market, policy, options } = own;
    const context = createContext({ now: state.takenAtMs, workLimit: 3 });
    const limited = createModel({ state, market, policy, options, memory: readMemory(undefined), context });
    const error = await tightened(limited, proven, async () => true).catch((thrown: unknown) => thrown);
    expect(WorkLimitReached.isInstance(error)).toBe(true);
    expect([limited.cluster.launches.size, limited.cluster.evictions]).toEqual([0, 0]);
  });
});
