import { defaultPolicy } from '@cloudoptim/core';
import { lowerBound, packClasses } from '@cloudoptim/engine-binpack';
import { type BoundProblem, boundProblem, mostOnOneNode } from '@cloudoptim/scheduling';
import highs from 'highs';
import { createRandom } from '../benchmarks/generators/random.js';
import { documentsOf, type SmallPacking } from './small-packing.js';

// Its types describe the CommonJS build, whose default is one level deeper than that of the module we get.
type LoadHighs = typeof highs.default;

const scope = { pendingPods: true };
const free = async () => {};

/**
 * Small packings (at most 12 pods and 6 offerings) solved by us and, as an integer programme, by HiGHS: how many of them cost the
 * same, and how many cost less than the certified bound.
 */
export async function smallOptima(
  cases: number,
  seed: number,
): Promise<{ readonly equal: number; readonly below: number }> {
  const solver = await (highs as unknown as LoadHighs)();
  let [equal, below, solved] = [0, 0, 0];
  const random = createRandom(seed);
  while (solved < cases) {
    const { state, market } = documentsOf(drawPacking(random));
    const problem = boundProblem(state, market, defaultPolicy, scope);
    const optimum = solver.solve(integerProgramme(problem), { mip_rel_gap: 0, mip_abs_gap: 0 });
    if (optimum.Status !== 'Optimal') continue;
    solved++;
    const { usdPerHour, unplaced } = await packClasses(problem, { spend: free, seed, work: 10_000 });
    if (unplaced.length === 0 && Math.abs(usdPerHour - optimum.ObjectiveValue) < 1e-6) equal++;
    if (usdPerHour < (await lowerBound(problem, scope, free)).usdPerHour - 1e-9) below++;
  }
  return { equal, below };
}

function drawPacking(random: ReturnType<typeof createRandom>): SmallPacking {
  const zones = ['us-east-1a', 'us-east-1b'];
  const arches = ['amd64', 'arm64'] as const;
  const between = (least: number, most: number) => least + random.integer(most - least + 1);
  return {
    pods: Array.from({ length: between(2, 12) }, () => {
      const pin = random.integer(8);
      return {
        cpu: between(1, 6),
        memory: between(1, 12),
        ...(pin === 0 && { zone: random.pick(zones) }),
        ...(pin === 1 && { arch: random.pick(arches) }),
        ...(pin === 2 && { group: random.pick(['red', 'blue']) }),
      };
    }),
    offers: Array.from({ length: between(2, 6) }, () => {
      const [cpu, memory] = [between(4, 16), between(4, 32)];
      return {
        cpu,
        memory,
        pods: between(3, 12),
        arch: random.pick(arches),
        zone: random.pick(zones),
        price: Math.round((cpu * 4 + memory) * (70 + random.integer(60))) / 10_000,
      };
    }),
    nodes: [],
  };
}

/** One binary variable a node that may be bought and a whole number of each class on it, in CPLEX's LP format. */
function integerProgramme(problem: BoundProblem): string {
  const { classes, columns, rows } = problem;
  const pods = classes.reduce((sum, { count }) => sum + count, 0);
  const nodes = columns.flatMap((column, at) =>
    Array.from({ length: Math.min(pods, column.supply) }, (_, copy) => ({ column, at, name: `${at}_${copy}`, copy })),
  );
  const open = (index: number, at: number) =>
    mostOnOneNode(columns[at] as (typeof columns)[number], classes[index] as (typeof classes)[number], index) > 0;
  const lines = [
    'Minimize',
    `cost: ${nodes.map(({ column, name }) => `${column.usdPerHour} x${name}`).join(' + ')}`,
    'Subject To',
  ];
  classes.forEach(({ count }, index) => {
    const parts = nodes.flatMap(({ at, name }) => (open(index, at) ? [`y${index}_${name}`] : []));
    lines.push(`all${index}: ${parts.length > 0 ? parts.join(' + ') : '0 x0_0'} = ${count}`);
  });
  for (const { column, at, name, copy } of nodes) {
    const here = classes.flatMap((entry, index) => (open(index, at) ? [{ ...entry, y: `y${index}_${name}` }] : []));
    rows.forEach((_, row) => {
      const parts = here.flatMap(({ needs, y }) =>
        (needs[row] as number) > 0 ? [`${scaled(row, needs[row] as number)} ${y}`] : [],
      );
      if (parts.length > 0)
        lines.push(
          `room${name}_${row}: ${parts.join(' + ')} - ${scaled(row, column.capacity[row] as number)} x${name} <= 0`,
        );
    });
    for (const group of new Set(here.flatMap((entry) => (entry.group >= 0 ? [entry.group] : [])))) {
      const parts = here.flatMap((entry) => (entry.group === group ? [entry.y] : []));
      lines.push(`group${name}_${group}: ${parts.join(' + ')} - x${name} <= 0`);
    }
    // Copies are alike: the first ones are bought first.
    if (copy > 0) lines.push(`order${name}: x${at}_${copy - 1} - x${name} >= 0`);
  }
  const whole = nodes.flatMap(({ at, name }) =>
    classes.flatMap((_, index) => (open(index, at) ? [`y${index}_${name}`] : [])),
  );
  return [
    ...lines,
    'Binary',
    nodes.map(({ name }) => `x${name}`).join(' '),
    ...(whole.length > 0 ? ['General', whole.join(' ')] : []),
    'End',
  ].join('\n');
}

/** Memory in GiB, so that no number of the programme is much larger than another. */
function scaled(row: number, amount: number): number {
  return row === 0 ? amount / 1000 : row === 1 ? amount / 2 ** 30 : amount;
}
