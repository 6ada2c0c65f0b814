import { defaultPolicy } from '@cloudoptim/core';
import { type BoundProblem, boundProblem, checkLowerBound, mostOnOneNode } from '@cloudoptim/scheduling';
import highs from 'highs';
import { beforeAll, describe, expect, test } from 'vitest';
import { grownCluster, packingFixtures } from '../../../benchmarks/generators/packing-fixtures.js';
import { documentsOf, type SmallPacking } from '../../../test-support/small-packing.js';
import { lowerBound } from '../src/bound/lower-bound.js';

const scope = { pendingPods: true };
const free = async () => {};

// Its types describe the CommonJS build, whose default is one level deeper than that of the module we get.
type LoadHighs = typeof highs.default;
const loadHighs = highs as unknown as LoadHighs;

let solver: Awaited<ReturnType<LoadHighs>>;
beforeAll(async () => {
  solver = await loadHighs();
});

describe('a lower bound', () => {
  test('comes within half a percent of the optimum of its linear programme, as another solver finds it', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { state, market } = documentsOf(manyPods(seed));
      const problem = boundProblem(state, market, defaultPolicy, scope);
      expect(problem.classes.length).toBeGreaterThan(60);
      const optimum = solver.solve(programme(problem)).ObjectiveValue;
      const { usdPerHour } = await lowerBound(problem, scope, free);
      expect(usdPerHour).toBeLessThanOrEqual(optimum * (1 + 1e-6));
      expect(usdPerHour).toBeGreaterThan(optimum * 0.995);
    }
  });

  // Of three such clusters one was bounded at 14.7 USD per hour, where its programme costs 37: nodes that are there, at a price of
  // their own and limited in number, take a thousand turns more.
  test('comes near that of a cluster that runs, where all its nodes could take all pods', async () => {
    for (const seed of [2, 3]) {
      const [mix] = packingFixtures({ pods: 2_000, seed, log: () => {} });
      const { state, market, policy } = grownCluster(mix as NonNullable<typeof mix>, 'm6a.4xlarge');
      const running = { pendingPods: false };
      const problem = boundProblem(state, market, policy, running);
      const optimum = solver.solve(programme(problem)).ObjectiveValue;
      const { usdPerHour } = await lowerBound(problem, running, free);
      expect(usdPerHour).toBeLessThanOrEqual(optimum * (1 + 1e-6));
      expect(usdPerHour).toBeGreaterThan(optimum * 0.9);
    }
  });

  test('asks for a node each where pods repel each other', async () => {
    const offer = { cpu: 8, memory: 16, pods: 20, arch: 'amd64', zone: 'us-east-1a', price: 0.1 } as const;
    const pods = Array.from({ length: 12 }, () => ({ cpu: 1, memory: 1, group: 'red' }));
    const { state, market } = documentsOf({ pods, offers: [offer], nodes: [] });
    const { usdPerHour } = await lowerBound(boundProblem(state, market, defaultPolicy, scope), scope, free);
    expect(usdPerHour).toBeCloseTo(1.2, 3);
  });

  test('of one pod that nearly fills the cheapest node is what its share of that node costs', async () => {
    const offer = { cpu: 4, memory: 16, pods: 20, arch: 'amd64', zone: 'us-east-1a', price: 0.2 } as const;
    const { state, market } = documentsOf({ pods: [{ cpu: 3, memory: 1 }], offers: [offer], nodes: [] });
    const { usdPerHour } = await lowerBound(boundProblem(state, market, defaultPolicy, scope), scope, free);
    // Three quarters of it: the relaxation buys parts of nodes.
    expect(usdPerHour).toBeCloseTo(0.15, 3);
    // Whole pods leave the last core of a node empty, so that every such node is paid for in full.
    const pods = Array.from({ length: 5 }, () => ({ cpu: 3, memory: 1 }));
    const many = documentsOf({ pods, offers: [offer], nodes: [] });
    const problem = boundProblem(many.state, many.market, defaultPolicy, scope);
    expect((await lowerBound(problem, scope, free, { rounds: 10 })).usdPerHour).toBeCloseTo(1, 3);
  });

  // Plans of running clusters of 300 and 600 pods spent two fifths of their time on searches that never raised their bound.
  test('gives whole pods up where nodes hold hundreds of them, and not where they hold a few', async () => {
    const asked = async (pods: number, rounds: number) => {
      const [, lognormal] = packingFixtures({ pods, seed: 3, log: () => {} });
      const { state, market, policy } = grownCluster(lognormal as NonNullable<typeof lognormal>, 'm6a.4xlarge');
      const running = { pendingPods: false };
      const problem = boundProblem(state, market, policy, running);
      let units = 0;
      const spend = async (more: number) => {
        units += more;
      };
      const { usdPerHour } = await lowerBound(problem, running, spend, { rounds });
      return { usdPerHour, units };
    };
    const [plain, many] = [await asked(300, 0), await asked(300, 15)];
    expect(many.usdPerHour).toBeGreaterThanOrEqual(plain.usdPerHour);
    // Items and classes looked at, a hundredth of them: 6,000 after which it gives up, and the round that it is in.
    expect(many.units - plain.units).toBeLessThan(10_000);
    expect((await asked(50, 15)).usdPerHour).toBeGreaterThan(1.04 * (await asked(50, 0)).usdPerHour);
  });

  // A law found it in its 4,604th case: two pods that only three nodes take had prices of 3e15, which no certificate may have.
  test('has prices that a certificate may have, also of pods whose nodes are limited in number', async () => {
    const offer = { cpu: 1, memory: 1, arch: 'amd64', zone: 'us-east-1a' } as const;
    const packing: SmallPacking = {
      pods: [
        { cpu: 0, memory: 0 },
        { cpu: 0, memory: 0, arch: 'arm64' },
        { cpu: 0, memory: 0, group: 'red' },
        { cpu: 1, memory: 0 },
        { cpu: 0, memory: 2, arch: 'arm64', group: 'red', on: 2 },
      ],
      offers: [
        { ...offer, pods: 2, price: 0.01 },
        { ...offer, pods: 1, price: 0.01 },
      ],
      nodes: [
        { ...offer, memory: 6, pods: 1, price: null },
        { ...offer, arch: 'arm64', pods: 3, price: 0.25 },
        { ...offer, pods: 3, price: 0.15 },
      ],
    };
    const { state, market } = documentsOf(packing);
    const whole = await lowerBound(boundProblem(state, market, defaultPolicy, scope), scope, free, { rounds: 20 });
    expect(checkLowerBound(state, market, defaultPolicy, whole)).toMatchObject({ holds: true });
    expect(whole.usdPerHour).toBeCloseTo(0.4, 6);
  });

  test('counts the nodes that policy keeps, at the instant that the certificate names', async () => {
    const room = { cpu: 8, memory: 16, pods: 20, arch: 'amd64', zone: 'us-east-1a' } as const;
    const packing: SmallPacking = {
      pods: [{ cpu: 1, memory: 1, on: 0 }],
      offers: [{ ...room, price: 0.1 }],
      nodes: [{ ...room, price: 0.5 }],
    };
    const { state, market } = documentsOf(packing);
    const frozen = { ...defaultPolicy, freeze: true };
    const kept = { pendingPods: false, keptNodesAtMs: state.takenAtMs };
    const certificate = await lowerBound(boundProblem(state, market, frozen, kept), kept, free);
    expect(certificate.usdPerHour).toBeCloseTo(0.5, 6);
    expect(checkLowerBound(state, market, frozen, certificate).holds).toBe(true);
    // Without the freeze the node may go, and a certificate that counts on it proves nothing.
    expect(checkLowerBound(state, market, defaultPolicy, certificate).holds).toBe(false);
    const later = { ...state, takenAtMs: state.takenAtMs + 1 };
    expect(checkLowerBound(later, market, frozen, certificate)).toMatchObject({
      holds: false,
      reasons: [{ code: 'bound-of-another-time' }],
    });
  });

  test('is nothing, and proven, where there is nothing to pay for', async () => {
    const { state, market } = documentsOf({ pods: [], offers: [], nodes: [] });
    const certificate = await lowerBound(boundProblem(state, market, defaultPolicy, scope), scope, free);
    expect(certificate.usdPerHour).toBe(0);
    expect(checkLowerBound(state, market, defaultPolicy, certificate)).toEqual({ holds: true, usdPerHour: 0 });
  });
});

/** A few hundred pods of many shapes, some pinned, some apart, over eight offerings and nodes that are there. */
function manyPods(seed: number): SmallPacking {
  let state = seed;
  const below = (limit: number) => {
    // Numerical Recipes' linear congruential generator.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const arches = ['amd64', 'arm64'] as const;
  const zones = ['us-east-1a', 'us-east-1b'];
  const room = () => ({
    cpu: 8 + 8 * below(5),
    memory: 16 + 16 * below(8),
    pods: 20 + below(60),
    arch: arches[below(2)] as 'amd64' | 'arm64',
    zone: zones[below(2)] as string,
  });
  const nodes = Array.from({ length: 6 }, () => ({ ...room(), price: (5 + below(60)) / 100 }));
  return {
    pods: Array.from({ length: 300 }, () => {
      const pin = below(6);
      return {
        cpu: 1 + below(6),
        memory: 1 + below(12),
        ...(pin === 0 && { zone: zones[below(2)] as string }),
        ...(pin === 1 && { arch: arches[below(2)] as 'amd64' | 'arm64' }),
        ...(pin === 2 && { group: `team-${below(3)}` }),
      };
    }),
    // One of each sort, so that every pod can be had somewhere.
    offers: zones.flatMap((zone) =>
      arches.flatMap((arch) =>
        [1, 2].map(() => {
          const kind = { ...room(), zone, arch };
          return { ...kind, price: (kind.cpu * 4 + kind.memory * (0.3 + below(4) / 4)) / 100 };
        }),
      ),
    ),
    nodes,
  };
}

/** The linear programme that the bound is the dual of, in CPLEX's LP format. */
function programme(problem: BoundProblem): string {
  const { classes, columns, rows } = problem;
  const lines = [
    'Minimize',
    `cost: ${columns.map(({ usdPerHour }, at) => `${usdPerHour} x${at}`).join(' + ')}`,
    'Subject To',
  ];
  const open = classes.map((entry, index) => columns.map((column) => mostOnOneNode(column, entry, index) > 0));
  classes.forEach(({ count }, index) => {
    const parts = columns.flatMap((_, at) => (open[index]?.[at] ? [`y${index}_${at}`] : []));
    if (parts.length > 0) lines.push(`all${index}: ${parts.join(' + ')} = ${count}`);
  });
  const groups = new Set(classes.map(({ group }) => group).filter((group) => group >= 0));
  columns.forEach(({ capacity, sharing }, at) => {
    rows.forEach((_, row) => {
      const room = capacity[row] as number;
      const parts = classes.flatMap(({ needs }, index) =>
        open[index]?.[at] && (needs[row] as number) > 0 ? [`${(needs[row] as number) / room} y${index}_${at}`] : [],
      );
      if (parts.length > 0) lines.push(`room${at}_${row}: ${parts.join(' + ')} - x${at} <= 0`);
    });
    for (const group of groups) {
      const parts = classes.flatMap((entry, index) =>
        entry.group === group && open[index]?.[at] ? [`y${index}_${at}`] : [],
      );
      if (parts.length > 0)
        lines.push(`group${at}_${group}: ${parts.join(' + ')} - ${sharing.get(group) ?? 1} x${at} <= 0`);
    }
  });
  lines.push(
    'Bounds',
    ...columns.map(
      ({ supply, kept }, at) => `${kept ? supply : 0} <= x${at} <= ${Number.isFinite(supply) ? supply : '1e30'}`,
    ),
  );
  return [...lines, 'End'].join('\n');
}
